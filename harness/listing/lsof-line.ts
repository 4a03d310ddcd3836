/** One line of lsof's ordinary output, cut into its columns. */

import type { LeftOut } from '../domain/look.ts'
import { shown } from './colon-endpoint.ts'
import { kindWithoutAddress, readLsofSocket, unescaped } from './lsof-name.ts'
import type { LsofDescriptor } from './lsof-sockets.ts'
import { CUT_SHORT, OTHER_COLUMNS } from './reading.ts'
import type { Unreadable } from './reading.ts'
import type { ServiceNames } from './service-names.ts'

/** Columns between PID and USER, which options add: TID and TASKCMD (`-K`), PPID (`-R`), PGID (`-g`), a security context (`-Z`). */
export type LsofColumns = { added: number; hasTasks: boolean }

/** Reads them off the heading. TID and TASKCMD are empty for the process itself, so they cannot be counted. */
export function lsofColumns(heading: string): LsofColumns {
  const words = heading.trim().split(/\s+/)
  const added = words.slice(words.indexOf('PID') + 1, words.indexOf('USER'))
  return { added: added.length, hasTasks: added.includes('TID') }
}

const FD = /^(?:\d{1,10}[a-zA-Z-]{0,2}|cwd|rtd|txt|mem|mmap|DEL|ltx|jld|pd|tr|err|v86|m86|ctty|fp\.|L\d\d|NOFD)$/

const NUMBER = /^\d{1,10}$/

const TYPE =
  /^(?:IPv[46]|sock|unix|inet6?|raw6?|netlink|pack|pipe|PIPE|FIFO|REG|DIR|CHR|BLK|LINK|DEL|KQUEUE|systm|key|ndrv|rte|a_inode|unknown|PSXSHM|PSXSEM|NPOLICY|CHAN|VCHR|VREG|VDIR|ATALK|FSEVENTS|CHANNEL|\d{4})$/

const ROW =
  /\s\d+\s+\S+\s+(?:(?:\d+[a-zA-Z-]{0,2}|cwd|rtd|txt|mem|DEL|ltx)\s+(?:IPv[46]|sock|unix|inet6?|raw6?|netlink|pack|PIPE|FIFO|REG|DIR|CHR|BLK|LINK|KQUEUE|systm|a_inode|unknown)\s|NOFD\s)/

/** Whether a line can only be lsof's: process, user, descriptor and type stand one behind another nowhere else. */
export function isLsofRow(line: string): boolean {
  return ROW.test(line) || (/^\s*\d/.test(line) && ROW.test(` ${line}`))
}

/** The descriptor, or what kind of thing it is where it is no socket with an address. */
export function readLsofLine(
  line: string,
  columns: LsofColumns | null,
  services?: ServiceNames,
): LsofDescriptor | Pick<LeftOut, 'kind'> | Unreadable {
  const words = line.trim().split(/\s+/)
  let problem: Unreadable = words.length < 8 ? CUT_SHORT : OTHER_COLUMNS
  // A command name may look like columns: each place where FD and TYPE may stand is tried.
  for (let fd = 2; fd < words.length && fd < 24; fd += 1) {
    if (!FD.test(words[fd] ?? '')) continue
    const process = processOf(line, words, fd, columns)
    if (process === null) continue
    if (words[fd] === 'NOFD') return { kind: 'files' }
    if (!TYPE.test(words[fd + 1] ?? '')) continue
    const read = readColumns(words, fd, services)
    if (!('why' in read)) return 'row' in read ? { ...read, ...process } : read
    problem = read
  }
  return problem
}

function processOf(line: string, words: readonly string[], fd: number, columns: LsofColumns | null) {
  const at = pidPlace(words, fd - 1, columns)
  const pid = words[at] ?? ''
  if (!NUMBER.test(pid)) return null
  return {
    command: unescaped(commandOf(line, words, at)),
    pid,
    user: words[fd - 1] ?? '',
    fd: parseInt(words[fd] ?? '', 10).toString(),
  }
}

function pidPlace(words: readonly string[], user: number, columns: LsofColumns | null): number {
  const told = columns === null || columns.hasTasks ? -1 : user - 1 - columns.added
  if (NUMBER.test(words[told] ?? '')) return told
  return words.findIndex((word, index) => index > 0 && index < user && NUMBER.test(word))
}

/** The blanks inside a name are kept as they are. */
function commandOf(line: string, words: readonly string[], pidAt: number): string {
  if (pidAt <= 1) return pidAt === 1 ? (words[0] ?? '') : ''
  let start = 0
  let end = 0
  for (let index = 0; index < pidAt; index += 1) {
    const word = words[index] ?? ''
    const at = line.indexOf(word, end)
    if (index === 0) start = at
    end = at + word.length
  }
  return line.slice(start, end)
}

type Columns = Pick<LsofDescriptor, 'row' | 'device'> | Pick<LeftOut, 'kind'> | Unreadable

const OTHER_SOCKETS: ReadonlySet<string> = new Set([
  'raw',
  'raw6',
  'netlink',
  'pack',
  'key',
  'ndrv',
  'rte',
  'systm',
  'ATALK',
  'sock',
])

/** TYPE DEVICE SIZE/OFF [NLINK] NODE NAME. SIZE/OFF is empty under `-s`; the protocol stands in NODE. */
function readColumns(words: readonly string[], fd: number, services?: ServiceNames): Columns {
  const type = words[fd + 1] ?? ''
  const isInternet = /^(?:IPv[46]|inet6?)$/.test(type)
  if (!isInternet) {
    if (type === 'unix') return { kind: 'unix-sockets' }
    if (!OTHER_SOCKETS.has(type)) return { kind: 'files' }
    return { kind: (type === 'sock' ? kindWithoutAddress(sockName(words, fd)) : null) ?? 'other-sockets' }
  }
  const node = [fd + 3, fd + 4, fd + 5].find((at) => /^(?:TCP|UDP)6?$/.test(words[at] ?? ''))
  if (node === undefined)
    return words.length > fd + 4 && /^[A-Z]/.test(words[fd + 4] ?? '') ? { kind: 'other-sockets' } : CUT_SHORT
  const name = words[node + 1]
  if (name === undefined) return CUT_SHORT
  const behind = words.slice(node + 2).join(' ')
  const withoutAddress = kindWithoutAddress(`${name} ${behind}`)
  if (withoutAddress !== null) return { kind: withoutAddress }
  const rest = withoutOtherEnd(behind)
  if (rest === null) return CUT_SHORT
  if (rest !== '' && !/^\(.*\)$/.test(rest))
    return rest.startsWith('(') ? CUT_SHORT : { why: `${shown(rest)} behind the address is not known` }
  const state = rest.slice(1, -1).split(' ')[0] ?? ''
  const device = words[fd + 2] ?? ''
  const row = readLsofSocket({
    family: type.endsWith('6') ? 'IPv6' : 'IPv4',
    protocol: words[node]?.startsWith('TCP') === true ? 'tcp' : 'udp',
    name,
    state: state.includes('=') ? '' : state,
    device,
    services,
  })
  return 'why' in row ? row : { row, device }
}

/** `-E` names who has the other end, `1304,node,32u`, before the state. `null` where that has no end. */
function withoutOtherEnd(text: string): string | null {
  if (!/^\d{1,10},/.test(text)) return text
  const at = text.endsWith(')') ? text.lastIndexOf(' (') : -1
  const [ends, rest] = at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
  return /,\d{1,10}[a-zA-Z]{1,2}$/.test(ends.slice(-16)) ? rest : null
}

/** NODE is the inode of a socket without address, and NAME all that follows. */
function sockName(words: readonly string[], fd: number): string {
  const rest = words.slice(fd + 2).join(' ')
  const at = rest.search(/protocol: |can't identify protocol/)
  return at === -1 ? '' : rest.slice(at)
}
