/** The ledger is fail-closed: a claim holds only where every check that asks it was observed and bears it out. */

import { describe, expect, test } from 'vitest'

import type { Claim, LedgerRow } from '../../harness/domain/ledger.ts'
import {
  countOpen,
  countStandings,
  decidingOf,
  labsThatAnswer,
  ledgerOf,
  standingOf,
} from '../../harness/domain/ledger.ts'
import type { CheckResult, Verdict } from '../../harness/domain/verdict.ts'
import {
  conditionInWords,
  decidingInWords,
  evidenceInWords,
  mayChangeInWords,
  openInWords,
  standingsInWords,
  whyNotTested,
} from '../../harness/words/claims.en.ts'
import { check as result } from '../report/stream.ts'
import { check, loadedLab } from '../run/lab.ts'

const X1: Claim = {
  document: 'cafe',
  says: 'a client is connected',
  kind: 'test',
  unless: { 'b-check': 'nobody listens', 'c-check': 'nobody listens', 'd-check': 'the queue is full' },
}
const asking = { 'a-check': check(), 'b-check': check(), 'c-check': check(), 'd-check': check() }
const lab = loadedLab(asking)

/** What a check came to, and what that says of X1. */
function answer(id: string, holds: boolean | null, change: Partial<CheckResult> = {}): CheckResult {
  const claims = [{ claim: 'X1', document: 'cafe', says: X1.says, holds }]
  const verdict: Verdict = holds === null ? 'skip' : 'pass'
  return result({ id, lab: lab.id, verdict, claims, ...change })
}

function row(answers: readonly CheckResult[], claim: Claim = X1, labs = [lab]): LedgerRow {
  const [first, ...more] = ledgerOf({ X1: claim }, labs, answers)
  expect(more).toEqual([])
  return first as LedgerRow
}

const all = (holds: readonly (boolean | null)[]) => Object.keys(asking).map((id, at) => answer(id, holds[at] ?? null))

describe('what several answers come to', () => {
  test.each([
    [[true], 'holds'],
    [[true, true], 'holds'],
    [[false, false], 'does-not-hold'],
    [[true, false], 'holds-with-condition'],
    [[true, null], 'not-tested'],
    [[null], 'not-tested'],
    [[], 'not-tested'],
    [[false, null], 'does-not-hold'],
    [[true, false, null], 'holds-with-condition'],
  ] as const)('%j: %s', (answers, standing) => {
    expect(standingOf(answers)).toBe(standing)
    expect(standingOf(answers.toReversed())).toBe(standing)
  })
})

describe('a claim', () => {
  test('that every check bears out holds, with all of them as its findings', () => {
    const { standing, findings, exceptions } = row(all([true, true, true, true]))
    expect({ standing, exceptions }).toEqual({ standing: 'holds', exceptions: [] })
    expect(findings.map(({ check: id, holds }) => [id, holds])).toEqual(Object.keys(asking).map((id) => [id, true]))
  })

  test('of which one check did not run is not tested, and says so', () => {
    const open = row(all([true, true, true, true]).slice(1))
    expect(open.standing).toBe('not-tested')
    expect(whyNotTested(open)).toBe('what was tested holds, but 1 check is open (77-test was not run)')
  })

  test('that no check asks is not tested', () => {
    expect(whyNotTested(row([], X1, []))).toBe('no check asks it')
  })

  test('is left alone by checks that ask others, and by labs of another name', () => {
    const other = loadedLab({ 'z-check': check({ claims: { X2: 'connected' } }) }, { id: '78-other' })
    const foreign = all([true, true, true, true]).map((one) => ({ ...one, lab: '78-other' }))
    expect(row(foreign, X1, [lab, other]).standing).toBe('not-tested')
    expect(labsThatAnswer([lab, other], ['X1'])).toEqual([lab])
  })

  test('of the kind define is a definition, whatever was seen', () => {
    const defined: Claim = { document: 'cafe', says: 'it is so', kind: 'define', explainedIn: '07-x' }
    expect(row(all([false]), defined)).toMatchObject({ standing: 'definition', explainedIn: '07-x' })
  })
})

describe('why a claim is open', () => {
  test.each([
    ['skipped for want of ipv6-loopback: no address ::1', {}],
    ['nothing was observed: the act took longer than 9 s', { verdict: 'inconclusive' as const }],
    ['what was observed does not decide it', { verdict: 'fail' as const, observed: 'other' }],
  ])('%s', (why, change) => {
    const answers = Object.keys(asking).map((id) => answer(id, null, change))
    expect(whyNotTested(row(answers))).toBe(why)
  })

  test('another listing was shown than the one it speaks of', () => {
    const listing = loadedLab({ 'a-check': check({ shownBy: 'lsof' }) })
    const open = row([answer('a-check', null, { verdict: 'pass' })], X1, [listing])
    expect(whyNotTested(open)).toBe('it speaks of lsof, and another listing was shown')
  })
})

describe('an answer that open checks might have changed', () => {
  const skipped = { seen: 'no ss on this machine.' }

  test('says so, with each reason once', () => {
    const refuted = row([answer('a-check', false), answer('b-check', null, skipped), answer('c-check', null, skipped)])
    expect(refuted.standing).toBe('does-not-hold')
    expect(mayChangeInWords(refuted)).toBe(
      'this may change: 3 checks are open (skipped for want of no ss on this machine; 77-test was not run)',
    )
  })

  test('says so where it holds with a condition: there may be another one', () => {
    const mixed = row([answer('a-check', true), answer('b-check', false), answer('c-check', null, skipped)])
    expect(mixed.standing).toBe('holds-with-condition')
    expect(mayChangeInWords(mixed)).toMatch(/^this may change: 2 checks are open \(/)
  })

  test.each([
    ['every check answered it', all([true, false, false, false])],
    ['there is no answer yet', all([true, null, null, null])],
  ])('says nothing where %s', (_, answers) => {
    expect(mayChangeInWords(row(answers))).toBe('')
  })

  test('is counted apart from those without an answer, and skips apart from other reasons', () => {
    const unasked = [answer('a-check', false)]
    const rows = [
      row(all([true, null, null, null])),
      row(all([false, null, true, true])),
      row(all([false, null, false, false])),
      row(unasked),
      row([], X1, []),
      row(all([true, true, true, true])),
    ]
    const { bySkips, otherwise } = countOpen(rows)
    expect({ bySkips, otherwise }).toEqual({
      bySkips: { notTested: 1, mayChange: 2 },
      otherwise: { notTested: 1, mayChange: 1 },
    })
    expect(openInWords(bySkips, 'because of skips')).toBe(
      '3 answers are open because of skips: 1 was not tested and 2 may change',
    )
    expect(openInWords({ notTested: 0, mayChange: 1 }, 'for other reasons')).toBe(
      '1 answer is open for other reasons: 1 may change',
    )
    expect(openInWords({ notTested: 0, mayChange: 0 }, 'because of skips')).toBe('')
  })

  test('is no definition', () => {
    const { bySkips } = countOpen([row(all([true, null, null, null]), { ...X1, kind: 'define' })])
    expect(bySkips).toEqual({ notTested: 0, mayChange: 0 })
  })
})

describe('the checks to tell of', () => {
  const decided: Claim = { ...X1, decidedBy: ['c-check', 'b-check'] }
  const ids = (one: LedgerRow, holds: boolean) => decidingOf(one, holds).map(({ check: id }) => id)

  test('are those that decide it best, in the order of the ledger', () => {
    expect(ids(row(all([true, true, true, true]), decided), true)).toEqual(['c-check', 'b-check'])
  })

  test('bear out what is told: for why it does not hold only those that refute it', () => {
    const mixed = row(all([true, true, false, false]), decided)
    expect({ holds: ids(mixed, true), not: ids(mixed, false) }).toEqual({ holds: ['b-check'], not: ['c-check'] })
  })

  test('are the first that came to it where none is named, or none of those named did', () => {
    expect(ids(row(all([true, true, true, true])), true)).toEqual(['a-check'])
    expect(ids(row(all([true, null, null, true]), decided), true)).toEqual(['a-check'])
    expect(ids(row(all([true, true, true, true])), false)).toEqual([])
  })

  test('are told lab by lab', () => {
    const seen = [answer('b-check', true, { seen: 'Two.' }), answer('c-check', true, { seen: 'Three.' })]
    expect(decidingInWords(row([...all([true, null, null, true]), ...seen], decided), true)).toEqual([
      { lab: '77-test', seen: 'Three. Two.' },
    ])
  })
})

describe('a condition', () => {
  test('is told in the words of the ledger, each case once', () => {
    const mixed = row(all([true, false, false, false]))
    expect(mixed.standing).toBe('holds-with-condition')
    expect(conditionInWords(mixed)).toBe('it holds unless nobody listens, or the queue is full')
  })

  test('has no words where one of the cases has none: the others would say too much', () => {
    const mixed = row(all([false, false, true, true]))
    expect(mixed.exceptions).toEqual([])
    expect(conditionInWords(mixed)).toBe('some checks bear it out and others do not')
  })

  test('is not told of a check that came out both ways in two rounds', () => {
    const mixed = row([...all([true, true, true, true]), answer('b-check', false)])
    expect(mixed.standing).toBe('holds-with-condition')
    expect(mixed.exceptions).toEqual([])
    expect(mixed.findings).toHaveLength(5)
  })

  test('two rounds that agree are one finding', () => {
    const twice = [...all([true, true, true, true]), ...all([true, true, true, true])]
    expect(row(twice).findings).toHaveLength(4)
  })
})

describe('the evidence in one line', () => {
  const evidence = (seen: string, change: Partial<CheckResult> = {}) => {
    const [first] = row([answer('a-check', true, { seen, ...change })]).findings
    return first ? evidenceInWords(first) : undefined
  }
  const long = `It ${'really '.repeat(30)}happened.`

  test.each([
    ['server7 accepted 127.0.0.1:5. That was all.', 'server7 accepted 127.0.0.1:5. That was all.'],
    [`One. ${long} Three.`, 'One.'],
    [`${long} Two.`, long],
    ['No full stop: ECONNREFUSED', 'No full stop: ECONNREFUSED'],
    ['Broken\n  over lines. Yes.', 'Broken over lines. Yes.'],
  ])('%s', (seen, line) => {
    expect(evidence(seen)).toBe(line)
  })

  test('is the outcome itself where nobody has words for it, and nothing where nothing was observed', () => {
    const unknown = { verdict: 'fail' as const, observed: 'EHOSTUNREACH' }
    expect(evidence('', unknown)).toBe('EHOSTUNREACH, which is none of the answers that this lab knows.')
    expect(evidence('no address ::1', { verdict: 'skip' })).toBe('')
  })
})

test('standings are counted, and told in words', () => {
  const counts = countStandings([row(all([true, true, true, true])), row(all([false])), row([]), row([])])
  expect(counts).toEqual({
    holds: 1,
    'does-not-hold': 1,
    'holds-with-condition': 0,
    'not-tested': 2,
    definition: 0,
  })
  expect(standingsInWords(counts)).toBe('1 holds, 1 does not hold and 2 were not tested')
})
