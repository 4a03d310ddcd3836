/**
 * How easy an item is to see. One that rests on another is skipped when that one is not passed, and so tells of it: it is
 * never easier to see than what it rests on. Pure.
 */

import type { ItemVisibility } from '../domain/graded.ts'
import { stricter } from '../domain/graded.ts'
import type { PlannedItem } from './plan.ts'

/** A program's check rests on its roles as well, and on the check that the rubric names. Nothing rests on itself. */
export function visibilityIn(plan: readonly PlannedItem[], item: PlannedItem): ItemVisibility {
  const below = plan.filter(
    (other) =>
      other.id === item.restsOn ||
      (!item.isRole && other.isRole && other.lab === item.lab && item.roles.some((role) => other.check === role)),
  )
  return below.map((other) => visibilityIn(plan, other)).reduce(stricter, item.visibility)
}
