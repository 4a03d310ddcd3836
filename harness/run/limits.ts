/** Upper bounds for waiting, layered and scaled to how long it takes to start a process on this machine right now. */

import { stretchFor } from '../command/patience.ts'

export class Limits {
  /** The bound for one lab, as a person asked for it, in milliseconds. */
  readonly #labMs: number | undefined
  #slowestStartMs: number
  /** The long form of a lab takes longer, and each of its steps does not. */
  readonly #longer: number

  constructor(options: { labMs: number | undefined; ownStartMs: number; full?: boolean }) {
    this.#labMs = options.labMs
    this.#longer = options.full === true ? 10 : 1
    this.#slowestStartMs = options.ownStartMs
  }

  /** Learns from every program that became ready. */
  learnStart(ms: number): void {
    this.#slowestStartMs = Math.max(this.#slowestStartMs, ms)
  }

  /** For a second process of the harness, which starts with what this one knows. */
  get slowestStartMs(): number {
    return this.#slowestStartMs
  }

  get scale(): number {
    return stretchFor(this.#slowestStartMs)
  }

  /** One step: a program that must become ready, a client that must be served, a process that must end. */
  get stepMs(): number {
    return 8_000 * this.scale
  }

  /** A handed-in program, which announces nothing: to have a socket, to serve a client, to end by itself. */
  get readyMs(): number {
    return 4_000 * this.scale
  }

  /** A row that the program has already announced. */
  get rowMs(): number {
    return 2_000 * this.scale
  }

  /** Silence where no table shows that packets are sent again. Stated in the narration. */
  get silenceMs(): number {
    return 1_500 * this.scale
  }

  get actMs(): number {
    return 30_000 * this.scale * this.#longer
  }

  get labMs(): number {
    return this.#labMs ?? 60_000 * this.scale * this.#longer
  }
}
