/** The rows of a class, as every layout has them: one for each submission, one for each item. */

import type { ItemStatistics } from '../../domain/graded.ts'
import { gradedColumns, partWords, shareInWords, stateWords, wrongInWords } from '../../words/graded.en.ts'
import type { Column } from '../table.ts'
import { stateOf } from './class-figures.ts'
import { messageOf, troublesOf } from './item-text.ts'
import type { Sheet } from './sheet.ts'

export const SUBMISSION_COLUMNS: readonly Column[] = [
  { heading: gradedColumns.name, mayCut: true },
  { heading: gradedColumns.points, isNumber: true },
  { heading: gradedColumns.of, isNumber: true },
  { heading: gradedColumns.state },
]

export function submissionRows(sheets: readonly Sheet[]): { cells: string[]; state: ReturnType<typeof stateOf> }[] {
  return sheets.map((sheet) => {
    const state = stateOf(sheet)
    return { cells: [sheet.name, `${sheet.points}`, `${sheet.maxPoints}`, stateWords[state]], state }
  })
}

export type StatisticsRow = { id: string; question: string; share: string; passed: string; wrong: string }

export function statisticsRows(statistics: readonly ItemStatistics[]): StatisticsRow[] {
  return statistics.map(({ id, question, part, graded, passed, meanShare, commonestWrong }) => ({
    id,
    question: `${partWords[part]}: ${question}`,
    share: shareInWords(meanShare),
    passed: `${passed} of ${graded}`,
    wrong: commonestWrong === null ? '' : wrongInWords(commonestWrong),
  }))
}

/** What only a person can settle, submission by submission. */
export function lookAt(sheets: readonly Sheet[]): string[] {
  return sheets.flatMap((sheet) => [
    ...troublesOf(sheet).map(({ text }) => `${sheet.name}: ${text}`),
    ...sheet.items
      .filter(({ verdict }) => verdict === 'inconclusive')
      .map((item) => `${sheet.name}: ${item.id}: ${messageOf(item)}`),
  ])
}
