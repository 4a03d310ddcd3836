/** One line on a terminal that says how far a run is, and goes when there is something to read. */

/** Goes to the first column and clears the line: ECMA-48, EL. */
const CLEAR = '\r\u001b[K'

export class Progress {
  readonly #stream: NodeJS.WriteStream
  #begun = 0

  /** @param stream standard error: what a report says must not have it in between. */
  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream
  }

  begin(lab: string, labs: number): void {
    this.#begun += 1
    if (this.#stream.isTTY) this.#stream.write(`${CLEAR}lab ${this.#begun} of ${labs}: ${lab}`)
  }

  clear(): void {
    if (this.#stream.isTTY && this.#begun > 0) this.#stream.write(CLEAR)
  }
}
