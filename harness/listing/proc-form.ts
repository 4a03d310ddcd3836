/** A paste of the kernel's tables: which of the four a line belongs to, and the byte order of the machine. */

import { endianness } from 'node:os'
import type { AddressFamily, Protocol } from '../domain/endpoint.ts'
import type { SocketRow } from '../domain/socket-row.ts'
import type { Form, FormReading } from './form.ts'
import { isProcHeading, readProcRow } from './proc-table.ts'
import type { ByteOrder } from './proc-table.ts'
import { eachOnce, OTHER_COLUMNS } from './reading.ts'

/** `grep -H` and `head` name the table. */
const GREP_NAME = /^(?:\S{0,64}\/net\/(tcp|udp)6?:)/
const HEAD_NAME = /^==> \S{0,64}\/net\/(tcp|udp)6? <==$/

const ROW = /^\s*\d+: [0-9A-F]{8}(?:[0-9A-F]{24})?:[0-9A-F]{4} [0-9A-F]{8}(?:[0-9A-F]{24})?:[0-9A-F]{4} [0-9A-F]{2} /

/** Four tables, each with the name that head prints above it. */
const MOST_HEADINGS = 8

export const PROC_FORM: Form = {
  format: 'proc',
  begins: (line) => isProcHeading(withoutName(line)) || HEAD_NAME.test(line),
  isRow: (line) => ROW.test(withoutName(line)),
  // cat of several tables is one listing; the same table again is a later look
  joins: (heading, headings) => headings.length < MOST_HEADINGS && !headings.includes(heading),
  read(lines, first, command) {
    const { order, sources } = survey(lines)
    const rows: SocketRow[] = []
    const unread: FormReading['unread'] = []
    let protocol = protocolOfCommand(command)
    for (const [index, line] of lines.entries()) {
      const named = HEAD_NAME.exec(line)?.[1]
      const row = withoutName(line)
      if (named !== undefined) protocol = named === 'udp' ? 'udp' : 'tcp'
      else if (isProcHeading(row)) protocol = /\bdrops\b/.test(row) ? 'udp' : 'tcp'
      if (line === '' || named !== undefined || isProcHeading(row)) continue
      const told = GREP_NAME.exec(line)?.[1]
      const table = {
        protocol: told === undefined ? (protocol ?? protocolOfRow(row)) : told === 'udp' ? 'udp' : 'tcp',
        family: familyOf(row),
      } as const
      const read = ROW.test(row) ? readProcRow(row, table, order) : OTHER_COLUMNS
      if ('why' in read) unread.push({ line: first + index, text: line, why: read.why })
      else rows.push(read)
    }
    return { rows: eachOnce(rows), unread, asked: sources }
  },
}

function withoutName(line: string): string {
  return line.startsWith('/') ? line.replace(GREP_NAME, '') : line
}

function familyOf(row: string): AddressFamily {
  return row.indexOf(':', row.indexOf(':') + 1) - row.indexOf(':') > 16 ? 'IPv6' : 'IPv4'
}

/** `null` where it names none, or tables of both protocols. */
function protocolOfCommand(command: string | null): Protocol | null {
  const names = new Set([...(command ?? '').matchAll(/\/net\/(tcp|udp)/g)].map(([, name]) => name))
  return names.size !== 1 ? null : names.has('udp') ? 'udp' : 'tcp'
}

/**
 * Behind the inode UDP has three columns (ref, pointer, drops); TCP has two for a socket that waits, else seven. And
 * no TCP socket in state 07, CLOSE, is in the table.
 */
function protocolOfRow(row: string): Protocol {
  const words = row.trim().split(/\s+/)
  return words.length === 13 || words[3] === '07' ? 'udp' : 'tcp'
}

/**
 * Loopback and IPv4-mapped addresses, `::1` and `fe80::/16`, as either kind of machine prints them. Elsewhere a number
 * read in the other order is an address as good as any.
 */
const LITTLE = /[ :](?:(?:01|35|36)00007F|0101007F|0{24}01000000|0{16}FFFF0000[0-9A-F]{8}|000080FE[0-9A-F]{24}):/
const BIG = /[ :](?:7F0000(?:01|35|36)|7F000101|0{31}1|0{20}FFFF[0-9A-F]{8}|FE800000[0-9A-F]{24}):/

/** One look over all lines: votes for the byte order, and the tables whose headings are there. */
function survey(lines: readonly string[]): { order: ByteOrder; sources: NonNullable<FormReading['asked']> } {
  let votes = 0
  const tables = new Set<string>()
  for (const line of lines) {
    const row = withoutName(line)
    if (isProcHeading(row)) {
      tables.add(/\bdrops\b/.test(row) ? 'udp' : 'tcp')
      tables.add(row.includes('remote_address') ? 'IPv6' : 'IPv4')
      continue
    }
    const ends = row.slice(0, 100)
    if (LITTLE.test(ends)) votes += 1
    else if (BIG.test(ends)) votes -= 1
  }
  const order = votes === 0 ? endianness() : votes > 0 ? 'LE' : 'BE'
  if (tables.size === 0) return { order, sources: {} }
  const has = (table: string) => tables.has(table)
  return {
    order,
    sources: { connections: true, tcp: has('tcp'), udp: has('udp'), IPv4: has('IPv4'), IPv6: has('IPv6') },
  }
}
