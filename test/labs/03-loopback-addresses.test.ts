/** Lab 03 on written evidence: every check passes on what is expected, and every other outcome refutes it. */

import { describe, expect, test } from 'vitest'

import type { Json } from '../../harness/domain/json.ts'
import {
  answerOf,
  connected,
  expectSentence,
  listed,
  notStarted,
  PORT,
  readyLab,
  refused,
  row,
  started,
  unreached,
} from './evidence.ts'

const lab = await readyLab('03-loopback-addresses')
const left = unreached(lab)

const SAMPLE = Array.from({ length: 8 }, (_, index) => `127.${index * 10}.0.1`)
const LAST = '127.255.255.255'

const rowOn = (address: string, pid = 51) =>
  row({ local: { address, port: PORT }, holders: [{ pid, command: 'server4', fd: 20 }] })

/** On Linux a client of a loopback address has 127.0.0.1; `from` is another one. */
const client = (address: string, by: string, from = '127.0.0.1') =>
  connected(address, by, {
    seenByServer: { local: { address, port: PORT }, peer: { address: from, port: 50_123 } },
  })

const twoAddresses = (over: Record<string, Json> = {}) => ({
  server4: started('server4', '127.0.0.2'),
  server5: started('server5', '127.0.0.3'),
  listed: listed([rowOn('127.0.0.2'), rowOn('127.0.0.3', 52)]),
  to4: refused('127.0.0.4'),
  to2: client('127.0.0.2', 'server4'),
  to3: client('127.0.0.3', 'server5'),
  ...over,
})

const server = started('tcp-and-udp', SAMPLE[0] ?? '')
const wholeBlock = (over: Record<string, Json> = {}) => ({
  server,
  listed: listed(
    SAMPLE.flatMap((address) => [rowOn(address), { ...rowOn(address), protocol: 'udp' as const, state: null }]),
  ),
  sampled: SAMPLE.map((address) => client(address, 'tcp-and-udp')),
  last: started('tcp-and-udp', LAST),
  toLast: refused(LAST, 'ENETUNREACH'),
  ...over,
})

/** Act, check, the expected outcome with its evidence first, then the evidence that refutes it. */
const CASES: [string, string, [string, Json][]][] = [
  [
    'twoAddresses',
    'listeners-on-two-loopback-addresses-share-a-port',
    [
      ['both-listen', twoAddresses()],
      ['EADDRINUSE', twoAddresses({ server5: notStarted('server5', 'EADDRINUSE', '127.0.0.3') })],
      ['EADDRNOTAVAIL', twoAddresses({ server5: notStarted('server5', 'EADDRNOTAVAIL', '127.0.0.3') })],
    ],
  ],
  [
    'twoAddresses',
    'listing-shows-each-listener-with-its-own-address',
    [
      ['two-addresses', twoAddresses()],
      ['one-address', twoAddresses({ listed: listed([rowOn('0.0.0.0')]) })],
      ['no-row', twoAddresses({ listed: listed([]) })],
    ],
  ],
  [
    'twoAddresses',
    'client-reaches-loopback-address-without-listener',
    [
      ['ECONNREFUSED', twoAddresses()],
      ['connected', twoAddresses({ to4: client('127.0.0.4', 'server4') })],
      ['timed-out', twoAddresses({ to4: refused('127.0.0.4', 'timed-out') })],
    ],
  ],
  [
    'twoAddresses',
    'client-reaches-listener-on-the-address-that-it-dials',
    [
      ['each-its-own', twoAddresses()],
      ['crossed', twoAddresses({ to2: client('127.0.0.2', 'server5'), to3: client('127.0.0.3', 'server4') })],
      ['not-both-connected', twoAddresses({ to3: refused('127.0.0.3') })],
      ['not-both-connected', twoAddresses({ to2: refused('127.0.0.2', 'timed-out') })],
    ],
  ],
  [
    'twoAddresses',
    'client-takes-the-loopback-address-that-it-dials',
    [
      ['always-127-0-0-1', twoAddresses()],
      [
        'the-dialled-address',
        twoAddresses({
          to2: client('127.0.0.2', 'server4', '127.0.0.2'),
          to3: client('127.0.0.3', 'server5', '127.0.0.3'),
        }),
      ],
      ['not-both-connected', twoAddresses({ to2: refused('127.0.0.2') })],
    ],
  ],
  [
    'sameAddressTwice',
    'second-listener-starts-on-the-same-loopback-address',
    [
      ['EADDRINUSE', { second: notStarted('server4', 'EADDRINUSE', '127.0.0.2') }],
      ['listening', { second: started('server4', '127.0.0.2') }],
    ],
  ],
  [
    'wholeBlock',
    'sampled-loopback-addresses-work-without-being-configured',
    [
      ['all', wholeBlock()],
      ['some', wholeBlock({ sampled: SAMPLE.map((one, i) => (i === 2 ? refused(one) : client(one, 'tcp-and-udp'))) })],
      ['none', wholeBlock({ sampled: SAMPLE.map((address) => refused(address)) })],
      ['EADDRNOTAVAIL', wholeBlock({ server: notStarted('tcp-and-udp', 'EADDRNOTAVAIL', SAMPLE[0] ?? '') })],
    ],
  ],
  [
    'wholeBlock',
    'one-process-holds-a-socket-for-each-address',
    [
      ['one-process', wholeBlock()],
      ['several-processes', wholeBlock({ listed: listed(SAMPLE.map((address, index) => rowOn(address, 60 + index))) })],
      ['not-all', wholeBlock({ listed: listed([rowOn('127.0.0.1')]) })],
      ['not-all', wholeBlock({ listed: listed(SAMPLE.slice(1).map((address) => rowOn(address))) })],
    ],
  ],
  [
    'wholeBlock',
    'last-loopback-address-can-be-dialled',
    [
      ['ENETUNREACH', wholeBlock()],
      ['connected', wholeBlock({ toLast: client(LAST, 'tcp-and-udp') })],
      ['ECONNREFUSED', wholeBlock({ toLast: refused(LAST) })],
      ['timed-out', wholeBlock({ toLast: refused(LAST, 'timed-out') })],
    ],
  ],
]

describe.each(CASES)('act %s: %s', (act, check, answers) => {
  test.each(answers.map(([outcome, evidence], index) => ({ outcome, evidence, index })))(
    '$outcome',
    ({ outcome, evidence, index }) => {
      const result = answerOf(lab, act, check, evidence)
      left.get(check)?.delete(outcome)
      expect(result).toMatchObject({ observed: outcome, verdict: index === 0 ? 'pass' : 'fail' })
      for (const text of [result.question, result.seen, result.why]) expectSentence(text)
      for (const { choice } of result.choices) expect(choice).toMatch(/^\w.+\.$/)
    },
  )
})

describe('what fits no outcome fails, and is shown as it was seen', () => {
  test('a client with a third address', () => {
    const evidence = twoAddresses({ to3: client('127.0.0.3', 'server5', '192.0.2.2') })
    const result = answerOf(lab, 'twoAddresses', 'client-takes-the-loopback-address-that-it-dials', evidence)
    expect(result).toMatchObject({ observed: 'other', verdict: 'fail' })
  })

  test('a program that may not bind', () => {
    const evidence = wholeBlock({ last: notStarted('tcp-and-udp', 'EACCES', LAST) })
    const result = answerOf(lab, 'wholeBlock', 'last-loopback-address-can-be-dialled', evidence)
    expect(result).toMatchObject({ observed: 'EACCES', verdict: 'fail' })
  })
})

describe('claims', () => {
  const holds = (act: string, check: string, evidence: Json) =>
    answerOf(lab, act, check, evidence).claims.map(({ claim, holds }) => [claim, holds])

  test('what cafe says of the whole block is answered once, by its last address', () => {
    const sampled = 'sampled-loopback-addresses-work-without-being-configured'
    expect(holds('wholeBlock', sampled, wholeBlock())).toEqual([])
    expect(holds('wholeBlock', 'last-loopback-address-can-be-dialled', wholeBlock())).toEqual([['C12', false]])
  })

  test('what harbour says of ports is left to lab 01', () => {
    expect(holds('twoAddresses', 'listing-shows-each-listener-with-its-own-address', twoAddresses())).toEqual([])
    expect(holds('twoAddresses', 'client-reaches-listener-on-the-address-that-it-dials', twoAddresses())).toEqual([
      ['C9', true],
    ])
  })
})

test('macOS, where only some of the addresses were added, is noted and not failed', () => {
  const evidence = twoAddresses({
    server5: notStarted('server5', 'EADDRNOTAVAIL', '127.0.0.3'),
    to3: refused('127.0.0.3'),
  })
  const verdicts = [
    'listeners-on-two-loopback-addresses-share-a-port',
    'client-reaches-listener-on-the-address-that-it-dials',
  ].map((check) => answerOf(lab, 'twoAddresses', check, evidence, 'darwin').verdict)
  expect(verdicts).toEqual(['noted', 'noted'])
})

test('every declared outcome was reached', () => {
  expect([...left].filter(([, outcomes]) => outcomes.size > 0)).toEqual([])
})
