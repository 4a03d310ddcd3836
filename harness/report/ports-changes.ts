/** What has changed on the ports of a machine, for a reader, and as JSON for programs. */

import type { PortsDiff } from '../domain/ports-change.ts'
import {
  beforeAndAfter,
  changesHeadings,
  changesInWords,
  detailsInWords,
  lookInWords,
  otherMachine,
  raisedOfUnit,
  sameInWords,
  unchangedInWords,
  unclearInWords,
  unitInWords,
  untoldInWords,
} from '../words/ports-changes.en.ts'
import { serviceInWords } from '../words/ports.en.ts'
import type { Format, Layout } from './layout.ts'
import { toJson } from './plain.ts'

export function* diffText(layout: Layout, diff: PortsDiff): Generator<string> {
  const { paragraph, paint } = layout
  for (const side of ['before', 'after'] as const) {
    yield paint('dim', paragraph(lookInWords(diff[side]), `${beforeAndAfter[side]}: `.padEnd(8)))
  }
  if (diff.isOtherMachine === true) yield paint('yellow', paragraph(otherMachine, ''))
  yield* changesText(layout, diff)
}

/** Without the facts about the two looks. */
export function* changesText(layout: Layout, diff: PortsDiff): Generator<string> {
  const { paragraph } = layout
  const { opened, closed, changed, unclear, same } = diff
  const isSame = opened.length + closed.length + changed.length === 0
  yield* section(layout, changesHeadings.opened, 'yellow', opened, (unit) => [unitInWords(unit), ...raisedOfUnit(unit)])
  yield* section(layout, changesHeadings.closed, 'cyan', closed, (unit) => [unitInWords(unit)])
  yield* section(layout, changesHeadings.changed, 'yellow', changed, (one) => [
    `${serviceInWords(one.after)}: ${changesInWords(one)}`,
    ...detailsInWords(one).flatMap(({ before, after }) => [
      `${beforeAndAfter.before}: ${before}.`,
      `${beforeAndAfter.after}: ${after}.`,
    ]),
  ])
  yield* section(layout, changesHeadings.unclear, 'dim', unclear, (one) => [unclearInWords(one)])
  yield `\n${paragraph(isSame ? unchangedInWords(same) : sameInWords(same), '')}`
  yield* section(layout, changesHeadings.untold, 'dim', untoldInWords(diff), (line) => [line])
}

/** A heading with a count, and an item of one or several lines each. Nothing where there is no item. */
export function* section<T>(
  { paint, paragraph }: Layout,
  title: string,
  format: Format,
  items: readonly T[],
  linesOf: (item: T) => string[],
): Generator<string> {
  if (items.length === 0) return
  yield `\n${paint('bold', paragraph(`${title} (${items.length})`, ''))}`
  for (const item of items) {
    const [first = '', ...rest] = linesOf(item)
    yield paint(format, paragraph(first, '- ', '  ').trimEnd()) + '\n'
    for (const line of rest) yield paragraph(line, '  ')
  }
}

const DIFF_FORMAT = 'socket-labs-ports-diff'
/** Raised when a field changes its meaning or goes; a new field does not raise it. */
const DIFF_VERSION = 1

export function diffJson(diff: PortsDiff): string {
  return `${toJson({ format: DIFF_FORMAT, version: DIFF_VERSION, ...diff }, 1)}\n`
}
