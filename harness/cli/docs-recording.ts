/**
 * Recorded runs, kept beside their labs: pages are made from them without opening a socket. What chance decides
 * (process ids, a client's port, times) is replaced by numbers in the order of their appearance.
 */

import { join } from 'node:path'

import type { LabEvidence, SavedRun } from '../domain/evidence.ts'
import type { SocketRow } from '../domain/socket-row.ts'

const DOCUMENTS_PORT = 8080
const FIRST_PID = 4001
/** Further ports of an act are leased from 10000 to 17999, at random. */
const isLeased = (port: number) => port >= 10_000 && port < 18_000
/** Inside the range from which Linux gives clients their ports, and below IANA's: an answer may rest on either. */
const FIRST_CLIENT_PORT = 40_001
const FIRST_INODE = 70_001

export function recordingFile(folder: string, id: string): string {
  return join(folder, id, 'recorded.json')
}

export function writeRecording(saved: SavedRun): string {
  return `${JSON.stringify(saved, null, 1)}\n`
}

/** @param user the name of the user who recorded, which is nobody's business. */
export function normalised({ labs, startedAt, ...rest }: SavedRun, user: string): SavedRun {
  const day = `${startedAt.slice(0, 10)}T00:00:00.000Z`
  const [lowest, highest] = rest.host.ephemeralRange ?? [32_768, 65_535]
  return {
    ...rest,
    // The name of one build of a kernel says nothing to a reader: `6.18.44-amd64` is a 6.18.44.
    host: { ...rest.host, kernel: rest.host.kernel.split('-')[0] ?? '' },
    startedAt: day,
    // Pages are answered anew from the evidence: answers that are kept beside it would only go stale.
    durationMs: 0,
    machine: null,
    answers: [],
    labs: labs.map((lab) => {
      const isEphemeral = (port: number) => port >= lowest && port <= highest
      const told = withoutLeftovers({ ...lab, acts: lab.acts.map((act) => ({ ...act, notes: [] })) }, isEphemeral)
      const numbers = new Numbers(told, isEphemeral)
      return mapped(told, '', (key, value) =>
        typeof value === 'number' ? numbers.number(key, value) : numbers.text(key, value, user),
      ) as LabEvidence
    }),
  }
}

/** Whether two normalised recordings differ in nothing but what chance decides, such as who of two served first. */
export function sameButForChance(a: SavedRun, b: SavedRun): boolean {
  const masked = (saved: SavedRun) =>
    JSON.stringify({ ...saved, startedAt: '' }, (key, value: unknown) => {
      if (BY_CHANCE.has(key)) return null
      // The tables keep ended connections in an order of their own, and lose them when they like.
      if (key === 'rows' && Array.isArray(value)) return lasting(value as SocketRow[])
      if (key === 'port' && Number(value) >= FIRST_CLIENT_PORT) return null
      return typeof value === 'string' ? value.replace(/\d{4,}/g, 'N') : value
    })
  return masked(a) === masked(b)
}

/** Without TIME-WAIT, and sorted: of many sockets ss and the kernel's tables show now one first and now another. */
function lasting(rows: readonly SocketRow[]): SocketRow[] {
  const place = ({ protocol, family, local }: SocketRow) => JSON.stringify([protocol, family, local])
  return rows.filter(({ state }) => state !== 'TIME-WAIT').sort((a, b) => place(a).localeCompare(place(b)))
}

const BY_CHANCE = new Set([
  'pid',
  'inode',
  'fd',
  'printed',
  'connections',
  'receiveQueue',
  'sendQueue',
  'retransmits',
  'metItself',
])
const TIMES = new Set(['atMs', 'tookMs', 'durationMs'])

/** Drops rows of connections that ended before this lab began: the kernel keeps them in TIME-WAIT for a minute. */
function withoutLeftovers(lab: LabEvidence, isEphemeral: (port: number) => boolean): LabEvidence {
  const ours = new Set<unknown>()
  JSON.stringify(lab, (key, value: unknown) => {
    if (key === 'port') ours.add(value)
    return key === 'rows' ? undefined : value
  })
  const isLeftover = ({ state, local, peer }: SocketRow) =>
    state === 'TIME-WAIT' && [local.port, peer?.port ?? 0].some((port) => isEphemeral(port) && !ours.has(port))
  const text = JSON.stringify(lab, (key, value: unknown) =>
    key === 'rows' && Array.isArray(value) ? value.filter((row: SocketRow) => !isLeftover(row)) : value,
  )
  return JSON.parse(text) as LabEvidence
}

/** For every number that chance has chosen the one that takes its place. */
class Numbers {
  readonly #pids = new Map<number, number>()
  readonly #inodes = new Map<number, number>()
  readonly #ports = new Map<number, number>()

  constructor(lab: LabEvidence, isEphemeral: (port: number) => boolean) {
    for (const { port } of lab.acts) if (port !== null) this.#ports.set(port, DOCUMENTS_PORT)
    let clients = 0
    let leased = 0
    const chosen = new Set<number>()
    mapped(lab, '', (key, value) => {
      // A number that a program is told before any client has it was chosen by the lab.
      if (key === 'args' && !this.#ports.has(Number(value))) chosen.add(Number(value))
      if (typeof value !== 'number') return value
      if (key === 'pid') numberOnce(this.#pids, value, FIRST_PID)
      if (key === 'inode') numberOnce(this.#inodes, value, FIRST_INODE)
      if (key === 'port' && isEphemeral(value) && !this.#ports.has(value) && !chosen.has(value))
        this.#ports.set(value, FIRST_CLIENT_PORT + clients++)
      if (key === 'port' && isLeased(value) && !this.#ports.has(value))
        this.#ports.set(value, DOCUMENTS_PORT + 1 + leased++)
      return value
    })
  }

  number(key: string, value: number): number {
    if (TIMES.has(key)) return 0
    if (key === 'pid') return this.#pids.get(value) ?? value
    if (key === 'inode') return this.#inodes.get(value) ?? value
    return key === 'port' ? (this.#ports.get(value) ?? value) : value
  }

  text(key: string, value: string, user: string): string {
    const text = value
      .replace(/(?<![\w.])\d{2,}(?![\w]|\.\d)/g, (digits) => this.#inDecimal(digits))
      // tcpdump and the netstat of BSD write a port after an address and a dot.
      .replace(/(?<=\b\d+\.\d+\.\d+\.\d+\.)\d{2,}\b/g, (digits) => this.#inDecimal(digits))
      .replace(/(?<=:)[0-9A-F]{4}\b/g, (hex) => this.#inHex(hex))
    if (key !== 'printed') return text
    // The kernel's tables begin with a slot and end with an address in its memory. Columns are as wide as their content.
    const line = text
      .replace(/^ *\d+: /, '0: ')
      .replace(/\b[0-9a-f]{16}\b/g, '0'.repeat(16))
      .replace(/ {2,}/g, ' ')
      .trim()
    return user === 'root'
      ? line
      : line
          .split(' ')
          .map((word) => (word === user ? 'student' : word))
          .join(' ')
  }

  #inDecimal(digits: string): string {
    const number = Number(digits)
    const other = this.#ports.get(number) ?? this.#pids.get(number) ?? this.#inodes.get(number)
    // Lab 08 asks for a number that is too large by 65536 for a port.
    const port = this.#ports.get(number - 65_536)
    return String(other ?? (port === undefined ? digits : port + 65_536))
  }

  /** The kernel's tables write ports as four hexadecimal digits. */
  #inHex(hex: string): string {
    const port = this.#ports.get(Number.parseInt(hex, 16))
    return port === undefined ? hex : port.toString(16).toUpperCase().padStart(4, '0')
  }
}

function numberOnce(numbers: Map<number, number>, value: number, first: number): void {
  if (!numbers.has(value)) numbers.set(value, first + numbers.size)
}

/** A copy in which every number and every text has been changed. A list's members have the key of their list. */
function mapped(value: unknown, key: string, change: (key: string, value: number | string) => unknown): unknown {
  if (typeof value === 'number' || typeof value === 'string') return change(key, value)
  if (Array.isArray(value)) return value.map((one) => mapped(one, key, change))
  if (typeof value !== 'object' || value === null || isOfAnotherMachine(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, mapped(inner, name, change)]))
}

/** A listing that was read from a file: no chance is in it. */
function isOfAnotherMachine(value: object): boolean {
  return 'format' in value && 'file' in value && 'unread' in value
}
