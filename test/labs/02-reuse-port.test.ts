/** Lab 02 on written evidence: every outcome is reached, judged and told. */

import { describe, expect, test } from 'vitest'

import type { Json } from '../../harness/domain/json.ts'
import type { Started } from '../../harness/domain/observation.ts'
import { answerOf, connected, expectSentence, listed, notStarted, readyLab, refused } from './evidence.ts'
import { row, started, tally, unreached } from './evidence.ts'

const lab = await readyLab('02-reuse-port')

const HERE = '127.0.0.1'
const server1 = started('server1', HERE)
const server3 = started('server3', HERE)
const another3 = started('server3', HERE)
const inUse1 = notStarted('server1', 'EADDRINUSE', HERE)
const inUse3 = notStarted('server3', 'EADDRINUSE', HERE)
const notSupported = notStarted('server3', 'ENOTSUP', HERE)

const heldBy = (...programs: Started[]) =>
  row({
    local: { address: HERE, port: 8080 },
    holders: programs.map(({ pid }) => ({ pid, command: 'server3', fd: 20 })),
  })
const servedBy = ({ program, pid }: Started) => connected(HERE, program, { servedBy: { program, pid } })
const nobody = connected(HERE, '', { heard: '', confirmedBy: 'row', servedBy: null, seenByServer: null })

/** What act `both` returns when all is as the document says. */
const both = {
  secondStart: another3,
  listed: listed([heldBy(server3), heldBy(another3)], { source: 'lsof' }),
  first: servedBy(another3),
  second: servedBy(server3),
  third: refused(HERE),
}
const members = [started('listener', HERE), started('listener', HERE), started('listener', HERE)]

const plain = { second: inUse1, withOption: server3 }
const oneSided = { server3Second: inUse3, server1Second: inUse1 }

const cases: [act: string, check: string, outcome: string, verdict: 'pass' | 'fail', evidence: Json][] = [
  ['withoutOption', 'second-listener-starts-without-reuseport', 'EADDRINUSE', 'pass', plain],
  ['withoutOption', 'second-listener-starts-without-reuseport', 'listening', 'fail', { ...plain, second: server1 }],
  ['withoutOption', 'system-lets-node-set-reuseport', 'listening', 'pass', plain],
  ['withoutOption', 'system-lets-node-set-reuseport', 'ENOTSUP', 'fail', { ...plain, withOption: notSupported }],

  ['onlyOne', 'listeners-share-when-only-one-has-reuseport', 'EADDRINUSE', 'pass', oneSided],
  [
    'onlyOne',
    'listeners-share-when-only-one-has-reuseport',
    'listening',
    'fail',
    { server3Second: server3, server1Second: server1 },
  ],
  [
    'onlyOne',
    'listeners-share-when-only-one-has-reuseport',
    'one-order-only',
    'fail',
    { ...oneSided, server1Second: server1 },
  ],
  [
    'onlyOne',
    'listeners-share-when-only-one-has-reuseport',
    'one-order-only',
    'fail',
    { ...oneSided, server3Second: server3 },
  ],

  ['both', 'second-listener-starts-with-reuseport-on-both', 'listening', 'pass', both],
  ['both', 'second-listener-starts-with-reuseport-on-both', 'EADDRINUSE', 'fail', { ...both, secondStart: inUse3 }],
  ['both', 'listing-shows-each-member-of-a-reuseport-group', 'two-rows', 'pass', both],
  [
    'both',
    'listing-shows-each-member-of-a-reuseport-group',
    'one-row',
    'fail',
    { ...both, listed: listed([heldBy(server3)]) },
  ],
  [
    'both',
    'listing-shows-each-member-of-a-reuseport-group',
    'one-shared-row',
    'fail',
    { ...both, listed: listed([heldBy(server3, another3)], { source: 'lsof' }) },
  ],
  ['both', 'second-client-ends-the-other-server', 'the-other', 'pass', both],
  [
    'both',
    'second-client-ends-the-other-server',
    'the-other',
    'pass',
    { ...both, first: both.second, second: both.first },
  ],
  ['both', 'second-client-ends-the-other-server', 'the-same', 'fail', { ...both, second: both.first }],
  ['both', 'second-client-ends-the-other-server', 'ECONNREFUSED', 'fail', { ...both, second: refused(HERE) }],
  ['both', 'third-client-reaches-a-server-after-both-have-ended', 'ECONNREFUSED', 'pass', both],
  ['both', 'third-client-reaches-a-server-after-both-have-ended', 'connected', 'fail', { ...both, third: nobody }],
  [
    'both',
    'third-client-reaches-a-server-after-both-have-ended',
    'connected',
    'fail',
    { ...both, third: servedBy(server3) },
  ],
  [
    'both',
    'third-client-reaches-a-server-after-both-have-ended',
    'timed-out',
    'fail',
    { ...both, third: refused(HERE, 'timed-out') },
  ],

  [
    'manyClients',
    'connections-reach-every-member-of-a-reuseport-group',
    'every-member',
    'pass',
    { members, tally: tally({ a: 80, b: 90, c: 70 }) },
  ],
  [
    'manyClients',
    'connections-reach-every-member-of-a-reuseport-group',
    'some-members',
    'fail',
    { members, tally: tally({ a: 120, b: 120 }) },
  ],
  [
    'manyClients',
    'connections-reach-every-member-of-a-reuseport-group',
    'one-member',
    'fail',
    { members, tally: tally({ a: 240 }) },
  ],

  ['anotherUser', 'another-user-joins-a-reuseport-group', 'EADDRINUSE', 'pass', { other: inUse3 }],
  ['anotherUser', 'another-user-joins-a-reuseport-group', 'listening', 'fail', { other: server3 }],
]

describe('on Linux', () => {
  test.each(cases)('%s: %s gives %s: %s', (act, check, outcome, verdict, evidence) => {
    const result = answerOf(lab, act, check, evidence)
    expect(result).toMatchObject({ observed: outcome, verdict })
    expect(result.restsOn).not.toEqual([])
    for (const text of [result.seen, result.why]) expectSentence(text)
    for (const { choice } of result.choices) expect(choice).toMatch(/^[A-Za-z].+[.]$/)
  })

  test.each<[act: string, check: string, seen: string, evidence: Json]>([
    [
      'withoutOption',
      'system-lets-node-set-reuseport',
      'EACCES',
      { ...plain, withOption: notStarted('server3', 'EACCES', HERE) },
    ],
    ['both', 'listing-shows-each-member-of-a-reuseport-group', 'other', { ...both, listed: listed([]) }],
    [
      'both',
      'listing-shows-each-member-of-a-reuseport-group',
      'other',
      { ...both, listed: listed([heldBy(server3), heldBy(another3), heldBy(server1)]) },
    ],
    ['both', 'second-client-ends-the-other-server', 'other', { ...both, second: nobody }],
    ['both', 'second-client-ends-the-other-server', 'other', { ...both, first: refused(HERE) }],
  ])('%s: %s that nobody listed (%s) fails', (act, check, observed, evidence) => {
    expect(answerOf(lab, act, check, evidence)).toMatchObject({ observed, verdict: 'fail', seen: '' })
  })

  test('the claims of harbour and tuple are refuted, those of cafe hold', () => {
    const claims = Object.keys(lab.lab.acts['both']?.checks ?? {}).flatMap(
      (id) => answerOf(lab, 'both', id, both).claims,
    )
    expect(claims.map(({ claim, holds }) => [claim, holds])).toEqual([
      ['C7', true],
      ['H2', false],
      ['T4', false],
      ['C7', true],
      ['C8', true],
    ])
  })

  test('what cafe says of lsof is tested by lsof only, what tuple says of the kernel by any listing', () => {
    const byKernel = { ...both, listed: listed([heldBy(server3), heldBy(another3)], { source: 'proc' }) }
    const holds = (check: string) => answerOf(lab, 'both', check, byKernel).claims.map((one) => [one.claim, one.holds])
    expect(holds('listing-shows-each-member-of-a-reuseport-group')).toEqual([['C7', null]])
    expect(holds('second-listener-starts-with-reuseport-on-both')).toContainEqual(['T4', false])
  })

  test("a listing is named as in a sentence: a tool, or the kernel's tables", () => {
    const seenIn = (source: 'lsof' | 'proc') => {
      const shown = { ...both, listed: listed([heldBy(server3), heldBy(another3)], { source }) }
      return answerOf(lab, 'both', 'listing-shows-each-member-of-a-reuseport-group', shown).seen
    }
    expect(seenIn('lsof')).toMatch(/^In lsof there are two rows, held by server3/)
    expect(seenIn('proc')).toMatch(/^In the kernel's tables there are two rows, held by server3/)
  })

  test('a client is connected, refused, or gets no answer', () => {
    const seen = (second: Json) =>
      answerOf(lab, 'both', 'second-client-ends-the-other-server', { ...both, second, first: both.second }).seen
    expect(seen(both.second)).toMatch(/The second client was served by server3 \(process \d+\)\.$/)
    expect(seen(refused(HERE))).toMatch(/The second client was refused: ECONNREFUSED\.$/)
    const third = (outcome: Json) =>
      answerOf(lab, 'both', 'third-client-reaches-a-server-after-both-have-ended', { ...both, third: outcome })
    expect(third(nobody).seen).toBe('The third client was connected, though no program has accepted it.')
    expect(third(refused(HERE, 'timed-out')).why).toMatch(/^Nothing answered\./)
  })

  test('listings that disagree decide nothing', () => {
    const doubted = { ...both, listed: { ...both.listed, disagreements: ['ss shows 1, lsof shows 2.'] } }
    const check = 'listing-shows-each-member-of-a-reuseport-group'
    expect(answerOf(lab, 'both', check, doubted)).toMatchObject({ verdict: 'inconclusive', observed: null })
  })
})

describe('elsewhere', () => {
  test.each(['darwin', 'netbsd', 'openbsd', 'win32'])('%s is expected to answer ENOTSUP', (os) => {
    const unsupported = { second: inUse1, withOption: notSupported }
    const answer = (evidence: Json) => answerOf(lab, 'withoutOption', 'system-lets-node-set-reuseport', evidence, os)
    expect(answer(unsupported).verdict).toBe('pass')
    expect(answer(plain).verdict).toBe('fail')
  })

  test("FreeBSD's expectations rest on its own option", () => {
    const check = 'second-listener-starts-with-reuseport-on-both'
    expect(answerOf(lab, 'both', check, both, 'freebsd').expected?.source).toContain('SO_REUSEPORT_LB')
    expect(answerOf(lab, 'both', check, both).expected?.source).toContain('socket(7)')
  })

  test('no source says what FreeBSD does with one option on two sockets: noted', () => {
    const check = 'listeners-share-when-only-one-has-reuseport'
    expect(answerOf(lab, 'onlyOne', check, oneSided, 'freebsd')).toMatchObject({ verdict: 'noted', expected: null })
  })
})

test('the cases above reach every outcome of every check', () => {
  const left = unreached(lab)
  for (const [, check, outcome] of cases) left.get(check)?.delete(outcome)
  expect([...left].filter(([, outcomes]) => outcomes.size > 0)).toEqual([])
})
