/** ss (iproute2): which arguments to ask with, and how what it prints is read. */

import type { Protocol } from '../domain/endpoint.ts'
import type { SocketRow } from '../domain/socket-row.ts'
import type { Form, FormReading } from './form.ts'
import { countLeftOut } from './left-out.ts'
import { linesOf } from './reading.ts'
import type { Reading } from './reading.ts'
import type { ServiceNames } from './service-names.ts'
import { dialectOf } from './ss-dialect.ts'
import { isSsHeading, isSsRow, readSsRow } from './ss-line.ts'
import type { SsDialect } from './ss-line.ts'
import { rowLines } from './ss-lines.ts'

/**
 * `-e` adds the inode, the owner and `v6only:`, and with them columns that say nothing here (`sk:`, `cgroup:`, `<->`):
 * lines of 130 characters and more. So it is asked for with `extended` only; the inode is in lsof and the kernel's tables.
 */
export function ssArguments(
  filter: { port?: number; protocol?: Protocol; extended?: boolean; listening?: boolean } = {},
): string[] {
  const protocols = filter.protocol === undefined ? 'tu' : filter.protocol.charAt(0)
  const flags = `${filter.listening === true ? `-l${protocols}np` : `-${protocols}nap`}${filter.extended === true ? 'e' : ''}`
  return filter.port === undefined ? [flags] : [flags, `sport = :${filter.port}`]
}

/** Whether the first line is ss's heading, which it prints even where it has nothing to list. */
export function isSsOutput(stdout: string): boolean {
  return isSsHeading(stdout.trimStart())
}

export const SS_FORM: Form = {
  format: 'ss',
  begins: isSsHeading,
  isRow: isSsRow,
  // what -i and -m add stands in lines of its own, behind a tab
  holds: (line) => line.startsWith('\t') || isSsRow(line),
  read(lines, first, command) {
    const dialect = dialectOf(textsOf(lines), command)
    const { protocol } = dialect
    const reading = readLines(lines, first, dialect)
    const isOne =
      (protocol === 'tcp' || protocol === 'udp') && !lines.some((line) => /^\s*(?:Netid|tcp|udp)\s/.test(line))
    return isOne ? { ...reading, asked: { [protocol === 'tcp' ? 'udp' : 'tcp']: false } } : reading
  },
}

/**
 * Reads what ss prints, with or without its heading. `protocol` says which one it was asked for: ss leaves the Netid
 * column out when it lists only one. A dual-stack wildcard is `*:8080`, an IPv6-only one `[::]:8080` (iproute2 since
 * 4.15, where brackets came in); of what an older one prints see `ss-dialect.ts`.
 */
export function readSs(stdout: string, options: { protocol?: Protocol; services?: ServiceNames } = {}): Reading {
  const printed = linesOf(stdout)
  const { isOld } = dialectOf(textsOf(printed), null)
  const dialect = { protocol: options.protocol ?? null, isOld, services: options.services }
  const { rows, unread } = readLines(printed, 1, dialect, { strict: true })
  return { printed, rows, unread: unread.map(({ text }) => text) }
}

/** Rows with the lines that belong to them: a torn one shows neither its brackets nor the lack of them. */
function textsOf(lines: readonly string[]): string[] {
  return rowLines(lines).map(({ text }) => text)
}

/** `strict`: whoever asked for TCP and UDP only expects nothing else; sockets of other kinds are unread. */
function readLines(
  lines: readonly string[],
  first: number,
  dialect: SsDialect,
  { strict = false }: { strict?: boolean } = {},
): FormReading {
  const rows: SocketRow[] = []
  const unread: FormReading['unread'] = []
  const leftOut = countLeftOut()
  for (const { from, lines: count, text } of rowLines(lines)) {
    const read = readSsRow(text, dialect)
    if ('kind' in read && !strict) leftOut.add(read.kind)
    else if ('local' in read) rows.push(read)
    else {
      const why = 'why' in read ? read.why : 'it is no socket of TCP or UDP'
      for (let at = from; at < from + count; at += 1) {
        const line = lines[at] ?? ''
        if (line !== '') unread.push({ line: first + at, text: line, why })
      }
    }
  }
  return { rows, unread, leftOut: leftOut.all() }
}
