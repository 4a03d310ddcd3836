/** One line on a terminal that says how far a run is, and goes when there is something to read. */

import type { Progress as Done } from '../domain/event.ts'

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

  /** How far one long experiment is: `connections [#####     ] 33,000 of 66,000`, cut to the width of the terminal. */
  show({ done, total, what }: Done): void {
    if (!this.#stream.isTTY) return
    this.#begun += 1
    const share = total > 0 ? Math.min(1, done / total) : 0
    const words = [`${what} `, ` ${inThousands(done)} of ${inThousands(total)}`]
    const room = (this.#stream.columns || 80) - words.join('').length - 3
    const width = Math.min(40, room)
    const filled = Math.round(share * width)
    const line =
      width < 5 ? `${Math.round(share * 100)} %` : words.join(`[${'#'.repeat(filled)}${' '.repeat(width - filled)}]`)
    this.#stream.write(`${CLEAR}${line}`)
  }

  clear(): void {
    if (this.#stream.isTTY && this.#begun > 0) this.#stream.write(CLEAR)
  }
}

/** `66,000`, whatever the locale. */
function inThousands(number: number): string {
  return number.toLocaleString('en')
}
