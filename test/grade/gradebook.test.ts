/** A gradebook: its order, its statistics, and one class out of several shards. */

import { describe, expect, it } from 'vitest'

import { gradebookOf, mergeGradebooks } from '../../harness/grade/gradebook.ts'
import { readGradebook } from '../../harness/grade/gradebook-read.ts'
import { statisticsOf } from '../../harness/grade/statistics.ts'
import { gradebookJson } from '../../harness/report/graded/json.ts'
import { ada, book, grace, item, run, submission, unfinished, unread } from './graded-sample.ts'

describe('a gradebook', () => {
  it('is ordered by name, whatever was graded first', () => {
    const names = ['b', 'a', 'Z', 'ä', 'a10', 'a9']
    const submissions = names.map((name) => submission(name, []))
    const wanted = ['Z', 'a', 'a10', 'a9', 'b', 'ä']
    expect(gradebookOf(run, submissions).submissions.map(({ name }) => name)).toEqual(wanted)
    expect(gradebookOf(run, submissions.toReversed())).toEqual(gradebookOf(run, submissions))
  })
})

describe('the statistics of an item', () => {
  const wrong = (outcome: string) =>
    item('q', { verdict: 'fail', maxPoints: 2, predicted: outcome, observed: `in words: ${outcome}` })
  const of = (...items: ReturnType<typeof item>[]) =>
    statisticsOf(items.map((one, index) => submission(`s${index}`, [one])))[0]

  it('are its mean share of the points and its commonest wrong prediction, in words', () => {
    const half = item('q', { verdict: 'partial', points: 1, maxPoints: 2, predicted: 'b', observed: 'in words: b' })
    expect(of(item('q', { maxPoints: 2 }), wrong('a'), half, wrong('b'))).toEqual({
      id: '04-dual-stack/q/prediction',
      question: 'What of the q?',
      part: 'prediction',
      maxPoints: 2,
      graded: 4,
      passed: 1,
      meanShare: 0.375,
      commonestWrong: { outcome: 'b', choice: 'in words: b', count: 2 },
    })
  })

  it('name the first in the alphabet where several are as common, whoever came first', () => {
    expect(of(wrong('b'), wrong('a'))?.commonestWrong?.outcome).toBe('a')
    expect(of(wrong('a'), wrong('b'))?.commonestWrong?.outcome).toBe('a')
  })

  it('know nothing where nothing was asked', () => {
    const skipped = item('q', { verdict: 'skip', maxPoints: 0 })
    const unseen = item('q', { verdict: 'inconclusive', maxPoints: 0 })
    expect(of(skipped, unseen)).toMatchObject({ graded: 0, passed: 0, meanShare: null, commonestWrong: null })
  })

  it('leave out what was not read or not graded to the end', () => {
    expect(statisticsOf([unfinished, unread, { ...ada, problem: 'x' }])).toEqual([])
  })

  it('have no commonest wrong prediction of a program', () => {
    expect(of(item('q', { part: 'program', verdict: 'fail' }))?.commonestWrong).toBeNull()
  })
})

describe('shards', () => {
  const one = gradebookOf({ ...run, startedAt: '2026-11-22T11:00:00.000Z' }, [grace, unread])
  const two = gradebookOf(run, [ada, unfinished])

  it('make the gradebook that one machine would have made', () => {
    expect(mergeGradebooks([one, two])).toEqual({ gradebook: book })
    expect(mergeGradebooks([two, one])).toEqual({ gradebook: book })
  })

  it('promise what every machine promises', () => {
    const sandbox = { kind: 'none' as const, promises: [] }
    const merged = mergeGradebooks([one, gradebookOf({ ...run, sandbox }, [ada])])
    expect(merged).toMatchObject({ gradebook: { run: { sandbox } } })
    const [first, ...rest] = run.sandbox.promises
    if (first === undefined) throw new Error('there are promises')
    const broken = { ...run.sandbox, promises: [{ ...first, kept: false, how: 'not here' }, ...rest] }
    expect(mergeGradebooks([one, gradebookOf({ ...run, sandbox: broken }, [ada])])).toMatchObject({
      gradebook: { run: { sandbox: broken } },
    })
  })

  it.each([
    [[], 'there is no gradebook to merge'],
    [[one, one], 'the submission "grace" is in the gradebooks twice'],
    [
      [one, gradebookOf({ ...run, labs: run.labs.slice(1) }, [ada])],
      'the gradebooks have other labs: 03-loopback-addresses, 04-dual-stack; and 04-dual-stack',
    ],
    [
      [one, gradebookOf({ ...run, due: null }, [ada])],
      'the gradebooks have other due dates: 2026-12-01T18:00:00+01:00; and none',
    ],
    [
      [two, gradebookOf(run, [submission('bob', [item('another')])])],
      'the submissions "ada" and "bob" were graded by other items',
    ],
  ])('are refused in a sentence: %#', (books, problem) => {
    expect(mergeGradebooks(books)).toEqual({ problem })
  })

  it('may lack what one machine could not observe', () => {
    expect(mergeGradebooks([gradebookOf(run, [ada]), gradebookOf(run, [unread])])).toHaveProperty('gradebook')
  })
})

describe('a gradebook that was written', () => {
  it('is read back as it was', () => {
    expect(readGradebook(gradebookJson(book))).toEqual({ gradebook: book })
  })

  it.each([
    ['{', 'it is not whole JSON: it was cut short or is something else'],
    ['null', 'it is no gradebook of these labs'],
    ['{"format":"socket-labs-gradebook","version":9}', 'it has version 9 of the format; this program reads 1'],
    ['{"format":"socket-labs-gradebook","version":1}', 'parts of it are missing'],
    [gradebookJson(book).replace('"points": 10', '"points": "10"'), 'its submission 1 is not whole'],
  ])('is refused where it is something else: %#', (text, problem) => {
    expect(readGradebook(text)).toEqual({ problem })
  })
})
