/** Lab 05 on written evidence: every outcome is reached, judged and told. */

import { describe, expect, test } from 'vitest'

import type { Json } from '../../harness/domain/json.ts'
import type { Started } from '../../harness/domain/observation.ts'
import { answerOf, bound, connected, expectSentence, listed, notStarted, PORT, readyLab } from './evidence.ts'
import { refused, row, started, unreached } from './evidence.ts'

const lab = await readyLab('05-address-in-use')

const HERE = '127.0.0.1'
const FAR = '203.0.113.1'
const listener = started('listener', HERE)
const receiver = bound('receiver', HERE)
const inUse = notStarted('listener', 'EADDRINUSE', HERE)
const inUseByBind = (program: string) => notStarted(program, 'EADDRINUSE', HERE, { syscall: 'bind' })
/** Refused by listen(2) on a socket that was bound before: Node knows neither address nor port. */
const inUseByListen = notStarted('bound', 'EADDRINUSE', HERE, { address: null, port: -1, message: 'listen EADDRINUSE' })
const notAvailable = notStarted('server4', 'EADDRNOTAVAIL', '127.0.0.2', { errno: -99 })
const boundOnly = (): Started => started('bound', HERE, { outcome: 'bound', rows: [] })

const rowOf = ({ pid, program, protocol }: Started) => {
  const holders = [{ pid, command: program, fd: 20 }]
  return row({ protocol: protocol ?? 'tcp', local: { address: HERE, port: PORT }, holders })
}

const same = {
  listener,
  receiver,
  listener2: inUse,
  receiver2: inUseByBind('receiver'),
  listed: listed([rowOf(listener), rowOf(receiver)]),
}
const strange = started('listener', HERE)

const wildcard = {
  server4Second: notStarted('server4', 'EADDRINUSE', '127.0.0.2'),
  server7Second: notStarted('server7', 'EADDRINUSE', '::'),
  server6Second: notStarted('server6', 'EADDRINUSE', '0.0.0.0'),
  notLocal: notStarted('listener', 'EADDRNOTAVAIL', FAR, { errno: -99 }),
  allowed: null,
}
const server4 = started('server4', '127.0.0.2')
const server6 = started('server6', '0.0.0.0')
const server7 = started('server7', '::')
const far = started('listener', FAR)
const noIPv6 = notStarted('server7', 'EAFNOSUPPORT', '::', { errno: -97 })

const only = { second: boundOnly(), third: inUseByBind('bound'), secondListens: inUseByListen }
const free = { afterSigterm: listener, client: refused(HERE), afterSigkill: started('listener', HERE) }
/** A child has inherited the socket: the kernel completes the connection, and nobody accepts it. */
const queued = connected(HERE, '', { heard: '', confirmedBy: 'row', servedBy: null, seenByServer: null })

const sharing = 'wildcard-and-specific-listeners-share-a-port'
const beside = 'ipv6-wildcard-listener-starts-beside-an-ipv4-one'
const notLocal = 'listener-starts-on-an-address-that-is-not-local'
const naming = 'listing-names-the-process-that-has-the-address'
const calling = 'error-of-a-refused-listener-names-the-call-listen'
const dialling = 'client-reaches-the-port-of-a-killed-listener'
const listensSecond = 'second-bound-socket-listens-after-the-first'

const cases: [act: string, check: string, outcome: string, verdict: 'pass' | 'fail', evidence: Json][] = [
  ['sameAddress', 'tcp-listener-starts-on-an-address-in-use', 'EADDRINUSE', 'pass', same],
  ['sameAddress', 'tcp-listener-starts-on-an-address-in-use', 'listening', 'fail', { ...same, listener2: strange }],
  ['sameAddress', 'udp-socket-is-bound-to-an-address-in-use', 'EADDRINUSE', 'pass', same],
  ['sameAddress', 'udp-socket-is-bound-to-an-address-in-use', 'bound', 'fail', { ...same, receiver2: receiver }],
  ['sameAddress', calling, 'listen', 'pass', same],
  ['sameAddress', calling, 'another', 'fail', { ...same, listener2: inUseByBind('listener') }],
  ['sameAddress', naming, 'the-holders', 'pass', same],
  [
    'sameAddress',
    naming,
    'the-holders',
    'pass',
    { ...same, listed: listed([rowOf(receiver), rowOf(listener)], { source: 'lsof' }) },
  ],
  ['sameAddress', naming, 'others', 'fail', { ...same, listed: listed([rowOf(strange), rowOf(receiver)]) }],
  ['sameAddress', naming, 'others', 'fail', { ...same, listed: listed([rowOf(listener)]) }],
  [
    'sameAddress',
    naming,
    'others',
    'fail',
    { ...same, listed: listed([rowOf(listener), rowOf(strange), rowOf(receiver)]) },
  ],
  ['sameAddress', naming, 'nobody', 'fail', { ...same, listed: listed([]) }],
  ['sameAddress', naming, 'nobody', 'fail', { ...same, listed: listed([row()], { source: 'ss' }) }],

  ['wildcardAndSpecific', sharing, 'EADDRINUSE', 'pass', wildcard],
  [
    'wildcardAndSpecific',
    sharing,
    'EADDRNOTAVAIL',
    'fail',
    { ...wildcard, server4Second: notAvailable, server6Second: notAvailable },
  ],
  [
    'wildcardAndSpecific',
    sharing,
    'listening',
    'fail',
    { ...wildcard, server4Second: server4, server6Second: server6 },
  ],
  ['wildcardAndSpecific', sharing, 'one-order-only', 'fail', { ...wildcard, server4Second: server4 }],
  ['wildcardAndSpecific', sharing, 'EADDRNOTAVAIL', 'fail', { ...wildcard, server4Second: notAvailable }],
  ['wildcardAndSpecific', sharing, 'one-order-only', 'fail', { ...wildcard, server6Second: notAvailable }],
  ['wildcardAndSpecific', beside, 'EADDRINUSE', 'pass', wildcard],
  ['wildcardAndSpecific', beside, 'listening', 'fail', { ...wildcard, server7Second: server7 }],
  ['wildcardAndSpecific', beside, 'EAFNOSUPPORT', 'pass', { ...wildcard, server7Second: noIPv6 }],
  ['wildcardAndSpecific', notLocal, 'EADDRNOTAVAIL', 'pass', wildcard],
  ['wildcardAndSpecific', notLocal, 'allowed', 'pass', { ...wildcard, notLocal: far, allowed: 'setting' }],
  ['wildcardAndSpecific', notLocal, 'allowed', 'pass', { ...wildcard, notLocal: far, allowed: 'own-address' }],
  ['wildcardAndSpecific', notLocal, 'listening', 'fail', { ...wildcard, notLocal: far }],
  ['wildcardAndSpecific', notLocal, 'EADDRINUSE', 'fail', { ...wildcard, notLocal: inUse }],

  ['onlyBound', 'two-sockets-are-bound-to-one-address-while-none-listens', 'bound', 'pass', only],
  [
    'onlyBound',
    'two-sockets-are-bound-to-one-address-while-none-listens',
    'EADDRINUSE',
    'fail',
    { ...only, second: inUseByBind('bound') },
  ],
  ['onlyBound', 'socket-is-bound-to-an-address-where-another-listens', 'EADDRINUSE', 'pass', only],
  [
    'onlyBound',
    'socket-is-bound-to-an-address-where-another-listens',
    'bound',
    'fail',
    { ...only, third: boundOnly() },
  ],
  ['onlyBound', listensSecond, 'EADDRINUSE', 'pass', only],
  ['onlyBound', listensSecond, 'listening', 'fail', { ...only, secondListens: started('bound', HERE) }],
  [
    'onlyBound',
    listensSecond,
    'never-bound',
    'fail',
    { ...only, second: inUseByBind('bound'), secondListens: inUseByBind('bound') },
  ],

  ['afterTheEnd', 'address-is-free-after-sigterm-ended-its-holder', 'listening', 'pass', free],
  [
    'afterTheEnd',
    'address-is-free-after-sigterm-ended-its-holder',
    'EADDRINUSE',
    'fail',
    { ...free, afterSigterm: inUse },
  ],
  ['afterTheEnd', dialling, 'ECONNREFUSED', 'pass', free],
  ['afterTheEnd', dialling, 'connected', 'fail', { ...free, client: queued }],
  ['afterTheEnd', dialling, 'connected', 'fail', { ...free, client: connected(HERE, 'listener') }],
  ['afterTheEnd', dialling, 'timed-out', 'fail', { ...free, client: refused(HERE, 'timed-out') }],
  ['afterTheEnd', 'address-is-free-after-sigkill-ended-its-holder', 'listening', 'pass', free],
  [
    'afterTheEnd',
    'address-is-free-after-sigkill-ended-its-holder',
    'EADDRINUSE',
    'fail',
    { ...free, afterSigkill: inUse },
  ],
]

describe('on Linux', () => {
  test.each(cases)('%s: %s gives %s: %s', (act, check, outcome, verdict, evidence) => {
    const result = answerOf(lab, act, check, evidence)
    expect(result).toMatchObject({ observed: outcome, verdict })
    expect(result.restsOn).not.toEqual([])
    for (const text of [result.seen, result.why]) expectSentence(text)
    for (const { choice } of result.choices) expect(choice).toMatch(/^[A-Za-z].+[.]$/)
  })

  test.each<[act: string, check: string, observed: string, evidence: Json]>([
    [
      'sameAddress',
      'tcp-listener-starts-on-an-address-in-use',
      'EACCES',
      { ...same, listener2: notStarted('listener', 'EACCES', HERE) },
    ],
    ['sameAddress', 'udp-socket-is-bound-to-an-address-in-use', 'other', { ...same, receiver2: listener }],
    ['sameAddress', calling, 'other', { ...same, listener2: listener }],
    [
      'onlyBound',
      'two-sockets-are-bound-to-one-address-while-none-listens',
      'other',
      { ...only, second: started('bound', HERE) },
    ],
  ])('%s: %s that nobody listed (%s) fails', (act, check, observed, evidence) => {
    expect(answerOf(lab, act, check, evidence)).toMatchObject({ observed, verdict: 'fail', seen: '' })
  })

  test("cafe's errno 99 is refuted, and told with the number of this machine", () => {
    const { seen, why, claims } = answerOf(lab, 'wildcardAndSpecific', sharing, wildcard)
    expect(claims).toMatchObject([{ claim: 'C10', document: 'cafe', holds: false }])
    expect(seen).toContain('EADDRINUSE, errno 98')
    expect(why).toMatch(/cafe.*errno 99.*wrong/)
    expect(answerOf(lab, 'wildcardAndSpecific', notLocal, wildcard).seen).toContain('EADDRNOTAVAIL, errno 99')
  })

  test('cafe C17, tuple T25 and dialogue Q17 hold; Q17 not while a child holds the socket', () => {
    const holds = (act: string, check: string, evidence: Json) => answerOf(lab, act, check, evidence).claims[0]?.holds
    expect(holds('wildcardAndSpecific', beside, wildcard)).toBe(true)
    expect(holds('wildcardAndSpecific', notLocal, wildcard)).toBe(true)
    const killed = 'address-is-free-after-sigkill-ended-its-holder'
    expect(holds('afterTheEnd', killed, free)).toBe(true)
    expect(holds('afterTheEnd', killed, { ...free, afterSigkill: inUse })).toBe(false)
    expect(holds('afterTheEnd', dialling, free)).toBe(true)
    expect(holds('afterTheEnd', dialling, { ...free, client: queued })).toBe(false)
  })

  test('C10 is judged by server4 after server6, the order of the document, and by no other', () => {
    const holds = (changed: Record<string, Json>) =>
      answerOf(lab, 'wildcardAndSpecific', sharing, { ...wildcard, ...changed }).claims[0]?.holds
    expect(holds({ server4Second: notAvailable })).toBe(true)
    expect(holds({ server4Second: notAvailable, server6Second: server6 })).toBe(true)
    expect(holds({ server6Second: notAvailable })).toBe(false)
    expect(holds({ server4Second: server4 })).toBe(false)
  })

  test('a connection that waits in the queue is told as accepted by nobody', () => {
    const { seen } = answerOf(lab, 'afterTheEnd', dialling, { ...free, client: queued })
    expect(seen).toBe('The client that dialled 127.0.0.1:8080 was connected, though no program has accepted it.')
  })

  test("the error's fields are told, and a field that Node leaves empty too", () => {
    expect(answerOf(lab, 'sameAddress', calling, same).seen).toContain(
      'code EADDRINUSE, errno -98, syscall listen, address 127.0.0.1, port 8080',
    )
    expect(answerOf(lab, 'onlyBound', listensSecond, only).seen).toContain('syscall listen, no address and no port')
  })
})

describe('elsewhere', () => {
  test.each(['darwin', 'win32'])('on %s a specific address stands beside the wildcard address', (os) => {
    const sharedBoth = { ...wildcard, server4Second: server4, server6Second: server6 }
    expect(answerOf(lab, 'wildcardAndSpecific', sharing, sharedBoth, os).verdict).toBe('pass')
    expect(answerOf(lab, 'wildcardAndSpecific', sharing, wildcard, os).verdict).toBe('fail')
  })

  test('no source says what FreeBSD does there: noted', () => {
    expect(answerOf(lab, 'wildcardAndSpecific', sharing, wildcard, 'freebsd').verdict).toBe('noted')
  })
})

test('the cases above reach every outcome of every check', () => {
  const left = unreached(lab)
  for (const [, check, outcome] of cases) left.get(check)?.delete(outcome)
  expect([...left].filter(([, outcomes]) => outcomes.size > 0)).toEqual([])
})
