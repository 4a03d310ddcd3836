/** A session at the bench: leases a port, does step after step, and ends all that it started. Prints nothing. */

import { programFile } from '../catalog/find.ts'
import { execa } from '../command/execa.ts'
import { OWN_START_MS } from '../command/patience.ts'
import type { HostFacts } from '../domain/evidence.ts'
import { Inconclusive, StrangerOnPort } from '../domain/inconclusive.ts'
import type { ErrorCode } from '../domain/observation.ts'
import type { Tried, TrySocket, TryStep } from '../domain/tried.ts'
import { formatStep } from '../domain/tried.ts'
import { probe } from '../host/capabilities.ts'
import { readHostFacts } from '../host/facts.ts'
import { readNetworkSetting } from '../host/network-setting.ts'
import type { Lease } from '../network/lease.ts'
import { postGuardian } from '../process/guardian.ts'
import { killMarked, newMarker } from '../process/marker.ts'
import { Cast, NO_FAULT } from '../run/cast.ts'
import { Limits } from '../run/limits.ts'
import { Recorder } from '../run/recorder.ts'
import type { StageContext } from '../run/stage-context.ts'
import type { World } from '../theories/world.ts'
import { bind, close, emptyWorld } from '../theories/world.ts'
import { arrive } from './arrival.ts'
import { closeSocket, endOfDying, endProcess, isThere, openSocket } from './deeds.ts'
import type { Foretelling } from './foretell.ts'
import { askedOf, foretellArrival, foretellOpening, inWords, judge, NOTHING_FORETOLD } from './foretell.ts'
import { HeldSockets, NotBegun } from './held.ts'
import type { PortWish } from './lease.ts'
import { leaseBench } from './lease.ts'
import { Processes } from './processes.ts'
import { findUser } from './user.ts'

/** What came of doing a step, before the theories are held against it. */
type Done = Pick<Tried, 'outcome' | 'receiver' | 'evidence' | 'pid' | 'at'>

/** What is known before a step is done, and how to do it. */
type Begun = { foretelling: Foretelling; perform: () => Promise<Done> }

export class TrySession {
  readonly port: number
  /** Things a reader must know, such as why another port than 8080 is used. */
  readonly notes: readonly string[]
  readonly #context: StageContext
  readonly #end: () => Promise<void>
  readonly #processes: Processes
  readonly #held = new HeldSockets()
  readonly #user = String(process.geteuid?.() ?? 'own')
  #steps = 0
  #metStranger = false
  #world: World
  /** False once it is not known any more who holds what. */
  #isCertain = true

  /** @throws Inconclusive where no port can be had. */
  static async open(wish: PortWish, signal: AbortSignal): Promise<TrySession> {
    // Loading execa takes as long as starting a program.
    void execa()
    const host = readHostFacts()
    const { lease, notes } = await leaseBench(wish, host.ephemeralRange)
    return new TrySession({ lease, notes, host, signal })
  }

  private constructor(options: { lease: Lease; notes: string[]; host: HostFacts; signal: AbortSignal }) {
    const { lease, notes, host, signal } = options
    const runId = newMarker()
    const guardian = postGuardian(runId)
    const limits = new Limits({ labMs: undefined, ownStartMs: OWN_START_MS })
    const cast = new Cast({ runId, programFile: (name) => programFile(name), fault: NO_FAULT, limits, signal })
    this.port = lease.port
    this.notes = notes
    this.#context = {
      port: lease.port,
      ports: [lease.port],
      ephemeralRange: host.ephemeralRange,
      full: false,
      cast,
      limits,
      signal,
      recorder: new Recorder(() => {}),
      lacks: () => undefined,
      leaseAnother: () => Promise.reject(new Error('a bench has one port')),
      onProgress: () => {},
    }
    this.#processes = new Processes(this.#context)
    this.#world = emptyWorld({ os: host.os, ...readNetworkSetting() })
    this.#end = async () => {
      await cast.endAll().finally(() => {
        killMarked(runId)
        guardian.dismiss()
      })
      await lease.release()
    }
  }

  /** Whether a program of somebody else came between: then nothing is known of this port any more. */
  get metStranger(): boolean {
    return this.#metStranger
  }

  /** Starts processes for sockets to come, side by side. Whoever takes one hears of its failure. */
  startAhead(count: number): void {
    this.#processes.startAhead(count)
  }

  /** Does the next step. Never rejects: what could not be observed, or not be done here, says why. */
  async perform(asked: TryStep): Promise<Tried> {
    this.#steps += 1
    const step = this.#steps
    let foretelling = NOTHING_FORETOLD
    const nothing = { outcome: null, receiver: null, evidence: null, judged: [], refuted: [], pid: null, at: null }
    const typed = formatStep(asked)
    let lost: Tried['lost'] = []
    const isCertain = this.#isCertain
    const told = () => ({ step, asked, typed, lost, isCertain, ...inWords(foretelling, this.#named) })
    try {
      this.#context.signal.throwIfAborted()
      lost = await this.#takeLost()
      const begun = await this.#begin(asked, step)
      if (isCertain) foretelling = begun.foretelling
      // What was foretold is told as things were before the step.
      const before = told()
      try {
        const done = await begun.perform()
        const judgement = judge(foretelling, { step, asked, port: this.port, ...done }, this.#named)
        const missing = judgement.refuted.some(({ theory }) => theory === 'M8') ? await this.#missing() : null
        if (missing) return { ...before, ...nothing, skipped: null, problem: missing }
        return { ...before, ...done, ...judgement, skipped: null, problem: null }
      } catch (error) {
        if (!(error instanceof Inconclusive)) throw error
        if (asked.do !== 'arrive') this.#isCertain = false
        if (error instanceof StrangerOnPort) this.#metStranger = true
        return { ...before, ...nothing, skipped: null, problem: error.message }
      }
    } catch (error) {
      const isSkip = error instanceof NotBegun && error.isSkip
      if (!(error instanceof NotBegun || error instanceof Inconclusive)) throw error
      const why = isSkip ? { skipped: error.message, problem: null } : { skipped: null, problem: error.message }
      return { ...told(), ...nothing, ...why }
    }
  }

  /** Ends every process and gives the port back. */
  async end(): Promise<void> {
    await this.#end()
  }

  /** A world that is not as it is held to be refutes nobody: a socket may be gone, and its process about to be. */
  async #missing(): Promise<string | null> {
    for (const { step, running, asked } of this.#held.shown()) {
      if (await isThere(running, asked)) continue
      await endOfDying(this.#context, running)
      return `the system's tables do not show the socket of step ${step} any more`
    }
    return null
  }

  /** A process that somebody else has ended has no sockets any more. */
  async #takeLost(): Promise<Tried['lost']> {
    const lost: Tried['lost'] = []
    for (const { step, process, running } of this.#held.lost()) {
      const { pid, exitCode, signal } = await endProcess(this.#context, running, 'ended')
      this.#held.end(process)
      this.#world = close(this.#world, (one) => one.process === process)
      lost.push({ step, pid, exitCode, signal })
    }
    return lost
  }

  readonly #named = ({ id }: { id: number }) => this.#held.named(id)

  /** @throws NotBegun */
  async #begin(asked: TryStep, step: number): Promise<Begun> {
    switch (asked.do) {
      case 'open':
        return await this.#beginOpening(asked, step)
      case 'arrive':
        return {
          foretelling: foretellArrival(this.#world, asked, this.port, this.#user),
          perform: async () => ({
            ...(await arrive(this.#context, asked, step)),
            pid: null,
            at: { address: asked.address, port: this.port },
          }),
        }
      case 'close':
      case 'kill':
        return this.#beginEnding(asked.do, asked.step)
    }
  }

  async #beginOpening(step: TrySocket, number: number): Promise<Begun> {
    if (step.protocol === 'tcp' && !step.listens) {
      const { why } = await probe('bound-socket')
      if (why !== null) throw new NotBegun(`bound-socket: ${why}`, { isSkip: true })
    }
    const housed = step.inStep === null ? null : this.#held.runningOf(step.inStep)
    const uid = housed || step.user === null ? null : await this.#uidOf(step.user)
    const process = housed?.process ?? number
    const user = housed?.user ?? (uid === null ? this.#user : String(uid))
    const wish = { process, user, asked: askedOf(step, this.port) }
    const perform = async () => {
      const running = housed?.running ?? (await this.#processes.take(uid))
      const shown = this.#held.shownIn(process)
      // The program is told the address as it was typed, and Node the option as well.
      const typed = { ...wish.asked, address: step.address, ipv6Only: step.ipv6Only }
      const started = await openSocket(this.#context, running, number, typed, shown)
      const { outcome, local, pid } = started
      const isOpen = outcome === 'listening' || outcome === 'bound'
      const id = this.#world.next
      if (isOpen) this.#world = bind(this.#world, wish, { address: wish.asked.address, port: this.port })
      this.#held.add({ step: number, ...wish, running, outcome: outcome as ErrorCode, id: isOpen ? id : 0, isOpen })
      return { outcome: outcome as ErrorCode, receiver: null, evidence: started, pid, at: local }
    }
    return { foretelling: foretellOpening(this.#world, wish), perform }
  }

  /** No theory speaks of an end. */
  #beginEnding(how: 'close' | 'kill', step: number): Begun {
    const held = how === 'close' ? this.#held.openOf(step) : this.#held.runningOf(step)
    const { running, process, asked, id } = held
    const perform = async (): Promise<Done> => {
      if (how === 'close') this.#held.close(step)
      else this.#held.end(process)
      const evidence =
        how === 'close'
          ? await closeSocket(this.#context, running, step, asked, this.#held.shownIn(process))
          : await endProcess(this.#context, running, 'kill')
      this.#world = close(this.#world, (one) => (how === 'close' ? one.id === id : one.process === process))
      return { outcome: 'closed', receiver: null, evidence, pid: running.pid, at: null }
    }
    return { foretelling: NOTHING_FORETOLD, perform }
  }

  /** Null for the user at the keyboard. @throws NotBegun where a process cannot be started as this user. */
  async #uidOf(name: string): Promise<number | null> {
    const found = await findUser(name)
    if ('why' in found) throw new NotBegun(found.why, { isSkip: true })
    return String(found.uid) === this.#user ? null : found.uid
  }
}
