/** The acts of one lab that have a network of their own: the process for each is got ready one act ahead. */

import type { AnyAct, Capability } from '../domain/lab.ts'
import type { LoadedLab } from '../domain/loaded-lab.ts'
import { Elsewhere } from './elsewhere.ts'
import type { Limits } from './limits.ts'
import type { NetworkProcesses } from './network-processes.ts'

export class OwnNetworks {
  readonly #loaded: LoadedLab
  readonly #context: { networks: NetworkProcesses; limits: Limits }
  /** All acts of the lab, in their order. */
  readonly #acts: string[]
  readonly #waiting = new Map<string, Elsewhere>()

  constructor(loaded: LoadedLab, context: { networks: NetworkProcesses; limits: Limits }) {
    this.#loaded = loaded
    this.#context = context
    this.#acts = loaded.defect === null ? Object.keys(loaded.lab.acts) : []
    this.#prepareAhead(this.#acts[0])
  }

  /** Called when an act begins: the process for it, where it needs one. The next act is got ready now. */
  take(act: string): Elsewhere | null {
    this.#prepareFor(act)
    const elsewhere = this.#waiting.get(act) ?? null
    this.#waiting.delete(act)
    this.#prepareAhead(this.#acts[this.#acts.indexOf(act) + 1])
    return elsewhere
  }

  /** Gives back what was got ready and not taken. */
  release(): void {
    for (const elsewhere of this.#waiting.values()) elsewhere.release()
  }

  #prepareAhead(act: string | undefined): void {
    if (this.#context.networks.hasOneAhead) this.#prepareFor(act)
  }

  #prepareFor(act: string | undefined): void {
    const { folder, id, lab } = this.#loaded
    const declared = act === undefined ? undefined : lab.acts[act]
    if (act === undefined || declared?.network !== 'own' || this.#waiting.has(act)) return
    const requires = whatRequires(declared)
    this.#waiting.set(act, new Elsewhere({ folder, lab: id, act, requires, ...this.#context }))
  }
}

function whatRequires({ requires = [], checks }: AnyAct): Capability[] {
  return [...new Set([...requires, ...Object.values(checks).flatMap((check) => check.requires ?? [])])]
}
