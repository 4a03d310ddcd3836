/** How hard each item was for a class, and which wrong prediction was commonest. */

import type { GradedItem, GradedSubmission, ItemStatistics } from '../domain/graded.ts'

/** In the order of the items. What was not read, not graded to the end, or not asked says nothing of how hard it is. */
export function statisticsOf(submissions: readonly GradedSubmission[]): ItemStatistics[] {
  const items = submissions.filter(({ problem, finished }) => finished && problem === null).flatMap((one) => one.items)
  return [...Map.groupBy(items, ({ id }) => id).values()].flatMap((same) => {
    const [first] = same
    return first === undefined ? [] : [statisticsOfItem(first, same)]
  })
}

function statisticsOfItem({ id, question, part }: GradedItem, same: readonly GradedItem[]): ItemStatistics {
  const graded = same.filter(({ verdict }) => verdict === 'pass' || verdict === 'partial' || verdict === 'fail')
  // An item that is worth nothing has no share of its points.
  const shares = graded.filter(({ maxPoints }) => maxPoints > 0).map(({ points, maxPoints }) => points / maxPoints)
  return {
    id,
    question,
    part,
    maxPoints: Math.max(...same.map(({ maxPoints }) => maxPoints)),
    graded: graded.length,
    passed: graded.filter(({ verdict }) => verdict === 'pass').length,
    meanShare: shares.length === 0 ? null : shares.reduce((sum, share) => sum + share, 0) / shares.length,
    commonestWrong: part === 'prediction' ? commonestWrong(graded) : null,
  }
}

/** Of several that are as common the first in the alphabet, so that the order of submissions decides nothing. */
function commonestWrong(graded: readonly GradedItem[]): ItemStatistics['commonestWrong'] {
  const wrong = graded.filter(({ verdict, predicted }) => verdict !== 'pass' && predicted !== null)
  const [most] = [...Map.groupBy(wrong, ({ predicted }) => predicted ?? '')].sort(
    ([one, those], [other, these]) => these.length - those.length || (one < other ? -1 : 1),
  )
  if (most === undefined) return null
  const [outcome, same] = most
  return { outcome, choice: same[0]?.observed ?? outcome, count: same.length }
}
