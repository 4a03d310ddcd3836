/** The processes of a session: each opens what it is told. One that is started ahead spares a person the wait. */

import { Inconclusive } from '../domain/inconclusive.ts'
import type { Running } from '../process/running.ts'
import type { StageContext } from '../run/stage-context.ts'
import { becomeReady } from '../run/step-start.ts'

/** A program of labs/programs: it opens sockets as it is told, a line each. */
export const PROGRAM = 'sockets'

const MOST_AHEAD = 8

export class Processes {
  readonly #context: StageContext
  readonly #ahead: Promise<Running>[] = []
  /** How many more are to be started. */
  #wanted = 0

  constructor(context: StageContext) {
    this.#context = context
  }

  /** Starts more processes of our own user, to be taken later: few at a time, for each needs a processor to start. */
  startAhead(count: number): void {
    this.#wanted += count
    while (this.#wanted > 0 && this.#ahead.length < MOST_AHEAD) {
      this.#wanted -= 1
      const started = this.#start(null)
      // Whoever takes it hears of its failure.
      started.catch(() => {})
      this.#ahead.push(started)
    }
  }

  /** A process that has nothing open yet. `uid`: the user that it is to have, null for our own. */
  async take(uid: number | null): Promise<Running> {
    const ready = uid === null ? this.#ahead.shift() : undefined
    this.startAhead(0)
    return await (ready ?? this.#start(uid))
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
