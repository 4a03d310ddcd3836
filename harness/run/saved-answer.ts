/** What a saved run keeps of one check's answer. */

import type { SavedAnswer } from '../domain/evidence.ts'
import type { CheckResult } from '../domain/verdict.ts'

export function savedAnswer(result: CheckResult, round: number): SavedAnswer {
  const { lab, act, id, question, verdict, observed, seen, expected } = result
  return { lab, act, check: id, round, question, verdict, observed, seen, expected }
}
