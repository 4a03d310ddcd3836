import { expect, test } from 'vitest'

import { asJudged, judgedBy, ofLabs } from '../../harness/verify/baseline.ts'
import { compareRuns } from '../../harness/verify/compare.ts'
import { check } from '../report/stream.ts'
import { saved } from './saved-runs.ts'

const LAB = '90-example'
const judged = (before: Parameters<typeof saved>[0], change: Parameters<typeof check>[0]) =>
  judgedBy({ label: 'there', saved: saved(before) })(check({ id: 'one', ...change }))
const refused = { verdict: 'fail', observed: 'ECONNREFUSED' } as const

test('what the other run saw is right, whatever the table of this system says', () => {
  expect(judged({ [`${LAB}/one`]: 'ECONNREFUSED' }, refused)).toMatchObject({
    verdict: 'pass',
    expected: { outcomes: ['ECONNREFUSED'], source: 'observed by there' },
  })
})

test('what the other run did not see is a failure, whatever the table of this system says', () => {
  expect(judged({ [`${LAB}/one`]: 'ECONNREFUSED' }, { observed: 'connected' }).verdict).toBe('fail')
  expect(judged({ [`${LAB}/one`]: 'ECONNREFUSED' }, { verdict: 'noted', observed: 'connected' }).verdict).toBe('fail')
})

test('any of several answers of an unsteady run is right', () => {
  const before = { [`${LAB}/one`]: ['ECONNREFUSED', 'connected'] }
  expect([judged(before, refused).verdict, judged(before, {}).verdict]).toEqual(['pass', 'pass'])
  expect(judged(before, { observed: 'timed-out' }).verdict).toBe('fail')
})

test.each([
  { [`${LAB}/one`]: 'skip: no ss' },
  { [`${LAB}/one`]: 'inconclusive: too late' },
  { '01-a/one': 'connected' },
])('where the other run saw nothing there is nothing to hold it against: %j', (before) => {
  expect(judged(before as Record<string, string>, refused)).toMatchObject({ verdict: 'noted', expected: null })
})

test.each(['skip', 'inconclusive'] as const)('what was not observed here stays %s', (verdict) => {
  expect(judged({ [`${LAB}/one`]: 'connected' }, { verdict }).verdict).toBe(verdict)
})

test('a difference that is none by these rules is told as none', () => {
  const likeness = (before: string[], here: string[]) => {
    const runs = [before, here].map((rounds, index) => ({ label: `${index}`, saved: saved({ '01-a/one': rounds }) }))
    return compareRuns(runs).checks.map(asJudged)[0]?.likeness
  }
  expect(likeness(['connected', 'timed-out'], ['connected'])).toBe('same')
  expect(likeness(['connected'], ['connected', 'timed-out'])).toBe('differs')
  expect(likeness(['connected'], ['timed-out'])).toBe('differs')
  expect(likeness(['connected'], ['skip: no ss'])).toBe('not-everywhere')
})

test('labs that are not run are no part of the comparison', () => {
  const run = saved({ '01-a/one': 'connected', '02-b/two': 'connected' })
  expect(ofLabs(run, ['02-b']).answers.map(({ lab }) => lab)).toEqual(['02-b'])
})
