/** The processes in which a lab performs its acts with a network of their own: each is started one act ahead. */

import type { AnyAct, Capability } from '../domain/lab.ts'
import type { LoadedLab } from '../domain/loaded-lab.ts'
import { Elsewhere } from './elsewhere.ts'
import type { Limits } from './limits.ts'

export class OwnNetworks {
  readonly #loaded: LoadedLab
  readonly #context: { runId: string; limits: Limits }
  /** The acts that need one, in their order. */
  readonly #acts: string[]
  readonly #waiting = new Map<string, Elsewhere>()
  readonly #all: Elsewhere[] = []

  constructor(loaded: LoadedLab, context: { runId: string; limits: Limits }) {
    this.#loaded = loaded
    this.#context = context
    const acts = loaded.defect === null ? Object.entries(loaded.lab.acts) : []
    this.#acts = acts.flatMap(([name, { network }]) => (network === 'own' ? [name] : []))
    this.#startFor(this.#acts[0])
  }

  /** The process for this act; each serves once. The one for the next act starts now. */
  take(act: string): Elsewhere {
    this.#startFor(act)
    const elsewhere = this.#waiting.get(act) as Elsewhere
    this.#waiting.delete(act)
    this.#startFor(this.#acts[this.#acts.indexOf(act) + 1])
    return elsewhere
  }

  async end(): Promise<void> {
    await Promise.all(this.#all.map((elsewhere) => elsewhere.end()))
  }

  #startFor(act: string | undefined): void {
    if (act === undefined || this.#waiting.has(act)) return
    const { folder, id, lab } = this.#loaded
    const requires = lab.acts[act] ? whatRequires(lab.acts[act]) : []
    const elsewhere = new Elsewhere({ folder, lab: id, act, requires, ...this.#context })
    this.#waiting.set(act, elsewhere)
    this.#all.push(elsewhere)
  }
}

function whatRequires({ requires = [], checks }: AnyAct): Capability[] {
  return [...new Set([...requires, ...Object.values(checks).flatMap((check) => check.requires ?? [])])]
}
