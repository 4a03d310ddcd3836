/** The rows of a class, as every layout has them: one for each submission, one for each item. */

import type { GradedSubmission, ItemStatistics, Part } from '../../domain/graded.ts'
import { figureInWords, gradedColumns, notAskedInWords, stateWords } from '../../words/graded.en.ts'
import type { Column } from '../table.ts'
import { Means, stateOf } from './class-figures.ts'
import { messageOf, troublesOf } from './item-text.ts'
import type { Sheet } from './sheet.ts'
import { whole } from './sheet.ts'

export const SUBMISSION_COLUMNS: readonly Column[] = [
  { heading: gradedColumns.name, mayCut: true },
  { heading: gradedColumns.points, isNumber: true },
  { heading: gradedColumns.of, isNumber: true },
  { heading: gradedColumns.state },
]

export type SubmissionRow = { cells: string[]; state: ReturnType<typeof stateOf> }

/** What a class comes to, without the items of its submissions. */
export type ClassTables = {
  rows: SubmissionRow[]
  means: ReturnType<Means['get']>
  /** What only a person can settle, submission by submission. */
  look: string[]
}

/** @param onSheet is given each sheet, which is then forgotten: a class may be large. */
export function classTables(
  submissions: Iterable<GradedSubmission>,
  onSheet: (sheet: Sheet) => void = () => {},
): ClassTables {
  const means = new Means()
  const rows: SubmissionRow[] = []
  const look: string[] = []
  for (const submission of submissions) {
    const sheet = whole(submission)
    const state = stateOf(sheet)
    means.take(sheet)
    rows.push({ cells: [sheet.name, `${sheet.points}`, `${sheet.maxPoints}`, stateWords[state]], state })
    for (const line of lookAt(sheet)) look.push(line)
    onSheet(sheet)
  }
  return { rows, means: means.get(), look }
}

/** A check with the figures of both of its parts. */
export type CheckRow = {
  lab: string
  check: string
  question: string
  figures: Readonly<Record<Part, string>>
  wrong: ItemStatistics['commonestWrong']
}

/** Check by check, in the order of the items. */
export function checkRows(statistics: readonly ItemStatistics[]): CheckRow[] {
  const checks = Map.groupBy(statistics, ({ id }) => id.slice(0, id.lastIndexOf('/')))
  return [...checks].map(([place, items]) => {
    const figureOf = (part: Part) => {
      const item = items.find((one) => one.part === part)
      return item === undefined ? notAskedInWords : figureInWords(item.meanShare, item.passed, item.graded)
    }
    const [lab = '', ...check] = place.split('/')
    return {
      lab,
      check: check.join('/'),
      question: items[0]?.question ?? '',
      figures: { prediction: figureOf('prediction'), program: figureOf('program') },
      wrong: items.find(({ commonestWrong }) => commonestWrong !== null)?.commonestWrong ?? null,
    }
  })
}

function lookAt(sheet: Sheet): string[] {
  const unsure = sheet.items.filter(({ verdict }) => verdict === 'inconclusive')
  return [
    ...troublesOf(sheet).map(({ text }) => `${sheet.name}: ${text}`),
    ...unsure.map((item) => `${sheet.name}: ${item.id}: ${messageOf(item)}`),
  ]
}
