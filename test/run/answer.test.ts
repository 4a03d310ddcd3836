/** Verdicts are fail-closed: a pass needs evidence, a listed outcome, and the expected one. */

import { describe, expect, test } from 'vitest'

import type { ActEvidence } from '../../harness/domain/evidence.ts'
import type { AnyCheck } from '../../harness/domain/lab.ts'
import type { CheckResult } from '../../harness/domain/verdict.ts'
import { answerAct, expectationFor } from '../../harness/run/answer.ts'
import { actEvidence, connected, listed, refused, started } from '../labs/evidence.ts'
import { check, loadedLab } from './lab.ts'

const good = actEvidence('only', { client: connected('127.0.0.1', 'server1') })

function answer(evidence: ActEvidence, over: Partial<AnyCheck> = {}, os = 'linux'): CheckResult {
  const [result, ...more] = answerAct(loadedLab({ 'a-check': check(over) }), evidence, { os })
  expect(more).toEqual([])
  return result as CheckResult
}

describe('verdicts', () => {
  test('the expected outcome passes, with its words, its expectation and its place in the lab', () => {
    expect(answer(good)).toEqual({
      id: 'a-check',
      lab: '77-test',
      act: 'only',
      question: 'a-check?',
      verdict: 'pass',
      expected: { outcomes: ['connected'], source: 'connect(2)' },
      observed: 'connected',
      seen: 'It was connected.',
      why: 'Because of connected.',
      restsOn: [1],
      claims: [
        { claim: 'X1', document: 'cafe', says: 'a client is connected', holds: true },
        { claim: 'X2', document: 'harbour', says: 'a client is refused', holds: false },
      ],
      choices: [
        { outcome: 'connected', choice: 'connected?' },
        { outcome: 'ECONNREFUSED', choice: 'ECONNREFUSED?' },
        { outcome: 'timed-out', choice: 'timed-out?' },
      ],
      prediction: null,
      file: 'labs/77-test/lab.ts',
      line: 12,
      durationMs: 100,
    })
  })

  test('another outcome fails, and the claims are answered by what was observed', () => {
    const { verdict, observed, seen, claims } = answer(actEvidence('only', { client: refused('127.0.0.1') }))
    expect({ verdict, observed, seen }).toEqual({
      verdict: 'fail',
      observed: 'ECONNREFUSED',
      seen: 'It was ECONNREFUSED.',
    })
    expect(claims.map(({ holds }) => holds)).toEqual([false, true])
  })

  test('one of several expected outcomes passes', () => {
    const expecting = { posix: { outcome: ['timed-out', 'ECONNREFUSED'], source: 'ip(7)' } }
    expect(answer(actEvidence('only', { client: refused('127.0.0.1') }), { expect: expecting }).verdict).toBe('pass')
    expect(answer(good, { expect: expecting }).verdict).toBe('fail')
  })

  test('without an expectation for the system an outcome is noted, whatever it is', () => {
    const { verdict, expected, observed } = answer(good, {}, 'win32')
    expect({ verdict, expected, observed }).toEqual({ verdict: 'noted', expected: null, observed: 'connected' })
  })

  test('a missing capability skips, with the reason', () => {
    const skipped = { evidence: null, skipped: 'ipv6-loopback: no IPv6 loopback address' }
    const { verdict, seen, observed, claims } = answer({ ...good, ...skipped })
    expect({ verdict, seen, observed }).toEqual({ verdict: 'skip', seen: skipped.skipped, observed: null })
    expect(claims.map(({ holds }) => holds)).toEqual([null, null])
  })

  test('a problem is inconclusive, even where evidence lies beside it', () => {
    const { verdict, seen, observed } = answer({ ...good, problem: 'nobody looked' })
    expect({ verdict, seen, observed }).toEqual({ verdict: 'inconclusive', seen: 'nobody looked', observed: null })
  })

  test('every declared check gets an answer, also of an act that never began', () => {
    const lab = loadedLab({ one: check(), two: check() })
    const results = answerAct(lab, { ...good, evidence: null, problem: 'no port' }, { os: 'linux' })
    expect(results.map(({ id, verdict }) => [id, verdict])).toEqual([
      ['one', 'inconclusive'],
      ['two', 'inconclusive'],
    ])
  })
})

describe('outcomes that nobody listed', () => {
  test.each(['other', 'EHOSTUNREACH'])('%s fails, is shown as it was seen, and has no words of its own', (outcome) => {
    const { verdict, observed, seen, why } = answer(
      actEvidence('only', { client: refused('127.0.0.1', outcome as never) }),
    )
    expect({ verdict, observed, seen, why }).toEqual({ verdict: 'fail', observed: outcome, seen: '', why: '' })
  })

  test('an outcome that is expected and not listed does not pass', () => {
    const expecting = { posix: { outcome: 'EHOSTUNREACH', source: 'a slip' } }
    const unlisted = actEvidence('only', { client: refused('127.0.0.1', 'EHOSTUNREACH') })
    expect(answer(unlisted, { expect: expecting }).verdict).toBe('fail')
  })

  test('the name of a method of every object has no words either', () => {
    const { verdict, seen } = answer(actEvidence('only', { client: refused('127.0.0.1', 'toString' as never) }))
    expect({ verdict, seen }).toEqual({ verdict: 'fail', seen: '' })
  })
})

describe('evidence that cannot be read is inconclusive', () => {
  test.each([
    ['null', null],
    ['an empty object', {}],
    ['a word', 'connected'],
    ['a list', []],
  ])('%s', (_name, evidence) => {
    const { verdict, observed, seen } = answer(actEvidence('only', evidence))
    expect({ verdict, observed }).toEqual({ verdict: 'inconclusive', observed: null })
    expect(seen).toMatch(/^the evidence could not be read: TypeError/)
  })

  test('a text that throws', () => {
    const lab = loadedLab()
    lab.narration.acts['only']!.checks['a-check']!.outcomes['connected']!.seen = () => {
      throw new Error('no such key')
    }
    const [result] = answerAct(lab, good, { os: 'linux' })
    expect(result).toMatchObject({ verdict: 'inconclusive', observed: null })
    expect(result?.seen).toContain('no such key')
  })
})

describe('what a verdict rests on', () => {
  const evidence = actEvidence('only', {
    client: connected('127.0.0.1', 'server1'),
    server: started('server1', '127.0.0.1'),
    listed: listed([], { disagreements: ['lsof shows more than ss.'] }),
    both: { first: started('server1', '127.0.0.1'), again: [connected('127.0.0.1', 'server1')] },
  })

  test('is the steps of the keys that the check read, in order and each once', () => {
    const reading = (read: (evidence: Record<string, unknown>) => unknown) =>
      answer(evidence, {
        outcome: (value) => {
          read(value as Record<string, unknown>)
          return 'connected'
        },
      }).restsOn
    expect(reading(({ client }) => client)).toEqual([1])
    expect(reading(({ server, client }) => [server, client, client])).toEqual([1, 2])
    expect(reading(({ both }) => both)).toEqual([4, 5])
  })

  test('makes it inconclusive where a listing among them contradicts another', () => {
    const { verdict, seen, observed } = answer(evidence, {
      outcome: (value) => ((value as { listed: object }).listed ? 'connected' : 'other'),
    })
    expect({ verdict, seen, observed }).toEqual({
      verdict: 'inconclusive',
      seen: 'the listings of step 3 disagree: lsof shows more than ss.',
      observed: null,
    })
  })

  test('leaves claims about a tool open where another listing was shown', () => {
    const readsListing = {
      shownBy: 'lsof' as const,
      outcome: (value: unknown) => ((value as { listed: object }).listed ? 'connected' : 'other'),
    }
    const holds = (source: 'lsof' | 'ss') =>
      answer(actEvidence('only', { listed: listed([], { source }) }), readsListing).claims.map((claim) => claim.holds)
    expect(holds('lsof')).toEqual([true, false])
    expect(holds('ss')).toEqual([null, null])
  })

  test('makes it inconclusive where that is nothing: nobody looked', () => {
    const { verdict, seen, observed } = answer(evidence, { outcome: () => 'connected' })
    expect({ verdict, observed }).toEqual({ verdict: 'inconclusive', observed: null })
    expect(seen).toContain('rests on no step')
  })

  test('leaves it alone where only a listing that it did not read contradicts another', () => {
    expect(answer(evidence).verdict).toBe('pass')
  })
})

describe('expectations', () => {
  const both = check({
    expect: { posix: { outcome: 'connected', source: 'posix' }, openbsd: { outcome: 'ECONNREFUSED', source: 'own' } },
  })

  test.each([
    ['linux', 'posix'],
    ['darwin', 'posix'],
    ['aix', 'posix'],
    ['openbsd', 'own'],
  ])('%s has that of: %s', (os, source) => {
    expect(expectationFor(both, os)?.source).toBe(source)
  })

  test('Windows has none unless it is named', () => {
    expect(expectationFor(both, 'win32')).toBeNull()
    const named = check({ expect: { win32: { outcome: 'connected', source: 'Winsock' } } })
    expect(expectationFor(named, 'win32')?.source).toBe('Winsock')
    expect(expectationFor(named, 'linux')).toBeNull()
  })
})
