/** A second process of the harness, in a network of its own, as the first one sees it: told things, heard, and ended. */

import { join } from 'node:path'

import { Inconclusive } from '../domain/inconclusive.ts'
import { killMarked, newMarker } from '../process/marker.ts'
import type { OwnNetworkProcess } from '../process/own-network.ts'
import { startInOwnNetwork } from '../process/own-network.ts'
import { waitFor } from '../process/wait.ts'
import type { FromElsewhere, ToElsewhere } from './elsewhere-messages.ts'

const ENTRY = join(import.meta.dirname, 'elsewhere-entry.ts')

export class NetworkProcess {
  /** Stands in the environment of the process and of all that it starts, so that all can be ended without it. */
  readonly marker: string
  /** Settled when it is there, or it is known that it will not be. */
  readonly started: Promise<void>
  /** Hears what it says; the one for whom it works takes this over. */
  onMessage: (message: FromElsewhere) => void = () => {}
  /** It has performed for another act before. */
  hasServed = false
  readonly #listeners = new Set<() => void>()
  #process: OwnNetworkProcess | undefined
  #whyNone: string | undefined
  #end: string | undefined

  constructor(runId: string) {
    this.marker = `${runId}/${newMarker()}`
    this.started = this.#start().catch((error: unknown) => {
      const why = error instanceof Inconclusive ? error.message : String(error)
      this.#end = `nothing could be started in a network of its own: ${why}`
      this.#changed()
    })
  }

  /** Why there is no network of its own here. */
  get whyNone(): string | undefined {
    return this.#whyNone
  }

  get hasEnded(): boolean {
    return this.#end !== undefined || this.#whyNone !== undefined
  }

  /** It can be told something. */
  get isThere(): boolean {
    return this.#process !== undefined && !this.hasEnded
  }

  /** @throws Inconclusive where the process has ended. */
  throwIfEnded(): void {
    if (this.#end !== undefined) throw new Inconclusive(this.#end)
  }

  tell(message: ToElsewhere): void {
    // A process that has just ended makes the channel fail: its end is told by `close`.
    this.#process?.child.send(message, () => {})
  }

  /** Calls `look` at every message and at the end; returns the way to stop that. */
  onChange = (look: () => void): (() => void) => {
    this.#listeners.add(look)
    return () => this.#listeners.delete(look)
  }

  /** Ends it, and all that it started, with SIGKILL. */
  kill(): void {
    killMarked(this.marker)
  }

  /** Lets the process go, and waits until it is gone with its network. */
  async end(limitMs: number): Promise<void> {
    const leave = () => {
      // Without its channel it has nobody to perform for.
      if (this.#process?.child.connected === true) this.#process.child.disconnect()
      return this.#whyNone ?? this.#end
    }
    const limit = { limitMs, signal: new AbortController().signal, what: 'the process to end', onChange: this.onChange }
    await waitFor(leave, limit).catch(() => this.kill())
  }

  async #start(): Promise<void> {
    const started = await startInOwnNetwork(ENTRY, this.marker)
    if ('why' in started) this.#whyNone = started.why
    else {
      this.#process = started
      started.child.on('message', (message: FromElsewhere) => {
        this.onMessage(message)
        this.#changed()
      })
      void started.gone.then((how) => {
        this.#end = `the process that was to perform the act in a network of its own has gone: ${how}`
        this.#changed()
      })
    }
    this.#changed()
  }

  #changed(): void {
    for (const listener of this.#listeners) listener()
  }
}
