/** A session at the bench for programs. */

import type { Tried } from '../domain/tried.ts'
import { toJson } from './plain.ts'

export function tryJson(port: number, all: readonly Tried[]): string {
  const steps = all.map(({ step, typed, outcome, receiver, predicted, predictedReceivers, ...rest }) => {
    const { evidence, skipped, problem } = rest
    const why = skipped === null ? { problem } : { skipped }
    return { step, typed, outcome, receiver, predicted, predictedReceivers, evidence: evidence ?? why }
  })
  return `${toJson({ port, steps }, 2)}\n`
}
