/** Many submissions side by side: each is told once as it is done, and whatever ends the rest is told as well. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { labsFolder } from '../../harness/catalog/find.ts'
import { loadLab } from '../../harness/catalog/load.ts'
import { Inconclusive } from '../../harness/domain/inconclusive.ts'
import { Examiners } from '../../harness/grade/examiners.ts'
import { gradeClass } from '../../harness/grade/grade-class.ts'
import type { ClassEvent } from '../../harness/grade/grade-class.ts'
import type { Grading } from '../../harness/grade/grade-submission.ts'
import { Journal } from '../../harness/grade/journal.ts'
import { planItems } from '../../harness/grade/plan.ts'
import { USUAL_RUBRIC } from '../../harness/grade/rubric.ts'
import { Limits } from '../../harness/run/limits.ts'
import { host } from '../report/stream.ts'

const loaded = await loadLab('04-dual-stack')
let top: string
let folders: string[]

beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), 'class-events-'))
  folders = ['ada', 'bob', 'carl', 'dora', 'eve'].map((name) => {
    const folder = join(top, name)
    mkdirSync(folder)
    writeFileSync(join(folder, 'submission.json'), JSON.stringify({ author: name }))
    return folder
  })
})
afterEach(() => rmSync(top, { recursive: true }))

/** No submission hands in a program, so that nothing is started. */
function gradingWith(change: Partial<Grading> = {}): Grading {
  return {
    examiners: new Examiners('none'),
    everyLab: [loaded],
    labsFolder: labsFolder(),
    roles: {},
    plan: planItems([loaded], USUAL_RUBRIC),
    reference: new Map(),
    host,
    limits: new Limits({ labMs: undefined, ownStartMs: 50 }),
    requireSandbox: true,
    known: { sandbox: null },
    rounds: 1,
    signal: new AbortController().signal,
    ...change,
  }
}

async function all(events: AsyncIterable<ClassEvent>): Promise<string[]> {
  const names: string[] = []
  for await (const { graded } of events) names.push(graded.name)
  return names
}

describe('grading a class', () => {
  const options = (jobs: number, journal = new Journal(join(top, `${jobs}-jobs`))) => ({ jobs, journal, key: 'key' })

  test('keeps the order with one job, and tells each once with any number', async () => {
    const names = ['ada', 'bob', 'carl', 'dora', 'eve']
    expect(await all(gradeClass(folders, gradingWith(), options(1)))).toEqual(names)
    for (const jobs of [2, 5, 64]) {
      expect((await all(gradeClass(folders, gradingWith(), options(jobs)))).toSorted()).toEqual(names)
    }
    expect(await all(gradeClass([], gradingWith(), options(2)))).toEqual([])
  })

  test('takes what is not inconclusive from the journal', async () => {
    const file = join(top, 'journal')
    const plan = gradingWith().plan.filter(({ part }) => part === 'program')
    const grading = gradingWith({ plan })
    await all(gradeClass(folders, grading, options(1, new Journal(file))))
    const before: boolean[] = []
    for await (const event of gradeClass(folders, grading, options(2, new Journal(file))))
      before.push(event.isFromBefore)
    expect(before).toEqual(Array(folders.length).fill(true))
  })

  test('ends at an interruption, with its reason, and starts nobody after it', async () => {
    const ending = new AbortController()
    const told: string[] = []
    const events = gradeClass(folders, gradingWith({ signal: ending.signal }), options(1))
    const run = async () => {
      for await (const { graded } of events) {
        told.push(graded.name)
        ending.abort(new Inconclusive('interrupted by SIGINT'))
      }
    }
    await expect(run()).rejects.toThrow('interrupted by SIGINT')
    expect(told.length).toBeLessThan(folders.length)
  })

  test('an error of the grader itself ends it, and is no end of a class', async () => {
    const broken = gradingWith({ plan: null as unknown as Grading['plan'] })
    await expect(all(gradeClass(folders, broken, options(2)))).rejects.toThrow(TypeError)
  })
})
