/** A session at the bench for programs. */

import type { Tried } from '../domain/tried.ts'
import { toJson } from './plain.ts'

export function tryJson(port: number, all: readonly Tried[]): string {
  const steps = all.map(({ step, typed, outcome, receiver, predicted, predictedReceivers, ...rest }) => {
    const { evidence, skipped, problem, lost } = rest
    const why = skipped === null ? { problem } : { skipped }
    return {
      step,
      typed,
      outcome,
      receiver,
      predicted,
      predictedReceivers,
      evidence: evidence ?? why,
      ...(lost.length > 0 && { lost }),
    }
  })
  return `${toJson({ port, steps }, 2)}\n`
}
