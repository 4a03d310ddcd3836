/** Skips what rests on an item that was not passed. Pure. */

import type { GradedItem } from '../domain/graded.ts'
import { gradingWords as words } from '../words/findings.en.ts'
import type { PlannedItem } from './plan.ts'

/** An item rests on at most one other, and the rubric was refused where they go round. */
export function applyRests(items: readonly GradedItem[], plan: readonly PlannedItem[]): GradedItem[] {
  const graded = new Map(items.map((item) => [item.id, item]))
  const rests = new Map(plan.flatMap(({ id, restsOn }) => (restsOn === null ? [] : [[id, restsOn] as const])))
  const settle = (id: string): GradedItem | undefined => {
    const item = graded.get(id)
    const restsOn = rests.get(id)
    if (!item || restsOn === undefined) return item
    const other = settle(restsOn)
    rests.delete(id)
    if (!other || !isLost(other) || isUnasked(item)) return item
    const why = words.restsOn(other.question)
    const skipped: GradedItem = { ...item, verdict: 'skip', points: 0, why, restsOn: other.id }
    graded.set(id, skipped)
    return skipped
  }
  return items.map(({ id }) => settle(id) as GradedItem)
}

/** Failed, or skipped because of another one that failed. */
function isLost({ verdict, restsOn }: GradedItem): boolean {
  return verdict === 'fail' || (verdict === 'skip' && restsOn !== null)
}

function isUnasked({ verdict, restsOn }: GradedItem): boolean {
  return verdict === 'inconclusive' || (verdict === 'skip' && restsOn === null)
}
