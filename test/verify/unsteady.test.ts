import { expect, test } from 'vitest'

import { findUnsteady } from '../../harness/verify/unsteady.ts'
import { saved } from './saved-runs.ts'

const unsteady = (answers: Parameters<typeof saved>[0]) => findUnsteady(saved(answers).answers)

test('a check that always gives the same answer is steady, in however many rounds', () => {
  expect(unsteady({ '01-a/one': ['connected', 'connected', 'connected'], '01-a/two': 'ECONNREFUSED' })).toEqual([])
})

test('answers are counted, the most frequent first', () => {
  const [found, ...others] = unsteady({ '01-a/one': ['timed-out', 'connected', 'connected'], '01-a/two': 'connected' })
  expect(others).toEqual([])
  expect(found).toEqual({
    lab: '01-a',
    check: 'one',
    question: 'What of one?',
    answers: [
      { answer: 'connected', count: 2 },
      { answer: 'timed-out', count: 1 },
    ],
  })
})

test('a round in which nothing was observed is another answer, whatever the reason', () => {
  const [found] = unsteady({ '01-a/one': ['connected', 'inconclusive: too late', 'inconclusive: no process'] })
  expect(found?.answers).toEqual([
    { answer: 'inconclusive', count: 2 },
    { answer: 'connected', count: 1 },
  ])
})

test('checks of one name in two labs are two checks', () => {
  expect(unsteady({ '01-a/one': 'connected', '02-b/one': 'ECONNREFUSED' })).toEqual([])
})

test('two answers that are both expected are two answers still', () => {
  const [answer] = saved({ '01-a/one': 'connected' }).answers
  if (!answer) throw new Error('no answer')
  const expected = { outcomes: ['connected', 'EAGAIN'], source: 'listen(2)' }
  const rounds = ['connected', 'EAGAIN'].map((observed) => ({
    ...answer,
    observed,
    expected,
    verdict: 'pass' as const,
  }))
  expect(findUnsteady(rounds)).toHaveLength(1)
})
