/** A paste of the kernel's tables: which of the four a line belongs to, and the byte order of the machine. */

import { endianness } from 'node:os'
import type { AddressFamily, Protocol } from '../domain/endpoint.ts'
import type { SocketRow } from '../domain/socket-row.ts'
import type { Form, FormReading } from './form.ts'
import { countLeftOut } from './left-out.ts'
import { isProcHeading, readProcRow } from './proc-table.ts'
import type { ByteOrder, ProcTable } from './proc-table.ts'
import { eachOnce, OTHER_COLUMNS } from './reading.ts'
import type { Unreadable } from './reading.ts'

/** `grep -H` and `head` name the table. */
const GREP_NAME = /^(?:\S{0,64}\/net\/([a-z]{1,10})6?:)/
const HEAD_NAME = /^==> \S{0,64}\/net\/([a-z]{1,10})6? <==$/

/** `other`: raw sockets, UDP-Lite and ping, which have the columns of UDP. `null`: nothing says which table it is. */
type Table = Protocol | 'other' | null

const ROW = /^\s*\d+: [0-9A-F]{8}(?:[0-9A-F]{24})?:[0-9A-F]{4} [0-9A-F]{8}(?:[0-9A-F]{24})?:[0-9A-F]{4} [0-9A-F]{2} /

/** Four tables, each with the name that head prints above it. */
const MOST_HEADINGS = 8

export const PROC_FORM: Form = {
  format: 'proc',
  begins: (line) => isProcHeading(withoutName(line)) || HEAD_NAME.test(line),
  isRow: (line) => ROW.test(withoutName(line)),
  // cat of several tables is one listing; the same table again is a later look
  joins: (heading, headings) => headings.length < MOST_HEADINGS && !headings.includes(heading),
  read: readTables,
}

function readTables(lines: readonly string[], first: number, command: string | null): FormReading {
  const { order, sources } = survey(lines, command)
  const rows: SocketRow[] = []
  const unread: FormReading['unread'] = []
  const leftOut = countLeftOut()
  const follow = followTables(command)
  for (const [index, line] of lines.entries()) {
    const table = follow(line)
    const row = withoutName(line)
    if (line === '' || HEAD_NAME.test(line) || isProcHeading(row)) continue
    const isRow = ROW.test(row)
    const protocol = isRow ? protocolOfRow(row, table) : 'tcp'
    if (isRow && protocol === 'other') {
      leftOut.add('other-sockets')
      continue
    }
    const read =
      protocol === null || protocol === 'other'
        ? { why: 'nothing says whether it is TCP or UDP: the heading is cut short' }
        : readRow(row, isRow, { protocol, family: familyOf(row) }, order)
    if ('why' in read) unread.push({ line: first + index, text: line, why: read.why })
    else rows.push(read)
  }
  return { rows: eachOnce(rows), unread, leftOut: leftOut.all(), asked: sources }
}

function readRow(row: string, isRow: boolean, table: ProcTable, order: ByteOrder): SocketRow | Unreadable {
  return isRow ? readProcRow(row, table, order) : OTHER_COLUMNS
}

/** The table that each line is of, line by line: by the name before it, else by that above it, else by the heading. */
function followTables(command: string | null): (line: string) => Table {
  const typed = tablesOfCommand(command)
  let headings = 0
  let named: Table = null
  let current: Table = typed.length === 1 ? (typed[0] ?? null) : null
  return (line) => {
    const above = HEAD_NAME.exec(line)?.[1]
    if (above !== undefined) named = current = tableOfName(above)
    const row = withoutName(line)
    if (isProcHeading(row)) {
      const told = named ?? (typed.length === 1 ? typed[0] : typed[headings])
      current = told === 'other' ? told : (tableOfHeading(row) ?? told ?? null)
      headings += 1
      named = null
    }
    const before = GREP_NAME.exec(line)?.[1]
    return before === undefined ? current : tableOfName(before)
  }
}

function tableOfName(name: string): Table {
  return name === 'tcp' || name === 'udp' ? name : 'other'
}

/** UDP has columns behind the inode, and TCP has none. A heading that ends before it may be that of either. */
function tableOfHeading(heading: string): Table {
  return /\binode\s+\S/.test(heading) ? 'udp' : /\binode$/.test(heading) ? 'tcp' : null
}

function withoutName(line: string): string {
  return line.startsWith('/') ? line.replace(GREP_NAME, '') : line
}

function familyOf(row: string): AddressFamily {
  return row.indexOf(':', row.indexOf(':') + 1) - row.indexOf(':') > 16 ? 'IPv6' : 'IPv4'
}

/**
 * What the command prints, one behind the other: one entry where all of it is of one kind. None where a pattern of the
 * shell stands for tables of several kinds.
 */
function tablesOfCommand(command: string | null): readonly Table[] {
  const names = [...(command ?? '').matchAll(/\/net\/(?:\{([^}]{0,80})\}|([a-z]{1,10}6?[*?]?))/g)].flatMap(
    ([, list, name = '']) => list?.split(',') ?? [name],
  )
  const tables = names.map((name) => tableOfName(name.replace(/[6*?]+$/, '')))
  return new Set(tables).size === 1 ? tables.slice(0, 1) : names.some((name) => /[*?]/.test(name)) ? [] : tables
}

const UDP_COLUMNS = 13

/**
 * No TCP socket in state 07, CLOSE, is in the table, and a UDP socket is in that or in 01. Behind the inode UDP has three
 * columns (ref, pointer, drops); TCP has two for a socket that waits, else seven.
 */
function protocolOfRow(row: string, table: Table): Table {
  if (table === 'udp' || table === 'other') return table
  const words = row.trim().split(/\s+/)
  if (words.length > UDP_COLUMNS) return 'tcp'
  if (words[3] === '07') return 'udp'
  if (words[3] !== '01') return 'tcp'
  // a heading that was cut behind `inode` is that of TCP to the letter, and so may be a row of TCP that was cut
  return words.length === UDP_COLUMNS && table === null ? 'udp' : null
}

/**
 * Loopback and IPv4-mapped addresses, `::1` and `fe80::/16`, as either kind of machine prints them. Elsewhere a number
 * read in the other order is an address as good as any.
 */
const LITTLE = /[ :](?:(?:01|35|36)00007F|0101007F|0{24}01000000|0{16}FFFF0000[0-9A-F]{8}|000080FE[0-9A-F]{24}):/
const BIG = /[ :](?:7F0000(?:01|35|36)|7F000101|0{31}1|0{20}FFFF[0-9A-F]{8}|FE800000[0-9A-F]{24}):/

/** One look over all lines: votes for the byte order, and the tables whose headings are there. */
function survey(lines: readonly string[], command: string | null) {
  let votes = 0
  const tables = new Set<string>()
  const follow = followTables(command)
  for (const line of lines) {
    const table = follow(line)
    const row = withoutName(line)
    if (isProcHeading(row)) {
      tables.add(`${table}`)
      if (table !== 'other') tables.add(row.includes('remote_address') ? 'IPv6' : 'IPv4')
      continue
    }
    const ends = row.slice(0, 100)
    if (LITTLE.test(ends)) votes += 1
    else if (BIG.test(ends)) votes -= 1
  }
  const order: ByteOrder = votes === 0 ? endianness() : votes > 0 ? 'LE' : 'BE'
  return { order, sources: tables.size === 0 ? {} : sourcesOf(tables) }
}

function sourcesOf(tables: ReadonlySet<string>): NonNullable<FormReading['asked']> {
  const has = (table: string) => tables.has(table)
  const versions = { connections: true, IPv4: has('IPv4'), IPv6: has('IPv6') }
  return has('null') ? versions : { ...versions, tcp: has('tcp'), udp: has('udp') }
}
