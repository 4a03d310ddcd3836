/** Lab 04 on written evidence: every answer that its checks can read off, and the words for it. */

import { beforeAll, describe, expect, test } from 'vitest'

import type { Json } from '../../harness/domain/json.ts'
import type { LoadedLab } from '../../harness/domain/loaded-lab.ts'
import {
  actEvidence,
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
import { answerAct } from '../../harness/run/answer.ts'

let lab: LoadedLab
beforeAll(async () => {
  lab = await readyLab('04-dual-stack')
})

const ipv6Row = row({ local: { address: '::', port: PORT } })
const ipv4Row = row({ local: { address: '0.0.0.0', port: PORT } })
const clientRow = row({ local: { address: '::1', port: PORT }, state: 'ESTABLISHED' })

const mapped = {
  local: { address: '::ffff:127.0.0.1', port: PORT },
  peer: { address: '::ffff:127.0.0.1', port: 50_123 },
}
const plain = { local: { address: '127.0.0.1', port: PORT }, peer: { address: '127.0.0.1', port: 50_123 } }

const dualStack = {
  listed: listed([ipv6Row, clientRow], { source: 'lsof' }),
  overIPv6: connected('::1', 'server7'),
  overIPv4: connected('127.0.0.1', 'server7', { seenByServer: mapped }),
}
/** The kernel completed the connection, and no program accepted it. */
const unaccepted = connected('::1', '', { heard: '', confirmedBy: 'row', servedBy: null, seenByServer: null })
const ipv4Wildcard = { overIPv6: refused('::1') }
const bothWildcards = {
  server7AfterServer6: notStarted('server7', 'EADDRINUSE', '::'),
  server6AfterServer7: notStarted('server6', 'EADDRINUSE', '0.0.0.0'),
}
const ipv6Only = {
  overIPv4ToServer8: refused('127.0.0.1'),
  server6AfterServer8: started('server6', '0.0.0.0'),
  server8AfterServer6: started('server8', '::'),
  listed: listed([ipv6Row, ipv4Row], { source: 'lsof' }),
  overIPv6: connected('::1', 'server8'),
  overIPv4: connected('127.0.0.1', 'server6'),
}

/** What a run on Linux leaves when everything is as expected. */
const asExpected = { dualStack, ipv4Wildcard, bothWildcards, ipv6Only }

type Case = [act: keyof typeof asExpected, check: string, changed: Record<string, Json>, outcome: string]

const refuting: Case[] = [
  ['dualStack', 'ipv6-client-reaches-dual-stack-listener', { overIPv6: refused('::1') }, 'ECONNREFUSED'],
  ['dualStack', 'ipv6-client-reaches-dual-stack-listener', { overIPv6: refused('::1', 'timed-out') }, 'timed-out'],
  [
    'dualStack',
    'listing-shows-dual-stack-listener-as-one-ipv6-row',
    { listed: listed([ipv6Row, ipv4Row]) },
    'two-rows',
  ],
  ['dualStack', 'listing-shows-dual-stack-listener-as-one-ipv6-row', { listed: listed([ipv4Row]) }, 'one-ipv4-row'],
  ['dualStack', 'ipv4-client-reaches-dual-stack-listener', { overIPv4: refused('127.0.0.1') }, 'ECONNREFUSED'],
  [
    'dualStack',
    'ipv4-client-reaches-dual-stack-listener',
    { overIPv4: refused('127.0.0.1', 'timed-out') },
    'timed-out',
  ],
  [
    'dualStack',
    'dual-stack-listener-sees-ipv4-client-as-ipv4-mapped-address',
    { overIPv4: connected('127.0.0.1', 'server7', { seenByServer: plain }) },
    'ipv4',
  ],
  [
    'dualStack',
    'dual-stack-listener-sees-ipv4-client-as-ipv4-mapped-address',
    { overIPv4: refused('127.0.0.1') },
    'nothing',
  ],
  [
    'ipv4Wildcard',
    'ipv6-client-reaches-ipv4-wildcard-listener',
    { overIPv6: connected('::1', 'server6') },
    'connected',
  ],
  [
    'ipv4Wildcard',
    'ipv6-client-reaches-ipv4-wildcard-listener',
    { overIPv6: refused('::1', 'timed-out') },
    'timed-out',
  ],
  [
    'bothWildcards',
    'dual-stack-listener-starts-after-ipv4-wildcard-listener',
    { server7AfterServer6: started('server7', '::') },
    'listening',
  ],
  [
    'bothWildcards',
    'ipv4-wildcard-listener-starts-after-dual-stack-listener',
    { server6AfterServer7: started('server6', '0.0.0.0') },
    'listening',
  ],
  ['ipv6Only', 'ipv6only-listener-refuses-ipv4', { overIPv4ToServer8: connected('127.0.0.1', 'server8') }, 'connected'],
  ['ipv6Only', 'ipv6only-listener-refuses-ipv4', { overIPv4ToServer8: refused('127.0.0.1', 'timed-out') }, 'timed-out'],
  [
    'ipv6Only',
    'ipv6only-and-ipv4-wildcard-listeners-run-side-by-side',
    { server6AfterServer8: notStarted('server6', 'EADDRINUSE', '0.0.0.0') },
    'EADDRINUSE',
  ],
  [
    'ipv6Only',
    'ipv6only-and-ipv4-wildcard-listeners-run-side-by-side',
    { server8AfterServer6: notStarted('server8', 'EADDRINUSE', '::') },
    'EADDRINUSE',
  ],
  ['ipv6Only', 'listing-shows-both-listeners-as-two-rows', { listed: listed([ipv6Row]) }, 'one-ipv6-row'],
  ['ipv6Only', 'listing-shows-both-listeners-as-two-rows', { listed: listed([ipv4Row]) }, 'one-ipv4-row'],
  ['ipv6Only', 'each-listener-serves-its-own-family', { overIPv4: connected('127.0.0.1', 'server8') }, 'crossed'],
  ['ipv6Only', 'each-listener-serves-its-own-family', { overIPv6: refused('::1') }, 'one-refused'],
  [
    'ipv6Only',
    'each-listener-serves-its-own-family',
    { overIPv6: refused('::1'), overIPv4: refused('127.0.0.1', 'timed-out') },
    'one-refused',
  ],
]

/** Outcomes that nobody listed: they fail, and are shown as they were seen. */
const unlisted: Case[] = [
  [
    'dualStack',
    'ipv6-client-reaches-dual-stack-listener',
    { overIPv6: refused('::1', 'EHOSTUNREACH') },
    'EHOSTUNREACH',
  ],
  ['dualStack', 'listing-shows-dual-stack-listener-as-one-ipv6-row', { listed: listed([clientRow]) }, 'other'],
  ['dualStack', 'listing-shows-dual-stack-listener-as-one-ipv6-row', { listed: listed([ipv6Row, ipv6Row]) }, 'other'],
  [
    'bothWildcards',
    'ipv4-wildcard-listener-starts-after-dual-stack-listener',
    { server6AfterServer7: notStarted('server6', 'EACCES', '0.0.0.0') },
    'EACCES',
  ],
  [
    'ipv6Only',
    'ipv6only-and-ipv4-wildcard-listeners-run-side-by-side',
    { server8AfterServer6: notStarted('server8', 'EAFNOSUPPORT', '::') },
    'EAFNOSUPPORT',
  ],
  ['ipv6Only', 'listing-shows-both-listeners-as-two-rows', { listed: listed([]) }, 'other'],
  ['ipv6Only', 'each-listener-serves-its-own-family', { overIPv6: unaccepted }, 'other'],
]

/** `ipv6only-listener-refuses-ipv4 is answered with connected`. */
const titled = (cases: Case[]) => cases.map((one): [string, Case] => [`${one[1]} is answered with ${one[3]}`, one])

const answer = ([act, check, changed]: Case) => answerOf(lab, act, check, { ...asExpected[act], ...changed })

describe('what Linux does passes', () => {
  test.each(Object.keys(asExpected) as (keyof typeof asExpected)[])('in the act %s', (act) => {
    const results = answerAct(lab, actEvidence(act, asExpected[act]), { os: 'linux' })
    expect(results.length).toBeGreaterThan(0)
    for (const { id, verdict, observed, expected } of results) {
      expect(verdict, id).toBe('pass')
      expect(expected?.outcomes).toContain(observed)
    }
  })

  test('and no act is left out', () => {
    expect(Object.keys(asExpected)).toEqual(Object.keys(lab.lab.acts))
  })
})

describe('what contradicts the expectation fails', () => {
  test.each(titled(refuting))('%s', (_title, refuted) => {
    const { verdict, observed } = answer(refuted)
    expect({ verdict, observed }).toEqual({ verdict: 'fail', observed: refuted[3] })
  })

  test.each(titled(unlisted))('%s, which nobody listed', (_title, refuted) => {
    const { verdict, observed, choices } = answer(refuted)
    expect({ verdict, observed }).toEqual({ verdict: 'fail', observed: refuted[3] })
    expect(choices.map(({ outcome }) => outcome)).not.toContain(observed)
  })

  test('for every check', () => {
    const checks = Object.values(lab.lab.acts).flatMap((act) => Object.keys(act.checks))
    expect(new Set(refuting.map(([, check]) => check))).toEqual(new Set(checks))
  })
})

describe('other systems', () => {
  test.each([
    ['openbsd', 'dualStack', 'ipv4-client-reaches-dual-stack-listener', 'fail'],
    ['openbsd', 'dualStack', 'dual-stack-listener-sees-ipv4-client-as-ipv4-mapped-address', 'fail'],
    ['darwin', 'bothWildcards', 'ipv4-wildcard-listener-starts-after-dual-stack-listener', 'fail'],
    ['freebsd', 'bothWildcards', 'ipv4-wildcard-listener-starts-after-dual-stack-listener', 'noted'],
    ['freebsd', 'dualStack', 'ipv4-client-reaches-dual-stack-listener', 'pass'],
    ['win32', 'dualStack', 'ipv4-client-reaches-dual-stack-listener', 'noted'],
  ] as const)('on %s, act %s, check %s, the answer of Linux is: %s', (os, act, check, verdict) => {
    expect(answerOf(lab, act, check, asExpected[act], os).verdict).toBe(verdict)
  })

  test('OpenBSD is right where it refuses IPv4 on ::', () => {
    const evidence = { ...dualStack, overIPv4: refused('127.0.0.1') }
    const results = answerAct(lab, actEvidence('dualStack', evidence), { os: 'openbsd' })
    expect(results.map(({ verdict }) => verdict)).toEqual(['pass', 'pass', 'pass', 'pass'])
  })
})

describe('the words', () => {
  const all = (): Case[] => {
    const expected = Object.entries(lab.lab.acts).flatMap(([act, { checks }]) =>
      Object.keys(checks).map((check): Case => [act as keyof typeof asExpected, check, {}, '']),
    )
    return [...expected, ...refuting]
  }

  test('every declared outcome is reached, and has a sentence for what was seen and one for why', () => {
    const missing = unreached(lab)
    for (const one of all()) {
      const { id, observed, seen, why } = answer(one)
      missing.get(id)?.delete(observed ?? '')
      expectSentence(seen)
      expectSentence(why)
    }
    expect([...missing].filter(([, outcomes]) => outcomes.size > 0)).toEqual([])
  })

  test('what was seen names the addresses and the programs of the evidence', () => {
    const text = (act: keyof typeof asExpected, check: string) => answerOf(lab, act, check, asExpected[act]).seen
    expect(text('dualStack', 'ipv6-client-reaches-dual-stack-listener')).toMatch(
      /^server7 \(process \d+\) accepted the client at \[::1\]:50123\.$/,
    )
    expect(text('dualStack', 'dual-stack-listener-sees-ipv4-client-as-ipv4-mapped-address')).toContain(
      '::ffff:127.0.0.1',
    )
    expect(text('ipv4Wildcard', 'ipv6-client-reaches-ipv4-wildcard-listener')).toContain('[::1]:8080 was refused')
    expect(text('bothWildcards', 'dual-stack-listener-starts-after-ipv4-wildcard-listener')).toContain('EADDRINUSE')
    expect(text('ipv6Only', 'each-listener-serves-its-own-family')).toContain('server6 answered 127.0.0.1')
  })

  test('a connection that no program accepted is told as one', () => {
    const check = 'ipv6-client-reaches-dual-stack-listener'
    const { observed, seen } = answer(['dualStack', check, { overIPv6: unaccepted }, ''])
    expect(observed).toBe('connected')
    expect(seen).toBe('The client that dialled [::1]:8080 was connected, though no program has accepted it.')
  })

  test.each([
    ['lsof', 'In lsof there is one row, and its family is IPv6.'],
    ['proc', "In the kernel's tables there is one row, and its family is IPv6."],
  ] as const)('the listing %s is named as in a sentence', (source, seen) => {
    const check = 'listing-shows-dual-stack-listener-as-one-ipv6-row'
    expect(answer(['dualStack', check, { listed: listed([ipv6Row], { source }) }, '']).seen).toBe(seen)
  })
})

describe('claims', () => {
  const holds = (act: keyof typeof asExpected, check: string, changed: Record<string, Json> = {}) =>
    answer([act, check, changed, '']).claims.map((one) => [one.claim, one.holds])

  test('C15 and H14 hold where the IPv4 client is connected, and not where it is refused', () => {
    const check = 'ipv4-client-reaches-dual-stack-listener'
    expect(holds('dualStack', check)).toEqual([
      ['C15', true],
      ['H14', true],
    ])
    expect(holds('dualStack', check, { overIPv4: refused('127.0.0.1') })).toEqual([
      ['C15', false],
      ['H14', false],
    ])
  })

  test('H14 does not hold where server8, which is listed as :::8080 too, refuses IPv4', () => {
    const check = 'ipv6only-listener-refuses-ipv4'
    expect(holds('ipv6Only', check)).toEqual([['H14', false]])
    expect(holds('ipv6Only', check, { overIPv4ToServer8: connected('127.0.0.1', 'server8') })).toEqual([['H14', true]])
  })

  test.each([
    ['dualStack', 'listing-shows-dual-stack-listener-as-one-ipv6-row', 'C14'],
    ['ipv6Only', 'listing-shows-both-listeners-as-two-rows', 'C18'],
  ] as const)('act %s: what %s says of lsof is tested by lsof only', (act, check, claim) => {
    expect(holds(act, check)).toEqual([[claim, true]])
    const { rows } = asExpected[act].listed
    expect(holds(act, check, { listed: listed(rows, { source: 'ss' }) })).toEqual([[claim, null]])
  })

  test('together the checks answer C13 to C18 and H14', () => {
    const answered = Object.entries(asExpected).flatMap(([act, evidence]) =>
      answerAct(lab, actEvidence(act, evidence), { os: 'linux' }).flatMap(({ claims }) => claims),
    )
    expect([...new Set(answered.map(({ claim }) => claim))].sort()).toEqual([
      'C13',
      'C14',
      'C15',
      'C16',
      'C17',
      'C18',
      'H14',
    ])
    for (const { document, says } of answered) expect(`${document}: ${says}`).toMatch(/^(cafe|harbour): .{10}/)
  })
})
