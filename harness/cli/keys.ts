/** Single keys from a terminal. Keys that come faster than they are read wait in line. */

import { emitKeypressEvents } from 'node:readline'

export type Key = { name?: string; sequence?: string; ctrl?: boolean }

export class Keys {
  readonly #stdin: NodeJS.ReadStream
  readonly #waiting: Key[] = []
  #wake: () => void = () => {}

  constructor(stdin: NodeJS.ReadStream) {
    this.#stdin = stdin
    emitKeypressEvents(stdin)
    const take = (key: Key) => {
      this.#waiting.push(key)
      this.#wake()
    }
    stdin.on('keypress', (_text: string | undefined, key: Key) => take(key))
    stdin.on('end', () => take({ name: 'end' }))
    this.listen(false)
  }

  /** While listening, the terminal hands over each key at once; otherwise it works as usual, Ctrl-C included. */
  listen(on: boolean): void {
    this.#stdin.setRawMode(on)
    if (on) this.#stdin.resume()
    else this.#stdin.pause()
  }

  /** The next key; the key `end` where the terminal is gone or the signal was aborted. */
  async next(signal: AbortSignal): Promise<Key> {
    while (this.#waiting.length === 0 && !signal.aborted) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve
        signal.addEventListener('abort', () => resolve(), { once: true })
      })
    }
    return this.#waiting.shift() ?? { name: 'end' }
  }
}
