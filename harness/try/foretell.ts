/** What each theory says before a step is done, and which of them were wrong. Pure. */

import type { Asked } from '../domain/program-event.ts'
import type { CallOutcome, Judgement, Receiver, TheoryName } from '../domain/theory.ts'
import { THEORY_NAMES } from '../domain/theory.ts'
import type { Tried, TryOutcome, TrySocket, TryStep } from '../domain/tried.ts'
import { formatStep } from '../domain/tried.ts'
import { canonical, goalOf, mayMeetItself } from '../theories/reach.ts'
import { askAll, THEORIES } from '../theories/theories.ts'
import type { HeldSocket, Wish, World } from '../theories/world.ts'

/** `receivers`: one of these gets it. For a socket that is opened, and where nobody gets it, there are none. */
export type Foretold = { outcome: TryOutcome; receivers: readonly HeldSocket[]; question: 'bind' | 'arrival' }

export type Foretelling = Record<TheoryName, Foretold | null>

export const NOTHING_FORETOLD = askAll((): Foretold | null => null)

/** What a socket of this step asks of the system. Node says nothing of IPV6_V6ONLY for a TCP socket of IPv4. */
export function askedOf(step: TrySocket, port: number): Asked {
  const { protocol, address, listens, reusePort, reuseAddr } = step
  const ipv6Only = step.ipv6Only && (protocol === 'udp' || address.includes(':'))
  return { protocol, address: canonical(address), port, listens, ipv6Only, reusePort, reuseAddr }
}

export function foretellOpening(world: World, wish: Wish): Foretelling {
  return askAll((theory) => openingAs(theory.mayBind(world, wish), wish.asked.listens))
}

function openingAs(said: CallOutcome | null, listens: boolean): Foretold | null {
  if (said === null) return null
  return { outcome: said === 'ok' ? (listens ? 'listening' : 'bound') : said, receivers: [], question: 'bind' }
}

/** A client that asks for this very port has to be bound there first. */
export function foretellArrival(
  world: World,
  step: TryStep & { do: 'arrive' },
  port: number,
  user: string,
): Foretelling {
  const { protocol, from } = step
  const to = { address: canonical(step.address), port }
  const origin = from && from.port !== null ? { address: canonical(from.address), port: from.port } : null
  return askAll((theory) => {
    if (origin?.port === port) {
      const wish = { process: 0, user, asked: askedByClient(step, port) }
      const said = openingAs(theory.mayBind(world, wish), false)
      if (said?.outcome !== 'bound') return said
      if (mayMeetItself(to, origin)) return null
    }
    // Any other port is as good as a free one: what is asked is whether the client can have the address.
    const own =
      from && from.port !== port ? theory.mayBind(world, { process: 0, user, asked: askedByClient(step, 0) }) : 'ok'
    if (own !== 'ok') return openingAs(own, false)
    const goal = theory === THEORIES.M8 ? goalOf(step.address, from?.address) : to.address
    const receivers =
      goal === null ? null : theory.whoGets(world, { protocol, to: { ...to, address: goal }, from: origin })
    if (receivers === null) return null
    const outcome = receivers.length === 0 ? 'ECONNREFUSED' : protocol === 'tcp' ? 'connected' : 'received'
    return { outcome, receivers, question: 'arrival' }
  })
}

function askedByClient({ protocol, from }: TryStep & { do: 'arrive' }, port: number): Asked {
  const options = { listens: false, ipv6Only: false, reusePort: false, reuseAddr: false }
  return { protocol, address: canonical(from?.address ?? ''), port, ...options }
}

type Named = (socket: HeldSocket) => { step: number; pid: number } | undefined

/** What was foretold, by the numbers of the steps. */
export function inWords(foretelling: Foretelling, named: Named): Pick<Tried, 'predicted' | 'predictedReceivers'> {
  const each = <T>(ask: (said: Foretold | null) => T) =>
    Object.fromEntries(THEORY_NAMES.map((name) => [name, ask(foretelling[name])])) as Record<TheoryName, T>
  const isOfArrival = THEORY_NAMES.some((name) => foretelling[name]?.question === 'arrival')
  return {
    predicted: each((said) => said && said.outcome),
    predictedReceivers: isOfArrival
      ? each((said) => said && said.receivers.flatMap((socket) => named(socket)?.step ?? []))
      : null,
  }
}

type Seen = Pick<Tried, 'step' | 'asked' | 'outcome' | 'receiver'> & { port: number }

/** Holds what was foretold against what was seen. Silence, and errors of which no theory has spoken, judge nobody. */
export function judge(foretelling: Foretelling, seen: Seen, named: Named): Pick<Tried, 'judged' | 'refuted'> {
  const judged = THEORY_NAMES.filter((name) => isOfTheSame(foretelling[name], seen))
  const refuted = judged.flatMap((theory) => {
    const said = foretelling[theory] as Foretold
    const receivers = said.receivers.flatMap((socket) => named(socket) ?? [])
    const isRight =
      said.outcome === seen.outcome &&
      (seen.receiver === null || receivers.some(({ step }) => step === seen.receiver?.step))
    return isRight ? [] : [{ theory, ...judgement(said, seen, receivers.map(asReceiver)) }]
  })
  return { judged, refuted }
}

function isOfTheSame(said: Foretold | null, { asked, outcome, port }: Seen): boolean {
  if (said === null || outcome === null || outcome === 'silent') return false
  if (said.outcome === outcome || !outcome.startsWith('E')) return true
  if (outcome === 'ECONNREFUSED') return true
  // A client's own port may be taken by another program of the machine.
  return outcome === 'EADDRINUSE' && (asked.do === 'open' || (asked.do === 'arrive' && asked.from?.port === port))
}

const asReceiver = ({ step, pid }: { step: number; pid: number }): Receiver => ({ program: `step ${step}`, pid })

const callOf = (outcome: TryOutcome): CallOutcome => (outcome.startsWith('E') ? (outcome as CallOutcome) : 'ok')

function judgement(said: Foretold, { step, asked, outcome, receiver, port }: Seen, receivers: Receiver[]): Judgement {
  const at = { act: '', step }
  if (asked.do === 'open') {
    const ends = { said: callOf(said.outcome), saw: callOf(outcome ?? 'closed') }
    return { ...at, question: 'bind', asked: askedOf(asked, port), ...ends }
  }
  if (asked.do !== 'arrive') throw new Error(`no theory speaks of ${formatStep(asked)}`)
  const isBind = said.question === 'bind' || outcome === 'EADDRINUSE'
  if (isBind) {
    const ends = {
      said: callOf(said.outcome),
      saw: callOf(outcome === 'ECONNREFUSED' ? 'bound' : (outcome ?? 'closed')),
    }
    return { ...at, question: 'bind', asked: askedByClient(asked, port), ...ends }
  }
  const { protocol, address } = asked
  const to = { address: canonical(address), port }
  return { ...at, question: 'arrival', protocol, to, said: receivers, saw: receiver && asReceiver(receiver) }
}
