/** What is known of this machine beside its sockets: names of users and numbers, settings, addresses, processes. */

import { readFileSync } from 'node:fs'
import { networkInterfaces } from 'node:os'

import type { About, ProcessFacts } from '../domain/about.ts'
import type { SocketRow } from '../domain/socket-row.ts'
import { readProcessFacts } from './process-facts.ts'

export function readAboutMachine(rows: readonly SocketRow[]): About {
  const userNames = readUserNames()
  return {
    ephemeralRange: readRange('/proc/sys/net/ipv4/ip_local_port_range'),
    addresses: readAddresses(),
    unprivilegedPortStart: readNumber('/proc/sys/net/ipv4/ip_unprivileged_port_start'),
    processes: readProcesses(rows, userNames),
    userNames,
    usualNames: readUsualNames(),
  }
}

/** Users of passwd(5) alone: asking others (nsswitch.conf(5)) may ask the network. */
function readUserNames(): Map<number, string> {
  const names = new Map<number, string>()
  for (const [, name = '', uid] of read('/etc/passwd').matchAll(/^([^:\n]+):[^:\n]*:(\d+):/gm)) {
    if (!names.has(Number(uid))) names.set(Number(uid), name)
  }
  return names
}

/** services(5). The first name of a number is the one that counts. */
function readUsualNames(): Map<string, string> | null {
  const names = new Map<string, string>()
  for (const [, name = '', key = ''] of read('/etc/services').matchAll(/^([^\s#]+)[ \t]+(\d+\/(?:tcp|udp))/gm)) {
    if (!names.has(key)) names.set(key, name)
  }
  return names.size === 0 ? null : names
}

export function readAddresses(): NonNullable<About['addresses']> {
  return Object.entries(networkInterfaces()).flatMap(([device, some = []]) =>
    some.map(({ address }) => ({ address, device })),
  )
}

function readProcesses(
  rows: readonly SocketRow[],
  userNames: ReadonlyMap<number, string>,
): Map<number, ProcessFacts> | null {
  if (process.platform !== 'linux') return null
  const facts = new Map<number, ProcessFacts>()
  for (const { holders } of rows) {
    for (const { pid } of holders) if (!facts.has(pid)) facts.set(pid, readProcessFacts(pid, userNames))
  }
  return facts
}

/** Ports that connect(2) and bind(2) to port 0 leave out: ip_local_reserved_ports. `null` where there is no such setting. */
export function readReservedPorts(): [from: number, to: number][] | null {
  const text = readOrNull('/proc/sys/net/ipv4/ip_local_reserved_ports')
  if (text === null) return null
  return [...text.matchAll(/(\d+)(?:-(\d+))?/g)].map(([, from, to = from]) => [Number(from), Number(to)])
}

function readRange(path: string): [number, number] | null {
  const [first, last] = read(path).trim().split(/\s+/).map(Number)
  return first && last ? [first, last] : null
}

function readNumber(path: string): number | null {
  const text = read(path).trim()
  return /^\d+$/.test(text) ? Number(text) : null
}

/** Empty where there is no such file: another system, or a container without it. */
function read(path: string): string {
  return readOrNull(path) ?? ''
}

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}
