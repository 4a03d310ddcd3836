/** A class in figures: the mean of the points, and the state of each submission. */

import type { stateWords } from '../../words/graded.en.ts'
import { countOf } from './item-text.ts'
import type { Sheet } from './sheet.ts'

/** Adds up the points of those that were graded to the end. */
export class Means {
  #graded = 0
  #points = 0
  #maxPoints = 0

  take({ finished, problem, points, maxPoints }: Sheet): void {
    if (!finished || problem !== null) return
    this.#graded += 1
    this.#points += points
    this.#maxPoints += maxPoints
  }

  /** Null where there is none. */
  get(): { count: number; points: number; maxPoints: number } | null {
    if (this.#graded === 0) return null
    const [count, points, maxPoints] = [this.#graded, this.#points, this.#maxPoints]
    return { count, points: points / count, maxPoints: maxPoints / count }
  }
}

export function meansOf(sheets: readonly Sheet[]): ReturnType<Means['get']> {
  const means = new Means()
  for (const sheet of sheets) means.take(sheet)
  return means.get()
}

/** What a teacher has to know of a submission before its points count. */
export function stateOf(sheet: Sheet): keyof typeof stateWords {
  if (!sheet.finished) return 'unfinished'
  if (sheet.problem !== null) return 'unread'
  return countOf(sheet, 'inconclusive') > 0 ? 'look' : 'graded'
}
