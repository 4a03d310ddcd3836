/** One act that is performed in a network of its own, by a second process of the harness. */

import type { Progress } from '../domain/event.ts'
import type { ActEvidence, Step } from '../domain/evidence.ts'
import { unseenAct } from '../domain/evidence.ts'
import { Inconclusive, StrangerOnPort } from '../domain/inconclusive.ts'
import type { Capability } from '../domain/lab.ts'
import { probe } from '../host/capabilities.ts'
import { ELSEWHERE_TOO, pythonFile } from '../host/tools.ts'
import { newMarker } from '../process/marker.ts'
import { waitFor } from '../process/wait.ts'
import { SERVED_BEFORE } from './elsewhere-messages.ts'
import type { FromElsewhere, Outcome, ToElsewhere } from './elsewhere-messages.ts'
import type { Limits } from './limits.ts'
import type { NetworkProcess } from './network-process.ts'
import type { NetworkProcesses } from './network-processes.ts'

type Said<K extends FromElsewhere['say']> = Extract<FromElsewhere, { say: K }>

export type ElsewhereOptions = {
  folder: string
  lab: string
  act: string
  /** What the act or its checks require. */
  requires: readonly Capability[]
  networks: NetworkProcesses
  limits: Limits
}

export type Performing = Omit<Extract<ToElsewhere, { tell: 'perform' }>, 'tell' | 'runId' | 'slowestStartMs'> & {
  signal: AbortSignal
  onStep: (step: Step) => void
  onProgress: (progress: Progress) => void
}

export class Elsewhere {
  readonly #options: ElsewhereOptions
  readonly #process: NetworkProcess
  #prepared: Said<'prepared'> | undefined
  #problem: string | undefined
  #last: Outcome | undefined
  /** A process that was told to stop is of no use any more. */
  #isStopped = false
  readonly #steps: Step[] = []
  #performing: Performing | undefined

  /** Takes a process, and has it load the lab. */
  constructor(options: ElsewhereOptions) {
    this.#options = options
    this.#process = options.networks.take()
    this.#process.onMessage = (message) => this.#hear(message)
    // A machine may have no process left for a probe: that is no answer, and not this act's fault.
    this.#prepare().catch((error: unknown) => {
      this.#problem = `no act could be got ready there: ${error instanceof Error ? error.message : String(error)}`
    })
  }

  /** The reason for a skip, or null. @throws Inconclusive where the process is of no use, StrangerOnPort as `perform`. */
  async whySkipped(signal: AbortSignal): Promise<string | null> {
    const answer = await waitFor(() => this.#whyNone ?? this.#orEnd() ?? this.#prepared, {
      // A probe gives a tool that hangs ten seconds, and then names it: that answer is to come first.
      limitMs: 2 * this.#options.limits.stepMs,
      signal,
      what: 'a process of the harness to be ready in a network of its own',
      onChange: this.#process.onChange,
    })
    if (typeof answer === 'string') return answer
    if (answer.problem !== null) throw new Inconclusive(answer.problem)
    return answer.skipped
  }

  /** @throws StrangerOnPort when the act is to run again. */
  async perform(performing: Performing): Promise<ActEvidence> {
    const { signal, fault, full, port, notes } = performing
    const { limits, act } = this.#options
    const since = performance.now()
    this.#performing = performing
    const { slowestStartMs } = limits
    // The process serves other acts too: what belongs to this one has a marker of its own.
    const runId = `${this.#process.marker}/${newMarker()}`
    this.#process.tell({ tell: 'perform', runId, fault, slowestStartMs, full, port, notes })
    let kill: NodeJS.Timeout | undefined
    const stop = () => {
      // What it said last may have come just now: then it is not ours any more.
      if (this.#last) return
      this.#isStopped = true
      this.#process.tell({ tell: 'stop', why: (signal.reason as Error).message })
      // It ends its programs first, which takes a moment; one that does not even hear this is ended with them.
      kill = setTimeout(() => this.#process.kill(), limits.rowMs)
    }
    signal.addEventListener('abort', stop)
    if (signal.aborted) stop()
    try {
      const last = await waitFor(() => this.#last ?? this.#orEnd(), {
        // Its own limit comes first; this one is for a process that does not even hear its timers.
        limitMs: limits.actMs + limits.stepMs,
        signal: new AbortController().signal,
        what: `act ${act} to end in its network`,
        onChange: this.#process.onChange,
      })
      if (last.say === 'again') throw new StrangerOnPort(last.why)
      limits.learnStart(last.slowestStartMs)
      return { ...last.evidence, steps: this.#steps, network: 'own' }
    } catch (error) {
      if (!this.#last) this.#process.kill()
      if (error instanceof StrangerOnPort && !signal.aborted) throw error
      const { message } = (signal.aborted ? signal.reason : error) as Error
      const durationMs = Math.round(performance.now() - since)
      return { ...unseenAct(act, message), port, notes, steps: this.#steps, network: 'own', durationMs }
    } finally {
      clearTimeout(kill)
      signal.removeEventListener('abort', stop)
    }
  }

  /** Gives the process back where the act is not performed after all. */
  release(): void {
    if (this.#prepared && !this.#performing) this.#options.networks.giveBack(this.#process)
  }

  async #prepare(): Promise<void> {
    const { folder, lab, act, requires } = this.#options
    await this.#process.started
    if (!this.#process.isThere) return
    // Which tools there are is found out once, not in every network again.
    const tools = requires.filter((capability) => ELSEWHERE_TOO.includes(capability))
    const known = await Promise.all(tools.map((capability) => probe(capability)))
    this.#process.tell({ tell: 'prepare', folder, lab, act, known, python: pythonFile() })
  }

  #hear(message: FromElsewhere): void {
    if (message.say === 'step') {
      this.#steps.push(message.step)
      this.#performing?.onStep(message.step)
    } else if (message.say === 'progress') this.#performing?.onProgress(message.progress)
    else if (message.say === 'prepared') this.#prepared = message
    else {
      this.#last = message
      if (message.isFree && !this.#isStopped) this.#options.networks.giveBack(this.#process)
    }
  }

  get #whyNone(): string | undefined {
    const { whyNone } = this.#process
    return whyNone === undefined ? undefined : `own-network: ${whyNone}`
  }

  #orEnd(): undefined {
    try {
      this.#process.throwIfEnded()
    } catch (error) {
      if (!this.#process.hasServed) throw error
      // It may have ended of what an earlier act had dropped: this act is not to suffer for that.
      throw new StrangerOnPort(`${SERVED_BEFORE}, and ${(error as Error).message}`)
    }
    if (this.#problem !== undefined) throw new Inconclusive(this.#problem)
  }
}
