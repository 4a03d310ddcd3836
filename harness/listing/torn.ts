/**
 * Listings that a terminal, a mail or `cut` has made narrower: lines that go on in the next one are put together where
 * that is certain, and of lines that end at the edge it is not believed that their last word is whole.
 */

import type { Form, FormReading } from './form.ts'
import { CUT_SHORT } from './reading.ts'

/** Lines `from` to `to` (not included) may be one that was torn. */
type Torn = { from: number; to: number }

type Read = (lines: readonly string[]) => FormReading

/** A name or a number with this behind it is none: what depends on it cannot be read. */
const EDGE_MARK = '…'

/** A row of more lines than these is no row. */
const MOST_PIECES = 8

/** Below this width no tool has room for an address. */
const NARROWEST = 40

/** Nobody pastes more lines from a narrow terminal, or by mail. A longer listing is read once, as it stands. */
const MOST_LINES = 2000

export function readTorn(form: Form, lines: readonly string[], first: number, command: string | null): FormReading {
  const read: Read = (some) => form.read(some, first, command)
  const reading = read(lines)
  if (form.format.startsWith('nmap') || lines.length > MOST_LINES) return reading
  const unread = unreadPlaces(reading, first)
  const width = widthOf(form, lines)
  if (width < NARROWEST) return reading
  const isOfSs = form.format === 'ss'
  // ss-lines.ts puts the lines of ss together: where there are such, none of them was cut.
  if (isOfSs && lines.some((line) => !form.isRow(line) && !isHeading(form, line))) return reading
  const torn = isOfSs ? [] : tornLines(form, lines, unread, width)
  const { mended, isWrapped, doubtful } = mend(form, lines, torn, width, unread, read, first)
  const now = mended === lines ? reading : read(mended)
  const isCut = !isWrapped && isCutAt(form, width, mended, now, first)
  if (!isCut && doubtful.size === 0) return now
  const isEdge = (index: number) =>
    (doubtful.has(index) || (isCut && lines[index]?.length === width)) && !isHeading(form, lines[index] ?? '')
  const marked = mended.map((line, index) => (isEdge(index) ? line + EDGE_MARK : line))
  return withoutMarks(read(marked), now, lines, isEdge, first)
}

function isHeading(form: Form, line: string): boolean {
  return form.begins(line, '') || line === ''
}

function unreadPlaces({ unread }: FormReading, first: number): ReadonlySet<number> {
  return new Set(unread.map(({ line }) => line - first))
}

/** The column in which the longest line ends that is surely one of the listing. */
function widthOf(form: Form, lines: readonly string[]): number {
  let width = 0
  for (const line of lines) if (line.length > width && (form.isRow(line) || isHeading(form, line))) width = line.length
  return width
}

/** The first columns of netstat and of the kernel's tables, where a cut has left no more. */
const FIRST_COLUMNS = /^\s*(?:(?:tcp|udp|toe|raw|unix|icm)\w{0,5}(?:\s|$)|\d+: [0-9A-F]{1,32}(?::|$))/i

function isBeginOfRow(form: Form, line: string): boolean {
  return FIRST_COLUMNS.test(line) || form.isRow(line) || isHeading(form, line)
}

/** Lines that were not read, each with the line before it that reaches the edge or was not read either. */
function tornLines(form: Form, lines: readonly string[], unread: ReadonlySet<number>, width: number): Torn[] {
  const torn: Torn[] = []
  for (let from = 0; from < lines.length; from += 1) {
    const line = lines[from] ?? ''
    // A blank at the edge was cut off.
    if (line === '' || !(line.length >= width - 1 || (unread.has(from) && isBeginOfRow(form, line)))) continue
    let to = from + 1
    const isPiece = (at: number) =>
      unread.has(at) &&
      !isBeginOfRow(form, lines[at] ?? '') &&
      (at === from + 1 || (lines[at - 1]?.length ?? 0) >= width - 1)
    while (to < lines.length && to - from < MOST_PIECES && isPiece(to)) to += 1
    if (to === from + 1) continue
    torn.push({ from, to })
    from = to - 1
  }
  return torn
}

const atEdgeOf = (width: number) => (pieces: readonly string[]) =>
  pieces.map((piece, index) => (index === pieces.length - 1 ? piece : piece.padEnd(width))).join('')

const AT_BLANK = (pieces: readonly string[]) => pieces.map((piece) => piece.trim()).join(' ')

/** `doubtful`: lines that may go on in the next one, and may not. */
type Mended = { mended: readonly string[]; isWrapped: boolean; doubtful: ReadonlySet<number> }

/**
 * Terminals tear lines at their edge, mails at a blank. Which of the two it was must be certain: some line can be read
 * in one way only and none in the other way only. Lines that say the same in both ways need no such line. One that can
 * be read without its next one says nothing of the way; but where it might go on, it is doubtful.
 */
function mend(
  form: Form,
  lines: readonly string[],
  torn: readonly Torn[],
  width: number,
  unread: ReadonlySet<number>,
  read: Read,
  first: number,
): Mended {
  if (torn.length === 0) return { mended: lines, isWrapped: false, doubtful: new Set() }
  const wayOf = (join: Way['join']): Way => {
    const failed = unreadPlaces(read(joinedLines(lines, torn, join)), first)
    return { join, readable: new Set(torn.filter(({ from }) => !failed.has(from))) }
  }
  const [edge, blank] = [wayOf(atEdgeOf(width)), wayOf(AT_BLANK)]
  const votes = (way: Way, other: Way) =>
    torn.filter((one) => unread.has(one.from) && way.readable.has(one) && !other.readable.has(one)).length
  const [atEdge, atBlank] = [votes(edge, blank), votes(blank, edge)]
  const way = atEdge > 0 && atBlank === 0 ? edge : atBlank > 0 && atEdge === 0 ? blank : null
  const isSame = ({ from, to }: Torn) => {
    const pieces = lines.slice(from, to)
    return edge.join(pieces).split(/\s+/).join(' ') === blank.join(pieces).split(/\s+/).join(' ')
  }
  const isSure = (one: Torn) =>
    way === null ? unread.has(one.from) && edge.readable.has(one) && isSame(one) : way.readable.has(one)
  const join = (way ?? edge).join
  const heading = joinedLines(lines, torn, join).find((line) => line !== '' && isHeading(form, line)) ?? ''
  const said = (from: number, to: number) => JSON.stringify(read([heading, join(lines.slice(from, to))]).rows)
  const sure = torn.filter(isSure).flatMap((one) => needed(one, unread.has(one.from), said))
  const isDoubtful = (one: Torn) =>
    !isSure(one) && (way !== null || edge.readable.has(one)) && needed(one, unread.has(one.from), said).length > 0
  return {
    mended: sure.length === 0 ? lines : joinedLines(lines, sure, join),
    isWrapped: sure.length > 0,
    doubtful: new Set(torn.filter(isDoubtful).map(({ from }) => from)),
  }
}

/** Without the last lines that change nothing in what a row says: it is not known that those are its own. */
function needed({ from, to }: Torn, isBroken: boolean, said: (from: number, to: number) => string): readonly Torn[] {
  const all = said(from, to)
  let last = to
  while (last > from + 1 && said(from, last - 1) === all) last -= 1
  if (last > from + 1) return [{ from, to: last }]
  return isBroken ? [{ from, to }] : []
}

type Way = { join: (pieces: readonly string[]) => string; readable: ReadonlySet<Torn> }

/** Each row in the place of its first line; the others are empty, so that the numbers of lines stay. */
function joinedLines(
  lines: readonly string[],
  torn: readonly Torn[],
  join: (pieces: readonly string[]) => string,
): string[] {
  const joined = [...lines]
  for (const { from, to } of torn) {
    joined.fill('', from, to)
    joined[from] = join(lines.slice(from, to))
  }
  return joined
}

/** What the last columns are called. */
const LAST_COLUMNS = ['Peer Address:Port', 'Process', 'PID/Program name', 'PID', 'State', '(state)', 'FOREIGN ADDRESS']

/** What is left of such a name, and is no other name of a column. */
const CUT_NAMES = LAST_COLUMNS.flatMap((name) =>
  Array.from({ length: name.length - 1 }, (_, index) => ` ${name.slice(0, index + 1).trimEnd()}`),
).filter((name) => !LAST_COLUMNS.includes(name.trim()))

/** Whether some line was surely cut there, or before the blank that stood there, or a heading was and rows end there too. */
function isCutAt(form: Form, width: number, lines: readonly string[], { unread }: FormReading, first: number): boolean {
  const reaches = (line = '') => line.length >= width - 1
  if (unread.some(({ line, why }) => why.includes('cut short') && reaches(lines[line - first]))) return true
  const isCutHeading = (line: string) =>
    reaches(line) && isHeading(form, line) && CUT_NAMES.some((name) => line.endsWith(name))
  return lines.some(isCutHeading) && lines.some((line) => line.length === width && form.isRow(line))
}

/** What was read of the marked lines, with the words of the text; the other lines keep their reasons. */
function withoutMarks(
  marked: FormReading,
  before: FormReading,
  lines: readonly string[],
  isEdge: (index: number) => boolean,
  first: number,
): FormReading {
  const known = new Map(before.unread.map((one) => [one.line, one]))
  const unread = marked.unread.map((one) => {
    const text = lines[one.line - first] ?? one.text
    return known.get(one.line) ?? (isEdge(one.line - first) ? { line: one.line, text, ...CUT_SHORT } : one)
  })
  return { ...marked, unread }
}
