/** Holds what was read of a text against the text: every line must have been read, kept as unread, or be known to say nothing. */

import { isIP } from 'node:net'

import type { ReadListing, ReadText } from '../../harness/domain/look.ts'
import { LEFT_OUT, LISTING_FORMATS, PORT_STATES } from '../../harness/domain/look.ts'
import { TCP_STATES } from '../../harness/domain/socket-row.ts'
import type { SocketRow } from '../../harness/domain/socket-row.ts'
import { saysNothing } from './corpus/no-rows.ts'
import { told } from './corpus/told.ts'

/** What stands between listings and is none: a fence, a pager's words, a prompt with or without a command, a quote alone. */
const BETWEEN =
  /^\s{0,3}(?:```|~~~)|^(?:\(END\)|:|lines \d+-\d+|--More--)|[$#%>❯➜]|^\s*(?:sudo |doas )?(?:\S*\/)?(?:lsof|ss|netstat|fstat|sockstat|nmap|cat|grep|head)(?:\s|$)|^# Nmap/

/** Begins colours and titles of a terminal, which are taken out before a line is read. */
const ESCAPE = '\u001b'

/** The lines as a person counts them. */
export function linesOf(text: string): string[] {
  return text.split('\n')
}

/** What is wrong with a reading, as sentences. */
export function problemsOf(text: string, read: ReadText): string[] {
  const lines = linesOf(text)
  return [...rangeProblems(lines, read), ...read.listings.flatMap(listingProblems), ...coverProblems(lines, read)]
}

/** Listings follow one another, and the lines said to be unread are where they are said to be. */
function rangeProblems(lines: readonly string[], { listings, unread }: ReadText): string[] {
  const problems: string[] = []
  let last = 0
  for (const { lines: range, format, unread: inside } of listings) {
    const { from, to } = range ?? { from: 0, to: 0 }
    if (from <= last || to < from || to > lines.length) problems.push(`${format} ${from}-${to} after line ${last}`)
    for (const { line } of inside)
      if (line < from || line > to) problems.push(`line ${line} is not within ${from}-${to}`)
    last = to
  }
  for (const { line, text, why } of [...unread, ...listings.flatMap((listing) => listing.unread)]) {
    if (text.trim() === '' || why === '') problems.push(`line ${line} is unread and says nothing`)
    if (!(line >= 1 && line <= lines.length)) problems.push(`there is no line ${line}`)
    const whole = lines[line - 1] ?? ''
    if (!whole.includes(text.slice(0, 40).trim()) && !whole.includes(ESCAPE))
      problems.push(`line ${line} is not "${text}"`)
  }
  for (const { line } of unread) {
    if (listings.some(({ lines: range }) => range !== null && line >= range.from && line <= range.to))
      problems.push(`line ${line} is outside and inside`)
  }
  return problems
}

function listingProblems({ format, rows, hosts, leftOut }: ReadListing): string[] {
  const problems = rows.flatMap(rowProblems)
  if (!Object.hasOwn(LISTING_FORMATS, format)) problems.push(`there is no format ${format}`)
  for (const { kind, count } of leftOut) if (!LEFT_OUT.includes(kind) || !(count > 0)) problems.push(`${count} ${kind}`)
  for (const { port, state } of hosts.flatMap(({ ports }) => ports)) {
    if (!isPort(port) || !PORT_STATES.includes(state)) problems.push(`a port ${port} that is ${state}`)
  }
  return problems
}

const isPort = (port: number) => Number.isInteger(port) && port >= 0 && port <= 65_535
const isCount = (count: number | null | undefined) =>
  count === null || count === undefined || (Number.isFinite(count) && count >= 0)

function rowProblems(row: SocketRow): string[] {
  const { protocol, family, local, peer, state, holders, uid, inode, receiveQueue, sendQueue, retransmits } = row
  const problems: string[] = []
  for (const end of peer === null ? [local] : [local, peer]) {
    if (!isPort(end.port) || end.address === '') problems.push(`an end ${end.address} ${end.port}`)
    if (isIP(end.address) === 4 && family === 'IPv6') problems.push(`${end.address} in a row of IPv6`)
    if (isIP(end.address) === 6 && family === 'IPv4') problems.push(`${end.address} in a row of IPv4`)
  }
  if (peer?.port === 0) problems.push('a peer with port 0')
  if (protocol === 'udp' && state !== null) problems.push(`UDP in the state ${state}`)
  if (state !== null && !TCP_STATES.includes(state)) problems.push(`the state ${state as string}`)
  const counts = [uid, inode, receiveQueue, sendQueue, retransmits, ...holders.flatMap(({ pid, fd }) => [pid, fd])]
  if (!counts.every(isCount)) problems.push(`a number that is none: ${JSON.stringify(row)}`)
  return problems
}

/** Every line that is not blank is in a listing, is told as unread, or is one that stands between listings. */
function coverProblems(lines: readonly string[], { listings, unread }: ReadText): string[] {
  const covered = new Set(unread.map(({ line }) => line))
  for (const { lines: range } of listings)
    for (let line = range?.from ?? 1; line <= (range?.to ?? 0); line += 1) covered.add(line)
  return lines.flatMap((line, index) => {
    const isKnown = covered.has(index + 1) || line.replace(/[>\s\uFEFF]/g, '') === '' || BETWEEN.test(line)
    return isKnown || line.includes('\u001b')
      ? []
      : [`line ${index + 1} is nowhere: ${JSON.stringify(line.slice(0, 120))}`]
  })
}

/**
 * The lines in a listing that might as well be blank: what is read is the same without them. Each must be known to say
 * nothing, or say what another line says. So no row can be dropped in silence.
 */
export function silentProblems(
  text: string,
  read: (text: string) => ReadText,
  isLooked: (index: number) => boolean = () => true,
): string[] {
  const lines = linesOf(text)
  const whole = read(text)
  const before = meaning(whole)
  const unread = new Set(
    [...whole.unread, ...whole.listings.flatMap((listing) => listing.unread)].map(({ line }) => line),
  )
  return lines.flatMap((line, index) => {
    const words = wordsOf(line)
    const listing = whole.listings.find(
      ({ lines: range }) => range !== null && index + 1 >= range.from && index < range.to,
    )
    if (
      line.trim() === '' ||
      line.length > LONGEST_LOOKED ||
      listing === undefined ||
      unread.has(index + 1) ||
      !isLooked(index)
    )
      return []
    if (saysNothing(listing.format, line.trimEnd().replace(/^(?:> ?)+/, ''))) return []
    if (listing.format === 'ss' && !SS_ROW.test(line)) return []
    if (listing.format === 'nmap-xml' && isInHint(lines, index)) return []
    if (isBelowTitle(lines, index) || hasTwoRows(line) || /\r./.test(line) || line.includes(ESCAPE)) return []
    const isTwice = lines.some((other, at) => at !== index && wordsOf(other) === words)
    if (isTwice) return []
    const without = meaning(read(lines.with(index, '').join('\n')))
    return without === before
      ? [`line ${index + 1} of ${listing.format} is dropped in silence: ${JSON.stringify(line.slice(0, 200))}`]
      : []
  })
}

/** A hint says that a host answers, and the host comes later. It goes up to its end, or to the first host. */
function isInHint(lines: readonly string[], index: number): boolean {
  const at = lines.findLastIndex((line, place) => place <= index && /<hosthint[\s>]/.test(line))
  return at >= 0 && !lines.slice(at, index).some((line) => /<\/hosthint>|<host[\s>]/.test(line))
}

/** A longer line is held against others by its beginning only, so whether it says the same cannot be told. */
const LONGEST_LOOKED = 2000

/** ss in a narrow terminal goes on in the next line: only where a line begins like a row can it be told that it is one. */
const SS_ROW = /^\s*(?:(?:tcp|udp)\s+)?[A-Z][A-Z0-9-]{4,}\s+\d+\s+\d+\s+\S/

/** Two lines of lsof that became one: the first of them reads as the name of the second one's process. */
function hasTwoRows(line: string): boolean {
  return (line.match(/ \d{1,10}[a-zA-Z]{0,2} {1,8}IPv[46] /g) ?? []).length > 1
}

/** The names of the columns, in whatever language: netstat has them below its title. */
function isBelowTitle(lines: readonly string[], index: number): boolean {
  const above = lines.slice(Math.max(0, index - 2), index).findLast((line) => line.trim() !== '') ?? ''
  return saysNothing('netstat-linux', above.trim()) || saysNothing('netstat-windows', above.trim())
}

/** Words by which a line says what another says: the same descriptor or, in the tables of the kernel, the same inode. */
function wordsOf(line: string): string {
  const words = line.slice(0, LONGEST_LOOKED).trim().split(/\s+/).join(' ')
  const [, pid, descriptor] = /(?<= )(\d{1,10}) .{0,1900}?(\d{1,10}[a-zA-Z]{0,2} IPv[46] \S{1,20}) /.exec(words) ?? []
  const [, inode] = /\d{1,6}: \S{13,40} \S{13,40} [0-9A-F]{2} \S+ \S+ \S+ \d+ \d+ (\d+)(?: |$)/.exec(words) ?? []
  return inode ?? (descriptor === undefined ? words : `${pid} ${descriptor}`)
}

/** All that was read but for the numbers of the first and last lines. */
function meaning({ listings, unread }: ReadText): string {
  return told({ listings: listings.map((one) => ({ ...one, lines: { from: 0, to: 0 } })), unread }).join('\n')
}
