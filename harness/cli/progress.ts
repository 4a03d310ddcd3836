/** One line on a terminal that says how far a run is, and goes when there is something to read. */

import type { Progress as Done } from '../domain/event.ts'

/** Goes to the first column and clears the line: ECMA-48, EL. */
const CLEAR = '\r\u001b[K'

export class Progress {
  readonly #stream: NodeJS.WriteStream
  /** Whether the stream is a terminal that can clear a line. */
  readonly #isAble: boolean
  #begun = 0
  #isShown = false

  /** @param stream standard error: what a report says must not have it in between. */
  constructor(stream: NodeJS.WriteStream, env: Readonly<Record<string, string | undefined>> = process.env) {
    this.#stream = stream
    this.#isAble = stream.isTTY && env['TERM'] !== 'dumb'
  }

  begin(lab: string, labs: number): void {
    this.#begun += 1
    this.#write(`lab ${this.#begun} of ${labs}: ${lab}`)
  }

  /** How far one long experiment is: `connections [#####     ] 33,000 of 66,000`, or what the width leaves of it. */
  show({ done, total, what }: Done): void {
    const share = total > 0 ? Math.min(1, done / total) : 0
    const words = [`${what} `, ` ${inThousands(done)} of ${inThousands(total)}`]
    const width = Math.min(40, this.#width - words.join('').length - 2)
    const filled = Math.round(share * width)
    const percent = `${Math.round(share * 100)} %`
    const bar = () => words.join(`[${'#'.repeat(filled)}${' '.repeat(width - filled)}]`)
    this.#write(width < 5 ? `${percent} ${what}` : bar())
  }

  clear(): void {
    if (this.#isShown) this.#stream.write(CLEAR)
    this.#isShown = false
  }

  /** In the last column some terminals go on to the next line, which nobody would clear. */
  get #width(): number {
    return (this.#stream.columns || 80) - 1
  }

  #write(line: string): void {
    if (!this.#isAble) return
    const isWhole = line.length <= this.#width
    this.#stream.write(CLEAR + (isWhole ? line : line.slice(0, this.#width).replace(/ \S*$/, '')))
    this.#isShown = true
  }
}

/** `66,000`, whatever the locale. */
function inThousands(number: number): string {
  return number.toLocaleString('en')
}
