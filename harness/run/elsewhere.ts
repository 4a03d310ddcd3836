/**
 * Performs an act in a network of its own, by a second process of the harness. The process is started ahead of its act,
 * so that it is ready when its turn comes. It serves one act: no call of Node's brings it into a fresh network.
 */

import { join } from 'node:path'

import type { Progress } from '../domain/event.ts'
import type { ActEvidence, Step } from '../domain/evidence.ts'
import { unseenAct } from '../domain/evidence.ts'
import type { Capability } from '../domain/lab.ts'
import { Inconclusive, StrangerOnPort } from '../domain/inconclusive.ts'
import { probe } from '../host/capabilities.ts'
import { ELSEWHERE_TOO, pythonFile } from '../host/tools.ts'
import { killMarked, newMarker } from '../process/marker.ts'
import type { OwnNetworkProcess } from '../process/own-network.ts'
import { startInOwnNetwork } from '../process/own-network.ts'
import { waitFor } from '../process/wait.ts'
import type { FromElsewhere, ToElsewhere } from './elsewhere-messages.ts'
import type { Limits } from './limits.ts'

const ENTRY = join(import.meta.dirname, 'elsewhere-entry.ts')

type Said<K extends FromElsewhere['say']> = Extract<FromElsewhere, { say: K }>

export type ElsewhereOptions = {
  folder: string
  lab: string
  act: string
  /** What the act or its checks require. */
  requires: readonly Capability[]
  runId: string
  limits: Limits
}

export type Performing = Omit<Extract<ToElsewhere, { tell: 'perform' }>, 'tell' | 'runId' | 'slowestStartMs'> & {
  signal: AbortSignal
  onStep: (step: Step) => void
  onProgress: (progress: Progress) => void
}

export class Elsewhere {
  readonly #options: ElsewhereOptions
  /** Marks the process and all that it starts, so that all can be ended without it. */
  readonly #marker: string
  readonly #listeners = new Set<() => void>()
  #process: OwnNetworkProcess | undefined
  /** Why there is no network of its own here. */
  #whyNone: string | undefined
  #prepared: Said<'prepared'> | undefined
  #last: Said<'performed' | 'again'> | undefined
  #end: string | undefined
  readonly #steps: Step[] = []
  #performing: Performing | undefined

  constructor(options: ElsewhereOptions) {
    this.#options = options
    this.#marker = `${options.runId}/${newMarker()}`
    this.#start().catch((error: unknown) => {
      const why = error instanceof Inconclusive ? error.message : String(error)
      this.#end = `nothing could be started in a network of its own: ${why}`
      this.#changed()
    })
  }

  /** The reason for a skip, or null. @throws Inconclusive where the process is of no use. */
  async whySkipped(signal: AbortSignal): Promise<string | null> {
    const why = () => (this.#whyNone === undefined ? undefined : `own-network: ${this.#whyNone}`)
    const answer = await waitFor(() => why() ?? this.#prepared ?? this.#orEnd(), {
      // A probe gives a tool that hangs ten seconds, and then names it: that answer is to come first.
      limitMs: 2 * this.#options.limits.stepMs,
      signal,
      what: 'a process of the harness to be ready in a network of its own',
      onChange: this.#onChange,
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
    this.#tell({ tell: 'perform', runId: this.#marker, fault, slowestStartMs, full, port, notes })
    let kill: NodeJS.Timeout | undefined
    const stop = () => {
      this.#tell({ tell: 'stop', why: (signal.reason as Error).message })
      // It ends its programs first, which takes a moment; one that does not even hear this is ended with them.
      kill = setTimeout(() => this.#kill(), limits.rowMs)
    }
    signal.addEventListener('abort', stop)
    if (signal.aborted) stop()
    try {
      const last = await waitFor(() => this.#last ?? this.#orEnd(), {
        // Its own limit comes first; this one is for a process that does not even hear its timers.
        limitMs: limits.actMs + limits.stepMs,
        signal: new AbortController().signal,
        what: `act ${act} to end in its network`,
        onChange: this.#onChange,
      })
      if (last.say === 'again') throw new StrangerOnPort(last.why)
      limits.learnStart(last.slowestStartMs)
      return { ...last.evidence, steps: this.#steps, network: 'own' }
    } catch (error) {
      if (error instanceof StrangerOnPort && !signal.aborted) throw error
      this.#kill()
      const { message } = (signal.aborted ? signal.reason : error) as Error
      const durationMs = Math.round(performance.now() - since)
      return { ...unseenAct(act, message), port, notes, steps: this.#steps, network: 'own', durationMs }
    } finally {
      clearTimeout(kill)
      signal.removeEventListener('abort', stop)
    }
  }

  /** Lets the process go, and waits until it is gone with its network. */
  async end(): Promise<void> {
    const { stepMs } = this.#options.limits
    const isOver = () => this.#whyNone ?? this.#end
    const limit = { signal: new AbortController().signal, what: 'the process to end', onChange: this.#onChange }
    const leave = () => {
      // Without its channel it has nobody to perform for.
      if (this.#process?.child.connected === true) this.#process.child.disconnect()
      return isOver()
    }
    await waitFor(leave, { ...limit, limitMs: stepMs }).catch(() => this.#kill())
  }

  async #start(): Promise<void> {
    const { folder, lab, act, requires } = this.#options
    const started = await startInOwnNetwork(ENTRY, this.#marker)
    if ('why' in started) this.#whyNone = started.why
    else {
      this.#process = started
      started.child.on('message', (message: FromElsewhere) => this.#hear(message))
      void started.gone.then((how) => {
        this.#end = `the process that was to perform the act in a network of its own has gone: ${how}`
        this.#changed()
      })
      // Which tools there are is found out once, not in every network again.
      const tools = requires.filter((capability) => ELSEWHERE_TOO.includes(capability))
      const known = await Promise.all(tools.map((capability) => probe(capability)))
      this.#tell({ tell: 'prepare', folder, lab, act, known, python: pythonFile() })
    }
    this.#changed()
  }

  #tell(message: ToElsewhere): void {
    // A process that has just ended makes the channel fail: its end is told by `close`.
    this.#process?.child.send(message, () => {})
  }

  #hear(message: FromElsewhere): void {
    if (message.say === 'step') {
      this.#steps.push(message.step)
      this.#performing?.onStep(message.step)
    } else if (message.say === 'progress') this.#performing?.onProgress(message.progress)
    else if (message.say === 'prepared') this.#prepared = message
    else this.#last = message
    this.#changed()
  }

  #orEnd(): undefined {
    if (this.#end !== undefined) throw new Inconclusive(this.#end)
  }

  #kill(): void {
    killMarked(this.#marker)
  }

  #onChange = (look: () => void): (() => void) => {
    this.#listeners.add(look)
    return () => this.#listeners.delete(look)
  }

  #changed(): void {
    for (const listener of this.#listeners) listener()
  }
}
