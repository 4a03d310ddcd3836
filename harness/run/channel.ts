/** A queue between a lab that runs and the one who reads: events are put in at once and taken out in order. */

export class Channel<T> {
  readonly #queue: T[] = []
  #closed = false
  #wake: (() => void) | undefined

  put(value: T): void {
    this.#queue.push(value)
    this.#wake?.()
  }

  close(): void {
    this.#closed = true
    this.#wake?.()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    while (true) {
      while (this.#queue.length > 0) yield this.#queue.shift() as T
      if (this.#closed) return
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
      this.#wake = undefined
    }
  }
}
