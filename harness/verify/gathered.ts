/** What a run came to, gathered from its events while they pass: the same for a fresh run and for one told again. */

import type { RunEvent } from '../domain/event.ts'
import type { LabEvidence, SavedAnswer, SavedRun } from '../domain/evidence.ts'
import { SAVED_FORMAT, SAVED_VERSION } from '../domain/evidence.ts'
import type { Machine } from '../domain/machine.ts'
import type { CheckResult } from '../domain/verdict.ts'
import { savedAnswer } from '../run/saved-answer.ts'

export class Gathered {
  machine: Machine | null = null
  readonly results: CheckResult[] = []
  readonly labs: LabEvidence[] = []
  #start: Extract<RunEvent, { type: 'run-start' }> | null = null
  #isInterrupted = false
  readonly #answers: SavedAnswer[] = []

  hear(event: RunEvent): void {
    if (event.type === 'run-start') this.#start = event
    else if (event.type === 'interrupted') this.#isInterrupted = true
    else if (event.type === 'machine') this.machine = event.machine
    else if (event.type === 'lab-start') {
      this.labs.push({ lab: event.lab.id, round: event.lab.round, acts: [], durationMs: 0 })
    } else if (event.type === 'act-end') this.labs.at(-1)?.acts.push(event.evidence)
    else if (event.type === 'check') this.#hearCheck(event.result)
    else if (event.type === 'lab-end') Object.assign(this.labs.at(-1) ?? {}, { durationMs: event.durationMs })
  }

  /** Without what an interruption left open: that says nothing about this machine. */
  get answers(): SavedAnswer[] {
    return this.#isInterrupted ? this.#answers.filter(({ observed }) => observed !== null) : this.#answers
  }

  get isInterrupted(): boolean {
    return this.#isInterrupted
  }

  /** This run as a file would have it. */
  asSaved(): SavedRun | null {
    if (this.#start === null) return null
    const { host, startedAt } = this.#start
    const [labs, answers, machine] = [this.labs, this.answers, this.machine]
    return { format: SAVED_FORMAT, version: SAVED_VERSION, startedAt, durationMs: 0, host, machine, labs, answers }
  }

  #hearCheck(result: CheckResult): void {
    this.results.push(result)
    this.#answers.push(savedAnswer(result, this.labs.at(-1)?.round ?? 1))
  }
}
