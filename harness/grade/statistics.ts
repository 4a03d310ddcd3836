/** How hard each item was for a class, and which wrong prediction was commonest. One submission is looked at at a time. */

import type { GradedItem, GradedSubmission, ItemStatistics } from '../domain/graded.ts'

/** What is counted of one item. */
type Tally = Pick<ItemStatistics, 'id' | 'question' | 'part' | 'maxPoints' | 'graded' | 'passed'> & {
  /** Of those that were graded and were worth something. */
  shares: number
  sumOfShares: number
  /** By outcome. `choice`: in the words of the first submission that predicted it. */
  wrong: Map<string, { choice: string; count: number }>
}

/** In the order of the items. What was not read, not graded to the end, or not asked says nothing of how hard it is. */
export function statisticsOf(submissions: Iterable<GradedSubmission>): ItemStatistics[] {
  const tallies = new Map<string, Tally>()
  for (const { problem, finished, items } of submissions) {
    if (!finished || problem !== null) continue
    for (const item of items) {
      const tally = tallies.get(item.id) ?? emptyTally(item)
      tallies.set(item.id, tally)
      count(item, tally)
    }
  }
  return [...tallies.values()].map(({ shares, sumOfShares, wrong, ...counted }) => ({
    ...counted,
    meanShare: shares === 0 ? null : sumOfShares / shares,
    commonestWrong: counted.part === 'prediction' ? commonestWrong(wrong) : null,
  }))
}

function emptyTally({ id, question, part }: GradedItem): Tally {
  return { id, question, part, maxPoints: 0, graded: 0, passed: 0, shares: 0, sumOfShares: 0, wrong: new Map() }
}

function count({ verdict, points, maxPoints, predicted, observed }: GradedItem, tally: Tally): void {
  tally.maxPoints = Math.max(tally.maxPoints, maxPoints)
  if (verdict === 'skip' || verdict === 'inconclusive') return
  tally.graded += 1
  // An item that is worth nothing has no share of its points.
  if (maxPoints > 0) {
    tally.shares += 1
    tally.sumOfShares += points / maxPoints
  }
  if (verdict === 'pass') tally.passed += 1
  else if (predicted !== null) {
    const same = tally.wrong.get(predicted)
    if (same) same.count += 1
    else tally.wrong.set(predicted, { choice: observed, count: 1 })
  }
}

/** Of several that are as common the first in the alphabet, so that the order of submissions decides nothing. */
function commonestWrong(wrong: Tally['wrong']): ItemStatistics['commonestWrong'] {
  const [most] = [...wrong].toSorted(
    ([one, those], [other, these]) => these.count - those.count || (one < other ? -1 : 1),
  )
  return most === undefined ? null : { outcome: most[0], ...most[1] }
}
