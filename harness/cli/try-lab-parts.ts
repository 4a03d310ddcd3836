/** What one step of a session becomes in a lab: a line of the experiment, and a check. */

import { addressFamily, unmapped } from '../domain/endpoint.ts'
import type { Capability } from '../domain/lab.ts'
import type { Lie } from '../domain/lie.ts'
import type { Tried, TrySocket, TryStep } from '../domain/tried.ts'

export type Part = {
  typed: string
  /** The line of the experiment. */
  line: string
  /** What the stage is asked for in it. */
  calls: string[]
  /** The piece of evidence that it makes, or null. */
  name: string | null
  requires: Capability[]
  check: {
    id: string
    outcomes: string[]
    /** Reads the outcome off the evidence. */
    outcomeOf: string
    expected: string
    lie: Lie
    question: string
  } | null
}

export function partOf(tried: Tried, all: readonly Tried[], topic: string): Part {
  const { asked, step, typed } = tried
  const id = `${topic}-step-${step}`
  switch (asked.do) {
    case 'open':
      return openingPart(asked, tried, id)
    case 'arrive':
      return arrivalPart(asked, tried, all, id)
    case 'close':
    case 'kill': {
      // A program of a lab has one socket: to close it, the program ends.
      const call = asked.do === 'close' ? 'stop' : 'kill'
      const line = `await ${call}(socket${asked.step})`
      return { typed, line, calls: [call], name: null, requires: [], check: null }
    }
  }
}

function openingPart(asked: TrySocket, { step, typed, outcome }: Tried, id: string): Part {
  const { protocol, address, listens, user, reusePort } = asked
  const program = protocol === 'udp' ? 'receiver' : listens ? 'listener' : 'bound'
  const call = user === null ? 'start' : 'startAsAnotherUser'
  const options = (['ipv6Only', 'reusePort', 'reuseAddr'] as const).filter((name) => asked[name])
  const words = [`'${program}'`, `'${address}'`, 'port', ...options.map((option) => `'${option}'`)]
  const name = `socket${step}`
  const usual = listens ? 'listening' : 'bound'
  const expected = outcome ?? usual
  const verb = listens ? 'listen' : 'be bound'
  return {
    typed,
    line: `const ${name} = await ${call}(${words.join(', ')})`,
    calls: [call],
    name,
    requires: [
      ...capabilitiesOf(address),
      ...(reusePort ? (['reuse-port'] as const) : []),
      ...(program === 'bound' ? (['bound-socket'] as const) : []),
      ...(user === null ? [] : (['another-user'] as const)),
    ],
    check: {
      id,
      outcomes: [...new Set([usual, 'EADDRINUSE', expected])],
      outcomeOf: `({ sockets }) => ${listens ? 'listenOutcome' : 'bindOutcome'}(sockets.${name})`,
      expected,
      lie: 'bind-denied',
      question: `Step ${step}: may a ${protocol.toUpperCase()} socket ${verb} on ${address}${options.length > 0 ? `, with ${options.join(' and ')}` : ''}?`,
    },
  }
}

function arrivalPart(asked: TryStep & { do: 'arrive' }, tried: Tried, all: readonly Tried[], id: string): Part {
  const { protocol, address, from } = asked
  const { step, typed, outcome, receiver } = tried
  const name = `client${step}`
  const opened = all.filter((one) => one.asked.do === 'open' && one.outcome !== null)
  const before = opened.filter((one) => one.step < step)
  const own = from && `address: '${from.address}'${from.port === null ? '' : `, port: ${from.port}`}`
  const call = protocol === 'udp' ? 'send' : 'connect'
  const word = protocol === 'udp' ? ", 'hello'" : own ? `, { from: { ${own} } }` : ''
  const expected = receiver ? `socket${receiver.step}` : (outcome ?? 'silent')
  const by = protocol === 'udp' ? 'receivedBy' : 'servedBy'
  const sockets = opened.length > 0 ? 'sockets' : '{}'
  return {
    typed,
    line: `const ${name} = await ${call}('${address}'${word})`,
    calls: [call],
    name,
    requires: capabilitiesOf(address),
    check: {
      id,
      outcomes: [...new Set([...opened.map((one) => `socket${one.step}`), 'ECONNREFUSED', 'silent', expected])],
      outcomeOf: `({ ${[name, ...(opened.length > 0 ? ['sockets'] : [])].join(', ')} }) => whoGot(${name}.${by}, ${name}.outcome, ${sockets})`,
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
