/** Runs one lab: leases a port, performs act after act, and tells everything as events. */

import type { LabHeader, Progress, RunEvent } from '../domain/event.ts'
import type { ActEvidence, HostFacts, LabEvidence, Step } from '../domain/evidence.ts'
import { unseenAct } from '../domain/evidence.ts'
import { Inconclusive, StrangerOnPort } from '../domain/inconclusive.ts'
import type { AnyAct } from '../domain/lab.ts'
import type { LoadedLab } from '../domain/loaded-lab.ts'
import { whyNotFree } from '../network/free.ts'
import type { Lease } from '../network/lease.ts'
import { leasePort } from '../network/lease.ts'
import { judgeActs } from '../theories/judge.ts'
import { performAct, whySkipped } from './act.ts'
import type { Fault } from './cast.ts'
import type { Elsewhere } from './elsewhere.ts'
import type { Limits } from './limits.ts'
import type { NetworkProcesses } from './network-processes.ts'
import { OwnNetworks } from './own-networks.ts'
import { rowsOnPort, whyNotFresh } from './rows.ts'
import type { Predict } from './tell.ts'
import { startAct, tellAct, tellLabEnd } from './tell.ts'

/** The number that the documents use. */
const DOCUMENTS_PORT = 8080
const RUNS_AFTER_STRANGERS = 3

export type LabContext = {
  runId: string
  host: HostFacts
  limits: Limits
  /** Those of the whole run. */
  networks: NetworkProcesses
  fault: Fault
  /** A port that a person asked for, or null. */
  port: number | null
  /** Whether the person asked for the long form with `--full`. */
  full: boolean
  predict: Predict | undefined
  signal: AbortSignal
}

export async function runLab(
  loaded: LoadedLab,
  header: LabHeader,
  context: LabContext,
  emit: (event: RunEvent) => void,
): Promise<LabEvidence> {
  const { limits, host } = context
  const startedAt = performance.now()
  const timeUp = new AbortController()
  const giveUp = () => timeUp.abort(new Inconclusive(`the lab took longer than ${limits.labMs / 1000} s`))
  let timer = setTimeout(giveUp, limits.labMs)
  // A person who thinks about a question has all the time in the world.
  const predict: Predict | undefined =
    context.predict &&
    (async (...question) => {
      clearTimeout(timer)
      const answer = await context.predict?.(...question)
      timer = setTimeout(giveUp, limits.labMs)
      return answer ?? {}
    })
  const lab = new LabRun(
    loaded,
    { ...context, predict, signal: AbortSignal.any([context.signal, timeUp.signal]) },
    emit,
  )
  const acts: ActEvidence[] = []
  emit({ type: 'lab-start', lab: header })
  const results = []
  for (const [name, act] of Object.entries(loaded.lab.acts)) {
    const { evidence, predictions } = await lab.act(name, act)
    acts.push(evidence)
    results.push(...tellAct(loaded, evidence, host, predictions, emit))
  }
  clearTimeout(timer)
  await lab.release()
  const durationMs = Math.round(performance.now() - startedAt)
  tellLabEnd(loaded, header, results, judgeActs(acts, host), durationMs, emit)
  return { lab: loaded.id, round: header.round, acts, durationMs }
}

/** One lab's port, which all its acts share unless a stranger takes it. */
class LabRun {
  readonly #loaded: LoadedLab
  readonly #context: LabContext
  readonly #emit: (event: RunEvent) => void
  #lease: Lease | undefined
  readonly #furtherLeases: Lease[] = []
  /** Null where the lab is told to end before it began. */
  readonly #networks: OwnNetworks | null
  #notes: string[] = []

  constructor(loaded: LoadedLab, context: LabContext, emit: (event: RunEvent) => void) {
    this.#loaded = loaded
    this.#context = context
    this.#emit = emit
    this.#networks = context.signal.aborted ? null : new OwnNetworks(loaded, context)
  }

  async act(name: string, act: AnyAct): Promise<{ evidence: ActEvidence; predictions: Record<string, string> }> {
    let predictions: Record<string, string> | undefined
    for (let run = 1; ; run++) {
      try {
        if (this.#loaded.defect !== null) throw new Inconclusive(this.#loaded.defect)
        // Nothing is begun any more, and nobody is to wait for that.
        this.#context.signal.throwIfAborted()
        const elsewhere = this.#networks?.take(name) ?? null
        const skipped = elsewhere ? await elsewhere.whySkipped(this.#context.signal) : await whySkipped(act)
        if (skipped) elsewhere?.release()
        if (!skipped && !elsewhere) await this.#leasePort(run > 1)
        this.#context.signal.throwIfAborted()
        const notes = this.#takeNotes()
        // In a network of its own every port is free.
        const port = skipped ? null : elsewhere ? (this.#context.port ?? DOCUMENTS_PORT) : (this.#lease?.port ?? null)
        const header = startAct(this.#loaded, name, port, notes, elsewhere && !skipped ? 'own' : undefined)
        this.#emit({ type: 'act-start', act: header })
        if (port === null) {
          return { evidence: { ...unseenAct(name, ''), notes, skipped, problem: null }, predictions: {} }
        }
        predictions ??= (await this.#context.predict?.(this.#loaded, name)) ?? {}
        const evidence = await this.#perform(act, elsewhere, { act: name, port, notes })
        return { evidence, predictions }
      } catch (error) {
        const isOwn = act.network === 'own'
        const mayRunAgain = run < RUNS_AFTER_STRANGERS && (isOwn || this.#context.port === null)
        if (error instanceof StrangerOnPort && mayRunAgain) {
          const where = isOwn ? 'in a fresh network' : 'on another port'
          this.#notes.push(`This act runs again ${where}: ${error.message}.`)
          continue
        }
        const problem = error instanceof Error ? error.message : String(error)
        const notes = this.#takeNotes()
        this.#emit({ type: 'act-start', act: startAct(this.#loaded, name, null, notes) })
        return { evidence: { ...unseenAct(name, problem), notes }, predictions: {} }
      }
    }
  }

  async #perform(
    act: AnyAct,
    elsewhere: Elsewhere | null,
    { act: name, port, notes }: { act: string; port: number; notes: string[] },
  ): Promise<ActEvidence> {
    const { signal, fault, full } = this.#context
    const hear = {
      onStep: (step: Step) => this.#emit({ type: 'step', lab: this.#loaded.id, step }),
      onProgress: (progress: Progress) => this.#emit({ type: 'progress', lab: this.#loaded.id, progress }),
    }
    if (elsewhere) return await elsewhere.perform({ fault, full, port, notes, signal, ...hear })
    return await performAct(act, {
      ...this.#context,
      programFile: this.#loaded.programFile,
      act: name,
      port,
      notes,
      leaseAnother: () => this.#leaseAnother(),
      ...hear,
    })
  }

  /** Gives back what the acts shared: ports, and the processes of further networks. */
  async release(): Promise<void> {
    this.#networks?.release()
    await this.#releasePorts()
  }

  async #releasePorts(): Promise<void> {
    await Promise.all([this.#lease, ...this.#furtherLeases.splice(0)].map(async (lease) => await lease?.release()))
    this.#lease = undefined
  }

  /** One more port for the act that runs; it is given back with the lab's own. */
  async #leaseAnother(): Promise<number> {
    const { ephemeralRange } = this.#context.host
    const request = { preferred: null, only: false, ephemeralRange, whyTaken: whyTakenOrUsed, onPassedOver: () => {} }
    const lease = await leasePort(request)
    this.#furtherLeases.push(lease)
    return lease.port
  }

  async #leasePort(another: boolean): Promise<void> {
    if (this.#lease && !another) return
    await this.#releasePorts()
    const { port, host } = this.#context
    const preferred = port ?? (another ? null : DOCUMENTS_PORT)
    this.#lease = await leasePort({
      preferred,
      only: port !== null,
      ephemeralRange: host.ephemeralRange,
      whyTaken: async (number) => await (number === preferred ? whyTaken(number) : whyTakenOrUsed(number)),
      onPassedOver: (why) => {
        this.#notes.push(`The documents use port ${DOCUMENTS_PORT}. Here ${why}, so this lab uses another one.`)
      },
    })
  }

  #takeNotes(): string[] {
    const notes = this.#notes
    this.#notes = []
    return notes
  }
}

/** A number that nobody asked for is one on which nothing is left of another lab, which may be one of another run. */
async function whyTakenOrUsed(port: number): Promise<string | null> {
  return (await whyTaken(port)) ?? (await whyNotFresh(port))
}

/** Why a port is not free, with the holder's name where this user may see it. */
async function whyTaken(port: number): Promise<string | null> {
  const code = await whyNotFree(port)
  if (code === null) return null
  if (code !== 'EADDRINUSE') return `binding it gives ${code}`
  const holder = (await rowsOnPort(port)).flatMap(({ holders }) => holders)[0]
  return holder ? `${holder.command ?? 'a program'} (process ${holder.pid}) uses it` : 'another program uses it'
}
