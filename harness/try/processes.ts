/** The processes of a session: each opens what it is told. One that is started ahead spares a person the wait. */

import { Inconclusive } from '../domain/inconclusive.ts'
import type { Running } from '../process/running.ts'
import type { StageContext } from '../run/stage-context.ts'
import { becomeReady } from '../run/step-start.ts'

/** A program of labs/programs: it opens sockets as it is told, a line each. */
export const PROGRAM = 'sockets'

export class Processes {
  readonly #context: StageContext
  /** By user id, `null` for our own. */
  readonly #ahead = new Map<number | null, Promise<Running>[]>()

  constructor(context: StageContext) {
    this.#context = context
  }

  /** Starts one more process of this user, to be taken later. */
  startAhead(uid: number | null): void {
    const started = this.#start(uid)
    // Whoever takes it hears of its failure.
    started.catch(() => {})
    this.#ahead.set(uid, [...(this.#ahead.get(uid) ?? []), started])
  }

  /** A process of this user that has nothing open yet. */
  async take(uid: number | null): Promise<Running> {
    return await (this.#ahead.get(uid)?.shift() ?? this.#start(uid))
  }

  async #start(uid: number | null): Promise<Running> {
    const { cast, limits, recorder } = this.#context
    const since = recorder.nowMs
    const running = await cast.start(PROGRAM, [], uid === null ? {} : { SOCKET_LABS_UID: String(uid) })
    const { outcome } = await becomeReady(this.#context, running)
    if (outcome !== 'running') throw new Inconclusive(`${PROGRAM} (process ${running.pid}) says ${outcome} at its start`)
    limits.learnStart(recorder.nowMs - since)
    return running
  }
}
