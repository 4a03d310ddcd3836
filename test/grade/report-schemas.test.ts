/**
 * Reports held against schemas: published ones where there is a copy, else ones that were written after them; see
 * schemas/README.md. What a schema cannot say is checked here: points add up, what is not finished gives no marks, and no
 * limit is passed.
 */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

import type { GradedSubmission } from '../../harness/domain/graded.ts'
import { classroom50Place } from '../../harness/report/graded/classroom50-place.ts'
import { githubAnnotations, githubSummary } from '../../harness/report/graded/github.ts'
import { whole } from '../../harness/report/graded/sheet.ts'
import type { Schema } from '../cli/json-schema.ts'
import { judgeBy } from '../cli/json-schema.ts'
import { forStudent, forTeacher, ofClass, TOKEN } from './every-format.ts'
import { ada, BEFORE, book, grace, item, submission, unfinished, unread } from './graded-sample.ts'

const schema = (name: string) =>
  JSON.parse(readFileSync(join(import.meta.dirname, 'schemas', `${name}.schema.json`), 'utf8')) as Schema

const FINE = { errors: [], unknown: [] }
const SUBMISSIONS: Record<string, GradedSubmission> = {
  ada,
  grace,
  unread,
  unfinished,
  'nothing at all': submission('empty', []),
  'all skipped': submission('skipped', [item('a', { verdict: 'skip', maxPoints: 0 })]),
}
const each = Object.entries(SUBMISSIONS).map(([name, graded]) => ({
  name,
  graded,
  written: forStudent(graded, BEFORE),
}))
const read = (text: string | undefined) => JSON.parse(text ?? '') as Record<string, unknown>

/**
 * What may stand where, in the schemas of Ant's task and of the xunit plugin of Jenkins together, and besides: `file` and
 * `line` of a case, which GitLab reads, and `skipped` and `timestamp` of the whole.
 */
const JUNIT: Record<string, { in: string[]; attributes: string[] }> = {
  testsuites: { in: ['#'], attributes: ['name', 'tests', 'failures', 'errors', 'skipped', 'time', 'timestamp'] },
  testsuite: {
    in: ['testsuites'],
    attributes: ['name', 'tests', 'failures', 'errors', 'skipped', 'time', 'timestamp', 'hostname', 'id', 'package'],
  },
  properties: { in: ['testsuite'], attributes: [] },
  property: { in: ['properties'], attributes: ['name', 'value'] },
  testcase: { in: ['testsuite'], attributes: ['name', 'classname', 'time', 'file', 'line'] },
  failure: { in: ['testcase'], attributes: ['message', 'type'] },
  error: { in: ['testcase'], attributes: ['message', 'type'] },
  skipped: { in: ['testcase'], attributes: ['message'] },
  'system-out': { in: ['testcase'], attributes: [] },
}

function strangeInJUnit(text = ''): string[] {
  const bare = text.replaceAll(/<!\[CDATA\[[^]*?\]\]>/g, '').replace(/^<\?xml[^>]*\?>/, '')
  const above = ['#']
  const tags = [...bare.matchAll(/<(\/?)([\w-]+)((?:\s+[\w-]+="[^"]*")*)\s*(\/?)>/g)]
  const unread = bare.split('<').length - 1 === tags.length ? [] : ['something that is no tag']
  const found = tags.flatMap((tag) => {
    const [, isEnd, name = '', given = '', isEmpty] = tag
    if (isEnd) return above.pop() === name ? [] : [`</${name}>`]
    const { in: places = [], attributes = [] } = JUNIT[name] ?? {}
    const strange = [...given.matchAll(/([\w-]+)=/g)].flatMap(([, one = '']) => (attributes.includes(one) ? [] : [one]))
    const place = places.includes(above.at(-1) ?? '') ? [] : [`<${name}> in ${above.at(-1)}`]
    if (!isEmpty) above.push(name)
    return [...place, ...strange.map((one) => `${name} ${one}`)]
  })
  return [...unread, ...found, ...above.slice(1)]
}

describe.each(each)('$name', ({ graded, written }) => {
  it('is a result of Classroom 50', () => {
    const result = read(written['classroom50.json'])
    expect(judgeBy(schema('classroom50-result'), result)).toEqual(FINE)
    const tests = result['tests'] as { score: number; 'max-score': number }[]
    expect(result['score']).toBe(tests.reduce((sum, { score }) => sum + score, 0))
    expect(result['max-score']).toBe(tests.reduce((sum, one) => sum + one['max-score'], 0))
    expect(tests.filter((one) => one.score > one['max-score'])).toEqual([])
  })

  it('is a report of CTRF, whose summary counts its tests', () => {
    for (const text of [written['ctrf.json'], forTeacher(graded)['ctrf.json']]) {
      const report = read(text)
      expect(judgeBy(schema('ctrf'), report)).toEqual(FINE)
      expect(judgeBy(schema('published/ctrf'), report)).toEqual(FINE)
      const { summary, tests } = report['results'] as { summary: Record<string, number>; tests: { status: string }[] }
      expect(summary['tests']).toBe(tests.length)
      for (const status of ['passed', 'failed', 'skipped', 'pending', 'other']) {
        expect(summary[status]).toBe(tests.filter((one) => one.status === status).length)
      }
    }
  })

  it('is JUnit of elements and attributes that readers know', () => {
    for (const text of [written['junit.xml'], forTeacher(graded)['junit.xml']]) expect(strangeInJUnit(text)).toEqual([])
  })

  it('has a score somewhere in what Gradescope gets, and none without a maximum', () => {
    const result = read(written['gradescope.json'])
    const tests = result['tests'] as { score?: number; max_score?: number; status: string }[]
    expect('score' in result || tests.some((one) => one.score !== undefined)).toBe(true)
    expect(tests.filter((one) => (one.score === undefined) !== (one.max_score === undefined))).toEqual([])
    expect(tests.filter((one) => !['passed', 'failed'].includes(one.status))).toEqual([])
  })

  it('is gradable for PrairieLearn with points of every test, or says why it is not', () => {
    const result = read(written['prairielearn.json'])
    if (result['gradable'] === false) {
      expect((result['format_errors'] as string[]).every((one) => one.length > 0)).toBe(true)
      return
    }
    expect(result['score']).toBeGreaterThanOrEqual(0)
    expect(result['score']).toBeLessThanOrEqual(1)
    const tests = result['tests'] as object[]
    expect(tests.every((one) => 'points' in one && 'max_points' in one)).toBe(true)
  })
})

describe('marks', () => {
  it.each(['unfinished', 'unread'])('are not given to a submission that is %s', (name) => {
    const {
      'gradescope.json': one,
      'classroom50.json': two,
      'prairielearn.json': three,
    } = each.find((all) => all.name === name)?.written ?? {}
    expect(read(one)['score']).toBe(0)
    expect((read(one)['tests'] as object[]).filter((test) => 'score' in test)).toEqual([])
    expect([read(two)['score'], read(two)['max-score']]).toEqual([0, 0])
    expect(read(three)).not.toHaveProperty('score')
  })

  it('are a share of all points for PrairieLearn', () => {
    const graded = submission('half', [item('a'), item('b', { verdict: 'fail', maxPoints: 3 })])
    expect(read(forStudent(graded, BEFORE)['prairielearn.json'])).toMatchObject({ gradable: true, score: 0.25 })
  })

  it('have no pass where nothing was observed', () => {
    const graded = submission('x', [item('a', { verdict: 'inconclusive', maxPoints: 0 })])
    const written = forStudent(graded, BEFORE)
    expect(read(written['classroom50.json'])['tests']).toMatchObject([{ passed: false, 'max-score': 0 }])
    expect(read(written['gradescope.json'])['tests']).toMatchObject([{ status: 'failed' }])
    expect(written['junit.xml']).toContain('errors="1"')
    expect(written['tap.tap']).toContain('not ok 1')
  })
})

describe('limits', () => {
  const long = Array.from({ length: 900 }, (_, index) =>
    item(`check-${index}`, { verdict: 'fail', observed: 'o'.repeat(1_900), why: 'w'.repeat(1_900) }),
  )
  const big = submission('big', long)
  const written = forStudent(big, BEFORE)

  it('of PrairieLearn hold, and the report says that texts were cut', () => {
    const text = written['prairielearn.json'] ?? ''
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(1_000_000)
    const { message, tests, score } = read(text)
    expect(message).toContain('were shortened')
    expect(tests).toHaveLength(900)
    expect(score).toBe(0)
  })

  it('of the summary hold, and the report says that it was cut', () => {
    const text = written['github.md'] ?? ''
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(1024 * 1024)
    expect(text).toMatch(/\nThe rest of this report is left out: .*\n$/)
    expect(githubSummary(['short\n'])).toBe('short\n')
  })

  it('of annotations hold: ten of a kind', () => {
    const lines = (written['annotations.txt'] ?? '').trimEnd().split('\n')
    expect(lines.filter((line) => line.startsWith('::error '))).toHaveLength(10)
    expect(lines[9]).toContain('891 more like these are in the summary.')
    const many = Array.from({ length: 30 }, () => whole(grace))
    expect(githubAnnotations(many, TOKEN).match(/^::notice /gm)).toHaveLength(10)
  })
})

describe('a class', () => {
  it('is a report of CTRF', () => {
    for (const name of ['ctrf', 'published/ctrf']) {
      expect(judgeBy(schema(name), read(ofClass(book)['ctrf.json']))).toEqual(FINE)
    }
  })
})

describe('the place in Classroom 50', () => {
  const now = new Date('2026-11-22T10:00:00Z')
  const env = {
    CLASSROOM: 'networks',
    ASSIGNMENT: 'sockets',
    ASSIGNMENT_TYPE: 'group',
    USERNAME: 'ada',
    SUBMISSION_TAG: 'submit/1',
    COMMIT_URL: 'c',
    RELEASE_URL: 'r',
  }

  it('is read from the environment', () => {
    expect(classroom50Place({ ...env, SUBMITTED_AT: '2026-11-22T10:00:00+01:00' }, now)).toMatchObject({
      assignmentType: 'group',
      owner: 'ada',
      review: 'c',
      datetime: new Date('2026-11-22T09:00:00Z'),
      gradedAt: now,
    })
    expect(classroom50Place(env, now)).toMatchObject({ datetime: now })
  })

  it('is not known without its variables, which are named', () => {
    expect(classroom50Place({ ...env, CLASSROOM: '', COMMIT_URL: undefined }, now)).toEqual({
      missing: ['CLASSROOM', 'COMMIT_URL', 'REVIEW_URL'],
    })
  })
})

describe('the schemas', () => {
  it('refuse what the published ones refuse', () => {
    const result = read(each[0]?.written['classroom50.json'])
    const judged = (change: object) => judgeBy(schema('classroom50-result'), { ...result, ...change }).errors
    expect(judged({ score: 1.5 })).toEqual(['.score is no integer'])
    expect(judged({ submission: 'main' })).toHaveLength(1)
    expect(judged({ usernames: [] })).toEqual(['.usernames is not allowed'])
    expect(judged({ datetime: '2026-11-22T10:00:00.000Z' })).toHaveLength(1)
    const report = read(each[0]?.written['ctrf.json'])
    for (const name of ['ctrf', 'published/ctrf']) {
      expect(judgeBy(schema(name), { ...report, own: 1 }).errors).toEqual(['.own is not allowed'])
      expect(judgeBy(schema(name), { ...report, reportFormat: 'ours' }).errors).toHaveLength(1)
    }
  })
})
