/** Hands events to a reporter one by one, and knows when it has written what it has to say about each. */

import type { Reporter, RunEvent } from '../domain/event.ts'
import type { Sink } from './sink.ts'

export class Telling {
  readonly #written: Promise<void>
  /** Settled when the reporter asks for an event. */
  #asked = Promise.withResolvers<void>()
  #deliver: (event: RunEvent | undefined) => void = () => {}

  constructor(reporter: Reporter, sink: Sink) {
    this.#written = this.#writeAll(reporter, sink)
    // A failure is met in tell() or finish(); until then it must not count as unhandled.
    this.#written.catch(() => {})
  }

  /** Resolves when the reporter comes back for the next event: its text has been written by then. */
  async tell(event: RunEvent): Promise<void> {
    await this.#give(event)
    await Promise.race([this.#asked.promise, this.#written])
  }

  async finish(): Promise<void> {
    await this.#give(undefined)
    await this.#written
  }

  async #give(event: RunEvent | undefined): Promise<void> {
    await Promise.race([this.#asked.promise, this.#written])
    this.#asked = Promise.withResolvers<void>()
    this.#deliver(event)
  }

  async #writeAll(reporter: Reporter, sink: Sink): Promise<void> {
    for await (const text of reporter(this.#events())) await sink.write(text)
  }

  async *#events(): AsyncGenerator<RunEvent> {
    while (true) {
      const next = Promise.withResolvers<RunEvent | undefined>()
      this.#deliver = next.resolve
      this.#asked.resolve()
      const event = await next.promise
      if (event === undefined) return
      yield event
    }
  }
}
