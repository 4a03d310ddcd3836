/** Grades predictions: against what this machine did, and not against a stored key. Pure. */

import type { GradedItem } from '../domain/graded.ts'
import type { CheckResult } from '../domain/verdict.ts'
import { gradingWords as words } from '../words/findings.en.ts'
import type { PlannedItem } from './plan.ts'
import { asItem } from './item.ts'
import type { Reference } from './reference.ts'

/** `expectedBecause` of an outcome: why many people name it wrongly. */
export type WhyExpected = (planned: PlannedItem, outcome: string) => string | null

export function gradePrediction(
  planned: PlannedItem,
  predicted: string | null,
  { reference, whyExpected }: { reference: Reference; whyExpected: WhyExpected },
): GradedItem {
  const result = reference.get(`${planned.lab}/${planned.check}`)
  const item = { ...asItem(planned), predicted }
  const unseen = whyUnseen(result)
  if (!result || unseen !== null) return { ...item, ...(unseen ?? UNKNOWN), observed: choiceOf(result, predicted) }
  const outcome = result.observed as string
  const told = { outcome, expected: choiceOf(result, outcome), observed: choiceOf(result, predicted) }
  const { maxPoints, partial } = planned
  if (predicted === null) {
    // Whoever has not answered is not told what is right.
    return { ...item, verdict: 'fail', maxPoints, observed: words.noPrediction }
  }
  if (predicted === outcome) return { ...item, ...told, verdict: 'pass', points: maxPoints, maxPoints, why: result.why }
  const points = Math.min(partial[predicted] ?? 0, maxPoints)
  const because = whyExpected(planned, predicted)
  const why = [result.seen, result.why, because ?? ''].filter((text) => text !== '').join(' ')
  return { ...item, ...told, verdict: points > 0 ? 'partial' : 'fail', points, maxPoints, why }
}

const UNKNOWN = { verdict: 'inconclusive', why: words.noReference } as const

/** Nothing can be held against what was not observed: nobody loses points by it. */
function whyUnseen(result: CheckResult | undefined): Pick<GradedItem, 'verdict' | 'why'> | null {
  if (!result) return UNKNOWN
  const { verdict, observed, seen, choices } = result
  if (verdict === 'skip') return { verdict: 'skip', why: seen }
  if (verdict === 'inconclusive' || observed === null) return { verdict: 'inconclusive', why: seen }
  const isListed = choices.some(({ outcome }) => outcome === observed)
  return isListed ? null : { verdict: 'inconclusive', why: words.unlisted(observed) }
}

function choiceOf(result: CheckResult | undefined, outcome: string | null): string {
  if (outcome === null) return words.noPrediction
  return result?.choices.find((one) => one.outcome === outcome)?.choice ?? outcome
}
