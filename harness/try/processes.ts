/** The processes of a session: each opens what it is told. One that is started ahead spares a person the wait. */

import { Inconclusive } from '../domain/inconclusive.ts'
import type { Running } from '../process/running.ts'
import type { StageContext } from '../run/stage-context.ts'
import { becomeReady } from '../run/step-start.ts'

/** A program of labs/programs: it opens sockets as it is told, a line each. */
export const PROGRAM = 'sockets'

export class Processes {
  readonly #context: StageContext
  readonly #ahead: Promise<Running>[] = []

  constructor(context: StageContext) {
    this.#context = context
  }

  /** Starts one more process of our own user, to be taken later. */
  startAhead(): void {
    const started = this.#start(null)
    // Whoever takes it hears of its failure.
    started.catch(() => {})
    this.#ahead.push(started)
  }

  /** A process that has nothing open yet. `uid`: the user that it is to have, null for our own. */
  async take(uid: number | null): Promise<Running> {
    return await ((uid === null ? this.#ahead.shift() : undefined) ?? this.#start(uid))
  }

  async #start(uid: number | null): Promise<Running> {
    const { cast, limits, recorder } = this.#context
    const since = recorder.nowMs
    const running = await cast.start(PROGRAM, [], uid === null ? {} : { SOCKET_LABS_UID: String(uid) })
    const { outcome } = await becomeReady(this.#context, running)
    if (outcome !== 'running')
      throw new Inconclusive(`${PROGRAM} (process ${running.pid}) says ${outcome} at its start`)
    limits.learnStart(recorder.nowMs - since)
    return running
  }
}
