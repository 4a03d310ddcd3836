/**
 * Numbers the steps of an act, and remembers which piece of evidence came from which step. A step's place is that of its
 * beginning: where steps run side by side, one that has ended waits to be told until those begun before it have ended.
 */

import type { Step, StepKind } from '../domain/evidence.ts'

/** A step that has begun. `over` is null for one that failed, and absent until its end. */
type Begun = { sinceMs: number; over: { kind: StepKind; untilMs: number } | null | undefined }

export class Recorder {
  readonly steps: Step[] = []
  readonly startedAt = performance.now()
  readonly #stepOf = new WeakMap<object, number>()
  readonly #onStep: (step: Step) => void
  /** In the order of their beginnings; the first of them is not over. */
  #waiting: Begun[] = []
  #isClosed = false

  constructor(onStep: (step: Step) => void) {
    this.#onStep = onStep
  }

  get nowMs(): number {
    return Math.round(performance.now() - this.startedAt)
  }

  /** Begins a step. What comes back is called once, at its end: with what the step was, or with null where it failed. */
  begin(): (kind: StepKind | null) => void {
    const begun: Begun = { sinceMs: this.nowMs, over: undefined }
    this.#waiting.push(begun)
    return (kind) => {
      begun.over = kind && { kind, untilMs: this.nowMs }
      if (!this.#isClosed) this.#tellThoseOver()
    }
  }

  /** The act is at its end: steps that are over are told, and those that are not have shown nothing. */
  close(): void {
    this.#isClosed = true
    this.#waiting = this.#waiting.filter(({ over }) => over !== undefined)
    this.#tellThoseOver()
  }

  #tellThoseOver(): void {
    for (let first = this.#waiting[0]; first?.over !== undefined; first = this.#waiting[0]) {
      this.#waiting.shift()
      if (first.over !== null) this.#tell(first.sinceMs, first.over)
    }
  }

  #tell(sinceMs: number, { kind, untilMs }: NonNullable<Begun['over']>): void {
    const step: Step = { number: this.steps.length + 1, atMs: sinceMs, tookMs: untilMs - sinceMs, ...kind }
    this.steps.push(step)
    this.#stepOf.set(kind.saw, step.number)
    this.#onStep(step)
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
