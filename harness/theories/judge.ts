/** Follows an act step by step, and holds each theory against what was seen. Where the world is not certain, nothing is. */

import type { Endpoint, Protocol } from '../domain/endpoint.ts'
import type { ActEvidence, HostFacts, Step } from '../domain/evidence.ts'
import type { Asked } from '../domain/program-event.ts'
import type { CallOutcome, Judgement, Receiver, TheoryName, TheoryResult } from '../domain/theory.ts'
import { THEORY_NAMES } from '../domain/theory.ts'
import {
  askedFor,
  callOutcome,
  changedBy,
  connectedRow,
  isLoopback,
  portsWithMoreThanWasSaid,
  SERVES_ONCE,
} from './certain.ts'
import { canonical } from './reach.ts'
import { THEORIES } from './theories.ts'
import type { Theory } from './theory.ts'
import type { HeldSocket, World } from './world.ts'
import { bind, close, connect, emptyWorld, listen, UNKNOWN_SETTING } from './world.ts'

/** What the observations of some acts did to each theory. */
export function judgeActs(acts: readonly ActEvidence[], host: Pick<HostFacts, 'os'>): TheoryResult[] {
  const judges = acts.flatMap((act) => judgeOf(act, host) ?? [])
  return THEORY_NAMES.map((theory) => {
    const judged = judges.flatMap((one) => one.judgements[theory])
    return {
      theory,
      judged: judged.length,
      refutedBy: judged.filter(isRefuted).map((judgement) => ({ theory, ...judgement })),
    }
  })
}

/** A saved file is one that anybody may have edited: what cannot be read says nothing of any theory. */
function judgeOf(act: ActEvidence, host: Pick<HostFacts, 'os'>): Judge | null {
  try {
    return new Judge(act, host).judge()
  } catch {
    return null
  }
}

function isRefuted(judgement: Judgement): boolean {
  if (judgement.question === 'bind') return judgement.said !== judgement.saw
  const { said, saw } = judgement
  return saw === null ? said.length > 0 : said.every(({ pid }) => pid !== saw.pid)
}

class Judge {
  readonly judgements: Record<TheoryName, Judgement[]>
  readonly #act: ActEvidence
  readonly #programs = new Map<number, string>()
  #world: World
  /** Ports of which it is not known who holds what. */
  readonly #unclear: Set<number>
  /** Processes that may have closed or changed their sockets by now. */
  readonly #doubtful = new Set<number>()
  #isFiltered = false

  constructor(act: ActEvidence, { os }: Pick<HostFacts, 'os'>) {
    this.#act = act
    this.#world = emptyWorld({ os, ...UNKNOWN_SETTING })
    this.#unclear = portsWithMoreThanWasSaid(act)
    this.judgements = Object.fromEntries(THEORY_NAMES.map((name) => [name, []])) as unknown as typeof this.judgements
  }

  judge(): this {
    // What a step changes it has changed by its end: of those side by side the first to end comes first.
    for (const step of this.#act.steps.toSorted((a, b) => a.atMs + a.tookMs - (b.atMs + b.tookMs))) {
      const changed = changedBy(step)
      if (changed === 'settings') break
      if (changed === 'filters') this.#isFiltered = true
      this.#take(step)
    }
    return this
  }

  #take(step: Step): void {
    this.#endThoseGone(step)
    switch (step.kind) {
      case 'start':
        return step.onNeighbour ? undefined : this.#start(step)
      case 'proceed':
        if (step.line === undefined) return this.#proceed(step)
        // What a typed line asks for no program tells in full.
        for (const port of [this.#act.port, step.saw.local?.port]) if (port) this.#unclear.add(port)
        return
      case 'connect': {
        const { outcome, servedBy, to, local, heard } = step.saw
        this.#arrive(step, { protocol: 'tcp', to, from: local, outcome, by: servedBy })
        if (servedBy && heard !== '') this.#served(servedBy.pid)
        return
      }
      case 'connect-many':
        for (const by of step.saw.servedBy) {
          this.#arrive(step, { protocol: 'tcp', to: step, from: null, outcome: 'connected', by })
        }
        return
      case 'send': {
        const { outcome, receivedBy, to, local } = step.saw
        this.#arrive(step, { protocol: 'udp', to, from: local, outcome, by: receivedBy })
        if (receivedBy) this.#served(receivedBy.pid)
        return
      }
      case 'said':
        // Who is told to do something may do it with its socket.
        if (step.line !== null) this.#doubtful.add(step.pid)
        return
      case 'ended':
      case 'stop':
      case 'kill':
        this.#gone(step.pid)
        return
      // These change no socket.
      case 'list':
      case 'pause':
      case 'resume':
      case 'run':
      case 'read':
      case 'scan':
    }
  }

  /** An end that was noticed before this step began. One during the step leaves open what the step met. */
  #endThoseGone({ atMs, tookMs, kind }: Step): void {
    const isEnding = kind === 'ended' || kind === 'stop' || kind === 'kill'
    for (const { pid, atMs: endedMs } of this.#act.ends ?? []) {
      if (endedMs <= atMs) this.#gone(pid)
      else if (endedMs <= atMs + tookMs && !isEnding && this.#programs.has(pid)) this.#doubtful.add(pid)
    }
  }

  #gone(pid: number): void {
    this.#doubtful.delete(pid)
    this.#world = close(this.#world, ({ process }) => process === pid)
  }

  /** The listener is closed before the client hears of it; a UDP socket some time after its answer. */
  #served(pid: number): void {
    if (!SERVES_ONCE.test(this.#programs.get(pid) ?? '')) return
    this.#world = close(this.#world, ({ process, protocol }) => process === pid && protocol === 'tcp')
    if (this.#world.sockets.some(({ process }) => process === pid)) this.#doubtful.add(pid)
  }

  #start({ asAnotherUser, saw, number }: Step & { kind: 'start' }): void {
    const { pid, program, local } = saw
    this.#programs.set(pid, program)
    const outcome = callOutcome(saw)
    if (outcome === null) return
    const asked = askedFor(saw)
    if (!asked) {
      if (local) this.#unclear.add(local.port)
      return
    }
    const wish = { process: pid, user: asAnotherUser ? 'another' : 'own', asked }
    if (this.#isCertain(asked.port))
      this.#judgeCall(number, asked, outcome, (theory) => theory.mayBind(this.#world, wish))
    if (outcome !== 'ok' || !local) return
    const { next: id } = this.#world
    this.#world = bind(this.#world, wish, { address: asked.address, port: local.port })
    const connected = connectedRow(saw)
    if (connected) this.#world = connect(this.#world, id, connected.local, connected.peer)
  }

  #proceed({ pid, saw, number }: Step & { kind: 'proceed' }): void {
    const held = this.#world.sockets.find(
      ({ process, state, protocol }) => process === pid && protocol === 'tcp' && state === 'bound',
    )
    if (!held) return
    const outcome = callOutcome(saw)
    if (outcome === null) return
    const { protocol, local, ipv6Only, reusePort, reuseAddr } = held
    const asked = { protocol, ...local, listens: true, ipv6Only, reusePort, reuseAddr }
    if (this.#isCertain(local.port))
      this.#judgeCall(number, asked, outcome, (theory) => theory.mayListen(this.#world, held))
    this.#world = outcome === 'ok' ? listen(this.#world, held.id) : close(this.#world, ({ id }) => id === held.id)
  }

  /** Theories speak of EADDRINUSE; another error is for one that has named it. */
  #judgeCall(step: number, asked: Asked, saw: CallOutcome, ask: (theory: Theory) => CallOutcome | null): void {
    for (const name of THEORY_NAMES) {
      const said = ask(THEORIES[name])
      const isOfTheSame = saw === 'ok' || saw === 'EADDRINUSE' || said === saw
      if (said !== null && isOfTheSame) {
        this.judgements[name].push({ act: this.#act.act, step, question: 'bind', asked, said, saw })
      }
    }
  }

  #arrive({ number }: Step, { protocol, to, from, outcome, by }: Met): void {
    const { port } = to
    const address = canonical(to.address)
    const saw = this.#whoGot(protocol, port, outcome, by)
    if (saw === undefined || !this.#isCertain(port)) return
    if (saw === null && (this.#isFiltered || !isLoopback(address))) return
    const arrival = { protocol, to: { address, port }, from }
    for (const name of THEORY_NAMES) {
      const sockets = THEORIES[name].whoGets(this.#world, arrival)
      if (sockets === null) continue
      const said = this.#receivers(sockets)
      this.judgements[name].push({
        act: this.#act.act,
        step: number,
        question: 'arrival',
        protocol,
        to: arrival.to,
        said,
        saw,
      })
    }
  }

  /** `null`: nobody, for certain. `undefined`: it is not known, as for silence, or a process of which nothing is known. */
  #whoGot(protocol: Protocol, port: number, outcome: string, by: Receiver | null): Receiver | null | undefined {
    if (outcome === 'ECONNREFUSED') return null
    if (outcome !== 'connected' && outcome !== 'received') return undefined
    const isKnown = this.#world.sockets.some(
      (held) => held.process === by?.pid && held.protocol === protocol && held.local.port === port,
    )
    return by && isKnown ? { program: by.program, pid: by.pid } : undefined
  }

  #receivers(sockets: readonly HeldSocket[]): Receiver[] {
    const pids = [...new Set(sockets.map(({ process }) => process))]
    return pids.map((pid) => ({ program: this.#programs.get(pid) ?? '', pid }))
  }

  #isCertain(port: number): boolean {
    if (this.#unclear.has(port)) return false
    return !this.#world.sockets.some(({ process, local }) => local.port === port && this.#doubtful.has(process))
  }
}

type Met = {
  protocol: Protocol
  to: Endpoint
  from: Endpoint | null
  outcome: string
  by: Receiver | null
}
