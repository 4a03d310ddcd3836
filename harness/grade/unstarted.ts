/** A submission before anything of it was graded: what the reports say that are written before the first process starts. */

import type { GradedItem, GradedSubmission } from '../domain/graded.ts'
import { notBegunInWords } from '../words/graded.en.ts'
import { asItem } from './item.ts'
import type { PlannedItem } from './plan.ts'

/** It has none of the points that there are to have, and says that this is no result. */
export function unstarted(name: string, plan: readonly PlannedItem[]): GradedSubmission {
  const items = plan.map((planned): GradedItem => {
    return { ...asItem(planned), verdict: 'skip', maxPoints: planned.maxPoints, why: notBegunInWords }
  })
  return {
    name,
    author: null,
    problem: null,
    notes: [],
    items,
    points: 0,
    maxPoints: items.reduce((sum, { maxPoints }) => sum + maxPoints, 0),
    printed: [],
    finished: false,
    durationMs: 0,
  }
}
