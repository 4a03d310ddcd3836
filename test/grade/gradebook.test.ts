/** A gradebook: its order, its statistics, and one class out of several shards. */

import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, describe, expect, it } from 'vitest'

import type { GradedSubmission, GradingRun } from '../../harness/domain/graded.ts'
import type { Shard } from '../../harness/grade/gradebook.ts'
import { mergeGradebooks } from '../../harness/grade/gradebook.ts'
import { readGradebook } from '../../harness/grade/gradebook-read.ts'
import { statisticsOf } from '../../harness/grade/statistics.ts'
import { gradebookJson } from '../../harness/report/graded/json.ts'
import { ada, book, bookOf, grace, item, kept, run, submission, unfinished, unread } from './graded-sample.ts'

describe('a gradebook', () => {
  it('is ordered by name, whatever was graded first', () => {
    const names = ['b', 'a', 'Z', 'ä', 'a10', 'a9']
    const submissions = names.map((name) => submission(name, []))
    const wanted = ['Z', 'a', 'a10', 'a9', 'b', 'ä']
    expect(bookOf(run, submissions).submissions.map(({ name }) => name)).toEqual(wanted)
    expect(bookOf(run, submissions.toReversed())).toEqual(bookOf(run, submissions))
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
  const shard = (of: GradingRun, submissions: GradedSubmission[]): Shard => ({
    run: of,
    submissions: kept(submissions),
  })
  const one = shard({ ...run, startedAt: '2026-11-22T11:00:00.000Z' }, [grace, unread])
  const two = shard(run, [ada, unfinished])
  const merge = (...shards: Shard[]) => {
    const merged = mergeGradebooks(shards)
    return 'problem' in merged ? merged : { ...merged.gradebook, submissions: [...merged.gradebook.submissions] }
  }

  it('make the gradebook that one machine would have made', () => {
    expect(merge(one, two)).toEqual(book)
    expect(merge(two, one)).toEqual(book)
  })

  it('promise what every machine promises', () => {
    const sandbox = { kind: 'none' as const, promises: [] }
    expect(merge(one, shard({ ...run, sandbox }, [ada]))).toMatchObject({ run: { sandbox } })
    const [first, ...rest] = run.sandbox.promises
    if (first === undefined) throw new Error('there are promises')
    const broken = { ...run.sandbox, promises: [{ ...first, kept: false, how: 'not here' }, ...rest] }
    expect(merge(one, shard({ ...run, sandbox: broken }, [ada]))).toMatchObject({ run: { sandbox: broken } })
  })

  it.each([
    [[], 'there is no gradebook to merge'],
    [[one, one], 'the submission "grace" is in the gradebooks twice'],
    [
      [one, shard({ ...run, labs: run.labs.slice(1) }, [ada])],
      'the gradebooks have other labs: 03-loopback-addresses, 04-dual-stack; and 04-dual-stack',
    ],
    [
      [one, shard({ ...run, due: null }, [ada])],
      'the gradebooks have other due dates: 2026-12-01T18:00:00+01:00; and none',
    ],
    [
      [two, shard(run, [submission('bob', [item('another')])])],
      'the submissions "ada" and "bob" were graded by other items',
    ],
  ])('are refused in a sentence: %#', (shards, problem) => {
    expect(merge(...shards)).toEqual({ problem })
  })

  it('may lack what one machine could not observe', () => {
    expect(merge(shard(run, [ada]), shard(run, [unread]))).toHaveProperty('submissions')
  })
})

describe('a gradebook that was written', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gradebook-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const written = [...gradebookJson(book)].join('')
  const read = (text: string) => {
    const file = join(folder, 'gradebook.json')
    writeFileSync(file, text)
    const found = readGradebook(file)
    if ('problem' in found) return found
    return { run: found.shard.run, submissions: found.shard.submissions.map((one) => one.read()) }
  }

  it('is one document, and the same as if it were written at once', () => {
    const { run: of, submissions, statistics } = book
    const document = { format: 'socket-labs-gradebook', version: 1, run: of, submissions, statistics }
    expect(JSON.parse(written)).toEqual(document)
    expect(written).toBe(`${JSON.stringify(document, null, 1)}\n`)
    const none = { ...document, submissions: [], statistics: [] }
    expect([...gradebookJson(bookOf(run, []))].join('')).toBe(`${JSON.stringify(none, null, 1)}\n`)
  })

  it.each([
    ['as it was', written],
    ['without blanks', JSON.stringify(JSON.parse(written))],
    ['with blanks everywhere', written.replaceAll('\n', '\r\n \t').replaceAll('": ', '"\t : ')],
    [
      'after a long text',
      written.replace(
        '{',
        `{"more":{"submissions":[{"a":"]}\\"é"}]},"text":"${'é"['.replace('"', '\\"').repeat(30_000)}",`,
      ),
    ],
  ])('is read back: %s', (_how, text) => {
    expect(read(text)).toEqual({ run: book.run, submissions: book.submissions })
  })

  it('is read back with texts that look like its own signs, and across the pieces in which a file is read', () => {
    const texts = ['"submissions": [{', ']}', '\\', '\\"', 'é€😀\ud800', '{"submissions":[{}]}']
    const odd = Array.from({ length: 300 }, (_, at) =>
      submission(`${at} ${texts[at % texts.length]}`, ada.items, { author: 'é'.repeat(at), notes: texts }),
    )
    const { submissions } = bookOf(run, odd)
    const found = read([...gradebookJson({ ...book, submissions })].join(''))
    expect(found).toEqual({ run, submissions: JSON.parse(JSON.stringify(submissions).replaceAll('\\ud800', '�')) })
  })

  it('stays what it was where another one takes its name', () => {
    const [file, other] = ['one.json', 'other.json'].map((name) => join(folder, name)) as [string, string]
    writeFileSync(file, written)
    const found = readGradebook(file)
    writeFileSync(other, 'something else')
    renameSync(other, file)
    if ('problem' in found) throw new Error(found.problem)
    expect(found.shard.submissions.map((one) => one.read())).toEqual(book.submissions)
  })

  it.each([
    ['{', 'it is not whole JSON: it was cut short or is something else'],
    [written.slice(0, -10), 'it is not whole JSON: it was cut short or is something else'],
    [written.slice(0, written.length / 2), 'it is not whole JSON: it was cut short or is something else'],
    [written.replace('"points": 10', '"points": 1 0'), 'it is not whole JSON: it was cut short or is something else'],
    ['null', 'it is no gradebook of these labs'],
    ['{"format":"socket-labs-gradebook","version":9}', 'it has version 9 of the format; this program reads 1'],
    ['{"format":"socket-labs-gradebook","version":1}', 'parts of it are missing'],
    [written.replace('"points": 10', '"points": "10"'), 'its submission 1 is not whole'],
    [written.replace('"submissions": [', '"submissions": [{"at":0,"length":1},'), 'its submission 1 is not whole'],
    [written.replace('"submissions": [', '"submissions": [7,'), 'its submission 1 is not whole'],
  ])('is refused where it is something else: %#', (text, problem) => {
    expect(read(text)).toEqual({ problem })
  })
})
