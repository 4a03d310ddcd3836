/** A graded class on a terminal: a row for each submission, how hard each item was, and what a person has to look at. */

import type { Gradebook } from '../../domain/graded.ts'
import {
  classInWords,
  gradedColumns,
  gradedHeadings,
  partWords,
  pointsInWords,
  shareInWords,
  stateWords,
  wrongInWords,
} from '../../words/graded.en.ts'
import type { Layout } from '../layout.ts'
import { uncommanded } from '../plain.ts'
import type { Column, TableRow } from '../table.ts'
import { tableLines } from '../table.ts'
import { meansOf } from './class-figures.ts'
import { lookAt, statisticsRows, SUBMISSION_COLUMNS, submissionRows } from './class-tables.ts'
import { whole } from './sheet.ts'

export function classText({ submissions, statistics }: Gradebook, layout: Layout): string {
  const sheets = submissions.map(whole)
  const { paint, paragraph } = layout
  const heading = (title: string) => `\n${paint('bold', paragraph(title, ''))}`
  const look = lookAt(sheets)
  const states = submissionRows(sheets)
  // The name comes last: a line never begins with what somebody chose.
  const nameLast = <T>([name, ...others]: readonly T[]) => [...others, ...(name === undefined ? [] : [name])]
  const rows = states.map(({ cells, state }): TableRow => ({
    cells: nameLast(cells),
    ...(state === 'graded' ? {} : { format: 'magenta' as const }),
  }))
  const inWords = states.map(({ state }, index) => {
    const { name = '', points = 0, maxPoints = 0 } = sheets[index] ?? {}
    return `${name}: ${pointsInWords(points, maxPoints)}, ${stateWords[state]}.`
  })
  const lines = [
    paint('bold', paragraph(classInWords(sheets.length, meansOf(sheets)), '')),
    ...(sheets.length === 0
      ? []
      : [heading(gradedHeadings.submissions), ...told(layout, nameLast(SUBMISSION_COLUMNS), rows, inWords)]),
    ...(statistics.length === 0 ? [] : [heading(gradedHeadings.items), ...itemsText(layout, statistics)]),
    ...(look.length === 0 ? [] : [heading(gradedHeadings.look), ...look.map((line) => paragraph(line, '  - '))]),
  ]
  return uncommanded(lines.join(''))
}

/** As a table, or where there is no room for it as a sentence for each row. */
function told(
  layout: Layout,
  columns: readonly Column[],
  rows: readonly TableRow[],
  inWords: readonly string[],
): Iterable<string> {
  return tableLines(layout, columns, rows) ?? inWords.map((line) => layout.paragraph(line, '  ', '    '))
}

/** A wrong prediction is a sentence: it has a line of its own. */
function* itemsText(layout: Layout, statistics: Gradebook['statistics']): Generator<string> {
  const columns: Column[] = [
    { heading: gradedColumns.share, isNumber: true },
    { heading: gradedColumns.passed, isNumber: true },
    { heading: gradedColumns.check, mayCut: true },
  ]
  const rows = statisticsRows(statistics).map(({ share, passed, id }) => ({ cells: [share, passed, id] }))
  const inWords = statistics.map(({ id, meanShare }) => `${shareInWords(meanShare)}: ${id}`)
  yield* told(layout, columns, rows, inWords)
  for (const { part, question, commonestWrong } of statistics) {
    if (commonestWrong === null) continue
    yield layout.paragraph(`${partWords[part]}: ${question}`, '  ', '    ')
    yield layout.paragraph(`${gradedColumns.wrong}: ${wrongInWords(commonestWrong)}`, '    ', '    ')
  }
}
