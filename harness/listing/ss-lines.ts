/** Puts the lines of ss together that belong to one row: what `-i`, `-m` and `-o` add below it, and what was torn apart. */

import { hasTornUsers, LONGEST_COMMAND } from './ss-users.ts'
import { isSsHeading, isSsRow } from './ss-line.ts'

/** `from` counts from 0. `text` is the row with all that follows it; `lines` how many there are. */
export type SsRowLines = { from: number; lines: number; text: string }

/** A terminal narrower than this makes no sense for ss; shorter lines were not broken by one. */
const NARROWEST = 40

/** So many lines of the narrowest terminal has the heading with the most blanks. */
const MOST_HEADING_LINES = 8

/** One entry for each row, and one for each line that belongs to none. Headings and empty lines between rows are left out. */
export function rowLines(lines: readonly string[]): SsRowLines[] {
  const width = brokenAt(lines)
  const rows: SsRowLines[] = []
  let row: SsRowLines | null = null
  let heading: string | null = null
  let headingLines = 0
  for (const [index, line] of lines.entries()) {
    const isFull = lines[index - 1]?.length === width
    const tear: string | null = row === null ? null : tearBefore(line, row, isFull)
    if (row !== null && tear !== null) {
      row.text += tear + line
      row.lines += 1
      continue
    }
    if (heading !== null && headingLines < MOST_HEADING_LINES && isRestOfHeading(heading, line)) {
      heading += line
      headingLines += 1
      continue
    }
    heading = isSsHeading(line) ? line : null
    headingLines = 1
    row = null
    if (line === '' || heading !== null) continue
    const next = { from: index, lines: 1, text: line }
    if (isSsRow(line)) row = next
    rows.push(next)
  }
  return rows
}

/** A row of TCP or UDP up to the peer's port. No name of a process has room for one. */
const WHOLE_ROW =
  /^\s*(?:[a-z][\w?]*\s+)?[A-Z][A-Z0-9-]*\s+(?:\d+\s+\d+\s+)?\S+:(?:\*|[\w-]+)\s+\S+:(?:\*|[\w-]+)(?:\s|$)/

/** Of such a row nothing is read. */
const OTHER_ROW = /^\s*(?!tcp\s|udp\s)[a-z]/

function isNextRow(line: string, row: string): boolean {
  return WHOLE_ROW.test(line) || (OTHER_ROW.test(row) && isSsRow(line))
}

/** Whether the column of processes is torn, by a line end in a name or by one that a terminal or a mail put anywhere. */
function isTorn(text: string): boolean {
  return hasTornUsers(text) && (!text.includes('\n') || hasTornUsers(text.replaceAll('\n', '')))
}

/** What to put between a row and its next line, or `null` where that line is none of its own. */
function tearBefore(line: string, row: SsRowLines, isFull: boolean): string | null {
  if (isSsHeading(line)) return null
  // Looked at while the row has few lines only: many lines below one row shall not be read again for each of them.
  const isShort = row.lines <= LONGEST_COMMAND
  if (isShort && isTorn(row.text) && (isFull || !isNextRow(line, row.text))) return isFull ? '' : '\n'
  if (line === '' || isSsRow(line)) return null
  if (isFull) return ''
  return /^\s|^users:\(/.test(line) || (isShort && !hasBothEnds(row.text)) ? ' ' : null
}

/** Whether the columns up to the peer's address are there: only then may a row end here. */
function hasBothEnds(text: string): boolean {
  if (OTHER_ROW.test(text)) return true
  return /^\s*(?:[a-z][\w?]*\s+)?[A-Z][A-Z0-9-]*\s+(?:\d+\s+\d+\s+)?\S+\s+\S*[:*]/.test(text.slice(0, 400))
}

/** What a narrow terminal has put into the next line: the words of a heading go on until `Peer Address:Port`. */
function isRestOfHeading(heading: string, line: string): boolean {
  if (line === '' || isSsRow(line) || isSsHeading(line)) return false
  return !/Peer\s*Address:Port/.test(heading) || /^\s*(?:Process|rocess|ocess|cess|ess|ss|s)$/.test(line)
}

/** The width at which a terminal broke lines: that of the longest line, where several are just as long. */
function brokenAt(lines: readonly string[]): number {
  let longest = 0
  let count = 0
  for (const { length } of lines) {
    if (length > longest) [longest, count] = [length, 1]
    else if (length === longest) count += 1
  }
  return count > 1 && longest >= NARROWEST ? longest : -1
}
