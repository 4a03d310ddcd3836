/** A class in figures: the mean of the points, and the state of each submission. */

import type { stateWords } from '../../words/graded.en.ts'
import { countOf } from './item-text.ts'
import type { Sheet } from './sheet.ts'

/** Over those that were graded to the end; null where there is none. */
export function meansOf(sheets: readonly Sheet[]): { points: number; maxPoints: number } | null {
  const graded = sheets.filter(({ finished, problem }) => finished && problem === null)
  if (graded.length === 0) return null
  const mean = (of: (sheet: Sheet) => number) => graded.reduce((sum, sheet) => sum + of(sheet), 0) / graded.length
  return { points: mean(({ points }) => points), maxPoints: mean(({ maxPoints }) => maxPoints) }
}

/** What a teacher has to know of a submission before its points count. */
export function stateOf(sheet: Sheet): keyof typeof stateWords {
  if (!sheet.finished) return 'unfinished'
  if (sheet.problem !== null) return 'unread'
  return countOf(sheet, 'inconclusive') > 0 ? 'look' : 'graded'
}
