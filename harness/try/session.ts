/** A session at the bench: leases a port, does step after step, and ends all that it started. Prints nothing. */

import { randomUUID } from 'node:crypto'

import { programFile } from '../catalog/find.ts'
import { execa } from '../command/execa.ts'
import { Inconclusive } from '../domain/inconclusive.ts'
import type { Json } from '../domain/json.ts'
import type { Tried, TrySocket, TryStep } from '../domain/tried.ts'
import { probe } from '../host/capabilities.ts'
import { readHostFacts } from '../host/facts.ts'
import { readNetworkSetting } from '../host/network-setting.ts'
import type { Lease } from '../network/lease.ts'
import type { Guardian } from '../process/guardian.ts'
import { postGuardian } from '../process/guardian.ts'
import { killMarked } from '../process/marker.ts'
import type { Running } from '../process/running.ts'
import { Cast, NO_FAULT } from '../run/cast.ts'
import { Limits } from '../run/limits.ts'
import { Recorder } from '../run/recorder.ts'
import type { StageContext } from '../run/stage-context.ts'
import type { World } from '../theories/world.ts'
import { bind, close, emptyWorld } from '../theories/world.ts'
import { arrive } from './arrival.ts'
import { closeSocket, endProcess, openSocket } from './deeds.ts'
import type { Foretelling } from './foretell.ts'
import { askedOf, foretellArrival, foretellOpening, judge, NOTHING_FORETOLD } from './foretell.ts'
import { formatStep } from './grammar.ts'
import { leaseBench } from './lease.ts'
import { Processes } from './processes.ts'
import { Sockets } from './sockets.ts'
import { findUser } from './user.ts'

/** How long this very process took to get here: a measure of the machine that costs nothing. */
const OWN_START_MS = Math.min(performance.now(), 3_000)

/** What came of doing a step, before the theories are held against it. */
type Done = Pick<Tried, 'outcome' | 'receiver' | 'evidence' | 'pid' | 'at'>

/** What this machine, or this user, cannot do: the step is skipped, and changes nothing. */
class Skipped extends Error {}

export type SessionOptions = {
  /** The port that a person asked for, or null. */
  port: number | null
  /** Whether the documents' port may be used; not after a stranger took it. */
  mayUseDocumentsPort: boolean
  signal: AbortSignal
}

export class TrySession {
  readonly port: number
  /** Things a reader must know, such as why another port than 8080 is used. */
  readonly notes: readonly string[]
  readonly #context: StageContext
  readonly #runId: string
  readonly #guardian: Guardian
  readonly #lease: Lease
  readonly #processes: Processes
  readonly #sockets = new Sockets()
  readonly #user = String(process.geteuid?.() ?? 'own')
  #world: World
  /** False once it is not known any more who holds what. */
  #isCertain = true

  /** @throws Inconclusive where no port can be had. */
  static async open(options: SessionOptions): Promise<TrySession> {
    // Loading execa takes as long as starting a program.
    void execa()
    const host = readHostFacts()
    const { lease, notes } = await leaseBench(options, host.ephemeralRange)
    return new TrySession(lease, notes, host, options.signal)
  }

  private constructor(lease: Lease, notes: string[], host: ReturnType<typeof readHostFacts>, signal: AbortSignal) {
    this.#lease = lease
    this.port = lease.port
    this.notes = notes
    this.#runId = randomUUID()
    this.#guardian = postGuardian(this.#runId)
    const limits = new Limits({ labMs: undefined, ownStartMs: OWN_START_MS })
    const cast = new Cast({
      runId: this.#runId,
      programFile: (name) => programFile(name),
      fault: NO_FAULT,
      limits,
      signal,
    })
    this.#context = {
      ...{ port: lease.port, ports: [lease.port], ephemeralRange: host.ephemeralRange, full: false },
      ...{ cast, limits, signal, recorder: new Recorder(() => {}) },
      lacks: () => undefined,
      leaseAnother: () => Promise.reject(new Error('a bench has one port')),
      onProgress: () => {},
    }
    this.#processes = new Processes(this.#context)
    this.#world = emptyWorld({ os: host.os, ...readNetworkSetting() })
  }

  /** Starts the processes that these steps will need, side by side. */
  async prepare(steps: readonly TryStep[]): Promise<void> {
    const fresh = steps.filter((step): step is TrySocket => step.do === 'open' && step.inStep === null)
    for (const { user } of fresh) {
      const found = user === null ? { uid: null } : await findUser(user)
      if ('uid' in found) this.#processes.startAhead(found.uid)
    }
  }

  /** Does the next step. Never rejects: what could not be observed, or not be done here, says why. */
  async perform(asked: TryStep): Promise<Tried> {
    const step = this.#sockets.next()
    const foretelling = this.#isCertain ? this.#foretell(asked) : NOTHING_FORETOLD
    const base = { step, asked, typed: formatStep(asked), ...this.#inWords(foretelling) }
    const nothing = { outcome: null, receiver: null, evidence: null, judged: [], refuted: [], pid: null, at: null }
    try {
      this.#context.signal.throwIfAborted()
      const done = await this.#do(asked, step)
      const seen = { step, asked, port: this.port, ...done }
      const judgement = judge(foretelling, seen, (socket) => this.#sockets.of(socket))
      return { ...base, ...done, ...judgement, skipped: null, problem: null }
    } catch (error) {
      if (error instanceof Skipped) return { ...base, ...nothing, skipped: error.message, problem: null }
      if (!(error instanceof Inconclusive)) throw error
      if (asked.do !== 'arrive') this.#isCertain = false
      return { ...base, ...nothing, skipped: null, problem: error.message }
    }
  }

  async end(): Promise<void> {
    try {
      await this.#context.cast.endAll()
    } finally {
      killMarked(this.#runId)
      this.#guardian.dismiss()
      await this.#lease.release()
    }
  }

  #foretell(asked: TryStep): Foretelling {
    if (asked.do === 'arrive') return foretellArrival(this.#world, asked, this.port, this.#user)
    if (asked.do !== 'open') return NOTHING_FORETOLD
    const before = asked.inStep === null ? null : this.#sockets.at(asked.inStep)
    // Of a user whose number is not known it can be said that it is another one.
    const user = before?.user ?? asked.user ?? this.#user
    return foretellOpening(this.#world, { process: before?.running.pid ?? 0, user, asked: askedOf(asked, this.port) })
  }
}
