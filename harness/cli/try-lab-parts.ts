/** What one step of a session becomes in a lab: a line of the experiment, and a check. */

import { userInfo } from 'node:os'

import { addressFamily, unmapped } from '../domain/endpoint.ts'
import type { Capability } from '../domain/lab.ts'
import type { Lie } from '../domain/lie.ts'
import type { Tried, TrySocket, TryStep } from '../domain/tried.ts'
import { processOf } from '../try/sequence.ts'

export type Part = {
  typed: string
  /** The lines of the experiment. */
  lines: string[]
  /** What the stage is asked for in them. */
  calls: string[]
  /** The piece of evidence that it makes, or null. */
  name: string | null
  requires: Capability[]
  check: {
    id: string
    outcomes: string[]
    /** Reads the outcome off the evidence. */
    outcomeOf: string
    /** More than one where one of a group gets it. */
    expected: string[]
    lie: Lie
    question: string
  } | null
}

/** The steps that were observed, of which each becomes a part; what was not observed gives nothing to expect. */
export function partsOf(session: readonly Tried[], topic: string): Part[] {
  const tried = session.filter(({ outcome }) => outcome !== null)
  const all = session.map(({ asked }) => asked)
  const scene: Scene = { tried, processOf: (step) => processOf(step, all), isTold: toldProcesses(tried, all) }
  return tried.map((one) => partOf(one, scene, `${topic}-step-${one.step}`))
}

type Scene = {
  tried: readonly Tried[]
  /** The step that started the process of this step's socket. */
  processOf: (step: number) => number
  /** Whether a process, by that step, opens its sockets as it is told: else it has one, and a program for it. */
  isTold: (process: number) => boolean
}

/**
 * A process with several sockets is told line by line. All are where what the kernel noted of the port under
 * SO_REUSEPORT must not outlive its sockets: the program `sockets` resets its connections, and one in TIME-WAIT would
 * keep the note.
 */
function toldProcesses(tried: readonly Tried[], all: readonly TryStep[]): Scene['isTold'] {
  const shared = tried.flatMap(({ asked, step }) =>
    asked.do === 'open' && asked.inStep !== null ? [processOf(step, all)] : [],
  )
  const areAll = mayOutlive(tried.map(({ asked }) => asked))
  return (process) => areAll || shared.includes(process)
}

/** A socket with reusePort, a client, an end, and one more socket, in this order. */
function mayOutlive(steps: readonly TryStep[]): boolean {
  const isTcp = (step: TryStep) => (step.do === 'open' || step.do === 'arrive') && step.protocol === 'tcp'
  const order: ((step: TryStep) => boolean)[] = [
    (step) => step.do === 'open' && step.reusePort && isTcp(step),
    (step) => step.do === 'arrive' && isTcp(step),
    (step) => step.do === 'close' || step.do === 'kill',
    (step) => step.do === 'open' && isTcp(step),
  ]
  let met = 0
  for (const step of steps) if (order[met]?.(step)) met += 1
  return met === order.length
}

function partOf(tried: Tried, scene: Scene, id: string): Part {
  const { asked, typed } = tried
  switch (asked.do) {
    case 'open':
      return openingPart(asked, tried, scene, id)
    case 'arrive':
      return arrivalPart(asked, tried, scene, id)
    case 'close':
    case 'kill': {
      const process = scene.processOf(asked.step)
      const isTold = scene.isTold(process)
      // A program that has one socket ends to close it.
      const call = asked.do === 'kill' ? 'kill' : isTold ? 'ask' : 'stop'
      const whom = isTold ? `process${process}` : `socket${asked.step}`
      const what = call === 'ask' ? `, '${asked.step} close', 'closed'` : ''
      return { typed, lines: [`await ${call}(${whom}${what})`], calls: [call], name: null, requires: [], check: null }
    }
  }
}

function openingPart(asked: TrySocket, tried: Tried, scene: Scene, id: string): Part {
  const { protocol, address, listens, reusePort } = asked
  const { step, typed, outcome } = tried
  const options = (['ipv6Only', 'reusePort', 'reuseAddr'] as const).filter((name) => asked[name])
  const isBoundOnly = protocol === 'tcp' && !listens
  const name = `socket${step}`
  const usual = listens ? 'listening' : 'bound'
  const expected = outcome ?? usual
  return {
    typed,
    ...openingLines(asked, step, scene, options),
    name,
    requires: [
      ...capabilitiesOf(address),
      ...(reusePort ? (['reuse-port'] as const) : []),
      ...(isBoundOnly ? (['bound-socket'] as const) : []),
      ...(isOfAnother(asked.user) ? (['another-user'] as const) : []),
    ],
    check: {
      id,
      outcomes: [...new Set([usual, 'EADDRINUSE', expected])],
      outcomeOf: `({ sockets }) => ${listens ? 'listenOutcome' : 'bindOutcome'}(sockets.${name})`,
      expected: [expected],
      lie: 'bind-denied',
      question: `Step ${step}: may a ${protocol.toUpperCase()} socket ${listens ? 'listen' : 'be bound'} on ${address}${options.length > 0 ? `, with ${options.join(' and ')}` : ''}?`,
    },
  }
}

function openingLines(asked: TrySocket, step: number, scene: Scene, options: string[]) {
  const { protocol, address, listens, user } = asked
  const process = scene.processOf(step)
  const call = isOfAnother(user) ? 'startAsAnotherUser' : 'start'
  if (!scene.isTold(process)) {
    const program = protocol === 'udp' ? 'receiver' : listens ? 'listener' : 'bound'
    const words = [`'${program}'`, `'${address}'`, 'port', ...options.map((option) => `'${option}'`)]
    return { lines: [`const socket${step} = await ${call}(${words.join(', ')})`], calls: [call] }
  }
  const told = [step, protocol, address, '${port}', ...options, ...(protocol === 'tcp' && !listens ? ['bound'] : [])]
  const open = `const socket${step} = await proceed(process${process}, \`${told.join(' ')}\`)`
  if (process !== step) return { lines: [open], calls: ['proceed'] }
  return { lines: [`const process${step} = await ${call}('sockets')`, open], calls: [call, 'proceed'] }
}

function arrivalPart(asked: TryStep & { do: 'arrive' }, tried: Tried, { tried: all }: Scene, id: string): Part {
  const { protocol, address, from } = asked
  const { step, typed, outcome, receiver, at } = tried
  const name = `client${step}`
  const opened = all.filter((one) => one.asked.do === 'open')
  const before = opened.filter((one) => one.step < step)
  // The port of the bench may be another one when the lab runs.
  const port = from && (from.port === null ? '' : from.port === at?.port ? ', port' : `, port: ${from.port}`)
  const own = from ? `, { from: { address: '${from.address}'${port} } }` : ''
  const call = protocol === 'udp' ? 'send' : 'connect'
  const expected = receiver ? expectedOf(tried, receiver.step) : [isItself(tried) ? 'itself' : (outcome ?? 'silent')]
  const sockets = opened.length > 0 ? 'sockets' : '{}'
  return {
    typed,
    lines: [`const ${name} = await ${call}('${address}'${protocol === 'udp' ? `, 'step ${step}'` : ''}${own})`],
    calls: [call],
    name,
    requires: [...capabilitiesOf(address), ...(from ? capabilitiesOf(from.address) : [])],
    check: {
      id,
      outcomes: [
        ...new Set([
          ...opened.map((one) => `socket${one.step}`),
          'ECONNREFUSED',
          'silent',
          ...(all.some(isItself) ? ['itself'] : []),
          ...expected,
        ]),
      ],
      outcomeOf: `({ ${[name, ...(opened.length > 0 ? ['sockets'] : [])].join(', ')} }) => whoGot(${name}, ${sockets})`,
      expected,
      lie: receiver
        ? 'bind-denied'
        : lieForNobody(
            asked,
            before.filter((one) => isThere(one, step, all)),
          ),
      question: `Step ${step}: who gets a ${protocol === 'udp' ? 'datagram to' : 'TCP client of'} ${address}?`,
    },
  }
}

/** A client that came through, and to none of the sockets. */
function isItself({ asked, outcome, receiver }: Tried): boolean {
  return asked.do === 'arrive' && receiver === null && (outcome === 'connected' || outcome === 'received')
}

/** Of a group under SO_REUSEPORT it may be another one the next time: those of whom M8 spoke. */
function expectedOf({ predictedReceivers }: Tried, got: number): string[] {
  const group = predictedReceivers?.M8 ?? []
  return (group.includes(got) ? group : [got]).map((step) => `socket${step}`)
}

/** Whether `as USER` means somebody else than the person at the keyboard. */
export function isOfAnother(user: string | null): boolean {
  return user !== null && user !== String(process.geteuid?.()) && user !== ownName()
}

function ownName(): string | null {
  try {
    return userInfo().username
  } catch {
    return null // A user need not have a name.
  }
}

function capabilitiesOf(address: string): Capability[] {
  if (addressFamily(unmapped(address)) === 'IPv6') return ['ipv6-loopback']
  const isFurther = unmapped(address).startsWith('127.') && unmapped(address) !== '127.0.0.1'
  return isFurther ? ['ipv4-loopback', 'loopback-block'] : ['ipv4-loopback']
}

/** Whether no step in between has ended it. */
function isThere({ step }: Tried, until: number, all: readonly Tried[]): boolean {
  const ends = all.filter((one) => one.step < until && (one.asked.do === 'close' || one.asked.do === 'kill'))
  return ends.every(({ asked }) => asked.do === 'open' || asked.do === 'arrive' || asked.step !== step)
}

/** Under which fault somebody might get what nobody gets. The best guess: only a run can tell. */
function lieForNobody({ protocol, address }: TryStep & { do: 'arrive' }, there: readonly Tried[]): Lie {
  const sockets = there.flatMap(({ asked }) => (asked.do === 'open' && asked.protocol === protocol ? [asked] : []))
  const has = (isIt: (socket: TrySocket) => boolean) => sockets.some(isIt)
  const isIPv4 = addressFamily(unmapped(address)) === 'IPv4'
  const wildcard = isIPv4 ? '0.0.0.0' : '::'
  if (has((one) => protocol === 'tcp' && !one.listens && [address, wildcard].includes(one.address))) {
    return 'listens-at-once'
  }
  if (isIPv4 && has((one) => one.address === '::' && one.ipv6Only)) return 'ipv6-only-ignored'
  if (!isIPv4 && has((one) => one.address === '0.0.0.0')) return 'ipv6-wildcard-instead'
  if (isIPv4 && has((one) => addressFamily(one.address) === 'IPv4')) return 'wildcard-instead'
  return protocol === 'tcp' && there.length > sockets.length ? 'listens-over-tcp-too' : 'another-port'
}
