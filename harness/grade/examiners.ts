/**
 * The processes that examine submissions, each in a network of its own and for one submission only. While one is at work
 * the next one is started and loads what it will need: on a machine with a core to spare nobody waits for that.
 */

import { join } from 'node:path'

import { waysToOwnNetworkAndMounts } from '../host/own-network.ts'
import { newMarker } from '../process/marker.ts'
import type { OwnNetworkProcess } from '../process/own-network.ts'
import { startInOwnNetwork } from '../process/own-network.ts'
import type { ToExaminer } from './examine-messages.ts'
import { makeStage, removeStage } from './stage-place.ts'

const ENTRY = join(import.meta.dirname, 'examine-entry.ts')

/** `marker` is in the environment of all that it starts. `stage`: an empty folder for the copy of a submission. */
export type Examiner = OwnNetworkProcess & { marker: string; stage: string }

/** `why`: no network of its own can be made here. */
type Start = Examiner | { why: string }

export class Examiners {
  readonly #runId: string
  readonly #ahead: Promise<Start>[] = []

  constructor(runId: string) {
    this.#runId = runId
  }

  /** One that was started ahead and is still there, else a new one. @throws where this machine could not start it */
  async take(): Promise<Start> {
    for (let next = this.#ahead.shift(); next; next = this.#ahead.shift()) {
      const started = await next.catch(() => null)
      if (!started || !('child' in started)) continue
      if (isThere(started)) return started
      removeStage(started.stage)
    }
    return await this.#start()
  }

  /** Starts one ahead, unless there are as many already as submissions to come. */
  prepare(task: Omit<ToExaminer & { tell: 'prepare' }, 'tell' | 'stage'>, toCome: number): void {
    if (this.#ahead.length >= toCome) return
    const start = this.#start()
    this.#ahead.push(start)
    start.then(
      (started) => {
        if (!('child' in started)) return
        const { child, stage } = started
        child.send({ tell: 'prepare', stage, ...task } satisfies ToExaminer, () => {})
      },
      // Told to whoever takes it.
      () => {},
    )
  }

  /** Ends those that nobody has taken. */
  async dismiss(): Promise<void> {
    for (const start of this.#ahead.splice(0)) {
      const started = await start.catch(() => null)
      if (!started || !('child' in started)) continue
      if (started.child.connected) started.child.disconnect()
      await started.gone
      removeStage(started.stage)
    }
  }

  async #start(): Promise<Start> {
    const marker = `${this.#runId}/${newMarker()}`
    const stage = makeStage()
    try {
      const started = await startInOwnNetwork(ENTRY, marker, waysToOwnNetworkAndMounts())
      if ('child' in started) return { ...started, marker, stage }
      removeStage(stage)
      return started
    } catch (error) {
      removeStage(stage)
      throw error
    }
  }
}

function isThere({ child }: Examiner): boolean {
  return child.connected && child.exitCode === null && child.signalCode === null
}
