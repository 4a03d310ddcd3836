/** Numbers the steps of an act, and remembers which piece of evidence came from which step. */

import type { Step, StepKind } from '../domain/evidence.ts'

export class Recorder {
  readonly steps: Step[] = []
  readonly startedAt = performance.now()
  readonly #stepOf = new WeakMap<object, number>()
  readonly #onStep: (step: Step) => void

  constructor(onStep: (step: Step) => void) {
    this.#onStep = onStep
  }

  get nowMs(): number {
    return Math.round(performance.now() - this.startedAt)
  }

  /** Records a step that began at `sinceMs`, and returns what it saw. */
  record<K extends StepKind>(kind: K, sinceMs: number): K['saw'] {
    const step: Step = { number: this.steps.length + 1, atMs: sinceMs, tookMs: this.nowMs - sinceMs, ...kind }
    this.steps.push(step)
    this.#stepOf.set(kind.saw, step.number)
    this.#onStep(step)
    return kind.saw
  }

  /** For each key of the evidence the numbers of the steps whose observations are found below it. */
  sourcesOf(evidence: unknown): Record<string, number[]> {
    if (typeof evidence !== 'object' || evidence === null) return {}
    return Object.fromEntries(
      Object.entries(evidence).map(([key, value]) => [
        key,
        [...new Set(this.#stepsBelow(value))].sort((a, b) => a - b),
      ]),
    )
  }

  #stepsBelow(value: unknown): number[] {
    if (typeof value !== 'object' || value === null) return []
    const own = this.#stepOf.get(value)
    return own === undefined ? Object.values(value).flatMap((inner) => this.#stepsBelow(inner)) : [own]
  }
}
