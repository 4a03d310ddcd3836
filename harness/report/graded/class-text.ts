/** A graded class on a terminal: a row for each submission, how hard each item was, and what a person has to look at. */

import type { AnyGradebook } from '../../domain/graded.ts'
import {
  checkInWords,
  classInWords,
  figuresInWords,
  gradedColumns,
  gradedHeadings,
  partWords,
  pointsInWords,
  stateWords,
  wrongInWords,
} from '../../words/graded.en.ts'
import type { Layout } from '../layout.ts'
import { uncommanded } from '../plain.ts'
import type { Column, TableRow } from '../table.ts'
import { tableLines } from '../table.ts'
import { checkRows, classTables, SUBMISSION_COLUMNS } from './class-tables.ts'

export function classText({ submissions, statistics }: AnyGradebook, layout: Layout): string {
  const { paint, paragraph } = layout
  const heading = (title: string) => `\n${paint('bold', paragraph(title, ''))}`
  const { rows: states, means, look } = classTables(submissions)
  // The name comes last: a line never begins with what somebody chose.
  const nameLast = <T>([name, ...others]: readonly T[]) => [...others, ...(name === undefined ? [] : [name])]
  const rows = states.map(({ cells, state }): TableRow => ({
    cells: nameLast(cells),
    ...(state === 'graded' ? {} : { format: 'magenta' as const }),
  }))
  const inWords = states.map(({ cells: [name = '', points, maxPoints], state }) => {
    return `${name}: ${pointsInWords(Number(points), Number(maxPoints))}, ${stateWords[state]}.`
  })
  const lines = [
    paint('bold', paragraph(classInWords(states.length, means), '')),
    ...(states.length === 0
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

/** Lab by lab a row for each check. A wrong prediction is a sentence: it has lines of its own. */
function* itemsText(layout: Layout, statistics: AnyGradebook['statistics']): Generator<string> {
  const columns: Column[] = [
    { heading: partWords.prediction, isNumber: true },
    { heading: partWords.program, isNumber: true },
    { heading: gradedColumns.check, mayCut: true },
  ]
  const all = checkRows(statistics)
  yield layout.paragraph(figuresInWords, '')
  for (const [lab, checks] of Map.groupBy(all, (one) => one.lab)) {
    const rows = checks.map(({ figures, check }) => ({ cells: [figures.prediction, figures.program, check] }))
    const inWords = checks.map(({ figures, check }) => checkInWords(check, figures))
    yield `\n${layout.paint('bold', layout.paragraph(lab, '', '  '))}`
    yield* told(layout, columns, rows, inWords)
  }
  const wrong = all.filter((one) => one.wrong !== null)
  if (wrong.length > 0) yield `\n${layout.paint('bold', layout.paragraph(gradedHeadings.wrong, ''))}`
  for (const one of wrong) {
    yield layout.paragraph(`${one.check}: ${one.question}`, '  ', '    ')
    if (one.wrong !== null) yield layout.paragraph(wrongInWords(one.wrong), '    ', '    ')
  }
}
