/** So much at a time, in the order in which it was asked for. */
export class Places {
  #free: number
  readonly #waiting: (() => void)[] = []

  constructor(places: number) {
    this.#free = places
  }

  async take<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free -= 1
    else await new Promise<void>((resolve) => this.#waiting.push(resolve))
    try {
      return await work()
    } finally {
      // A place goes to who has waited longest.
      const next = this.#waiting.shift()
      if (next) next()
      else this.#free += 1
    }
  }
}
