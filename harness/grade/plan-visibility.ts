/**
 * How easy an item is to see. One that rests on another is skipped when that one is not passed, and so tells of it: it is
 * never easier to see than what it rests on. Pure.
 */

import type { Visibility } from '../domain/graded.ts'
import type { PlannedItem } from './plan.ts'

const FROM_OPEN_TO_HIDDEN = ['shown', 'points-only', 'after-due'] as const satisfies readonly Visibility[]

/** A program's check rests on its roles as well, and on the check that the rubric names. Nothing rests on itself. */
export function visibilityIn(plan: readonly PlannedItem[], item: PlannedItem): Visibility {
  const below = plan.filter(
    (other) =>
      other.id === item.restsOn ||
      (!item.isRole && other.isRole && other.lab === item.lab && item.roles.some((role) => other.check === role)),
  )
  const all = [item.visibility, ...below.map((other) => visibilityIn(plan, other))]
  return FROM_OPEN_TO_HIDDEN[Math.max(...all.map((one) => FROM_OPEN_TO_HIDDEN.indexOf(one)))] ?? 'after-due'
}
