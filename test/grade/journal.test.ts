/** The journal of a class: what was graded is found again, and nothing else is. */

import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import type { JournalEntry } from '../../harness/grade/journal.ts'
import { Journal, keyOfGrading, keyOfSubmission } from '../../harness/grade/journal.ts'
import type { Reference } from '../../harness/grade/reference.ts'
import { item, submission } from './graded-sample.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'journal-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** What another one finds. */
function found(file: string, key: string): JournalEntry | undefined {
  const journal = new Journal(file)
  const place = journal.find(key)
  return place && journal.read(place)
}

const entry = (key: string, ...items: ReturnType<typeof item>[]): JournalEntry => ({
  key,
  graded: submission(key, items),
  sandbox: null,
})

describe('a journal', () => {
  const file = () => join(folder, 'graded.ndjson')

  test('finds what another one has kept', () => {
    new Journal(file()).keep(entry('ada', item('a')))
    expect(found(file(), 'ada')).toEqual(entry('ada', item('a')))
    expect(found(file(), 'bob')).toBeUndefined()
  })

  test('passes over a last line that was cut, and what comes behind it is found', () => {
    new Journal(file()).keep(entry('ada', item('a')))
    new Journal(file()).keep(entry('bob', item('a')))
    writeFileSync(file(), readFileSync(file(), 'utf8').slice(0, -20))
    const again = new Journal(file())
    again.keep(entry('eve', item('a')))
    const names = ['ada', 'bob', 'eve'].map((key) => found(file(), key)?.graded.name)
    expect(names).toEqual(['ada', undefined, 'eve'])
  })

  test('passes over lines that are no entries', () => {
    appendFileSync(file(), 'null\n7\n"x"\n{}\n[]\n{"key":"ada"}\n{"key":7,"graded":{}}\n')
    const journal = new Journal(file())
    expect(['ada', 'undefined', 'null'].map((key) => journal.find(key))).toEqual([undefined, undefined, undefined])
  })

  test('does not keep what is inconclusive: the next run may see it', () => {
    const unsure = entry('ada', item('a'), item('b', { verdict: 'inconclusive' }))
    const journal = new Journal(file())
    expect(journal.read(journal.keep(unsure))).toEqual({ ...unsure, key: null })
    expect(found(file(), 'ada')).toBeUndefined()
  })

  test('reads each from its place, however long the lines before it are and whatever is written in them', () => {
    const texts = ['é'.repeat(70_000), '\n\r\u2028', '\ud800', 'a'.repeat(65_534), '']
    const kept = texts.map((text, index) => entry(`${index}`, item('a', { observed: text })))
    const journal = new Journal(file())
    const places = kept.map((one) => journal.keep(one))
    expect(places.toReversed().map((place) => journal.read(place))).toEqual(kept.toReversed())
    expect(kept.map(({ key }) => found(file(), key as string))).toEqual(kept)
  })

  test('says so where somebody has changed its file meanwhile', () => {
    const journal = new Journal(file())
    const place = journal.keep(entry('ada', item('a')))
    writeFileSync(file(), '')
    expect(() => journal.read(place)).toThrow(`${file()} was changed while the class was graded`)
  })
})

describe('the key of a submission', () => {
  const key = (name = 'ada', grading = 'g') => keyOfSubmission(grading, name, folder)
  const changes: Readonly<Record<string, () => void>> = {
    'a file has other text of the same length': () => writeFileSync(join(folder, 'a.py'), 'b'),
    'a file may be run': () => chmodSync(join(folder, 'a.py'), 0o755),
    'a file is there': () => writeFileSync(join(folder, 'c.py'), ''),
    'a folder is there': () => mkdirSync(join(folder, 'more')),
    'a file in a folder has changed': () => writeFileSync(join(folder, 'sub', 'b.py'), 'b'),
    'a link goes elsewhere'() {
      rmSync(join(folder, 'link'))
      symlinkSync('elsewhere', join(folder, 'link'))
    },
  }

  beforeEach(() => {
    mkdirSync(join(folder, 'sub'))
    for (const name of ['a.py', 'sub/b.py']) writeFileSync(join(folder, name), 'a')
    symlinkSync('nowhere', join(folder, 'link'))
  })

  test('is the same where nothing has changed', async () => {
    expect(await key()).toBe(await key())
  })

  test.for(Object.entries(changes))('is another one where %s', async ([, change]) => {
    const before = await key()
    change()
    expect(await key()).not.toBe(before)
  })

  test('is there for names that are no UTF-8', async () => {
    const before = await key()
    writeFileSync(Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0xff, 0xfe])]), '')
    const after = await key()
    expect([after === before, after]).toEqual([false, await key()])
  })

  test('is another one for another name, and under another grading', async () => {
    const all = await Promise.all([key(), key('bob'), key('ada', 'h')])
    expect(new Set(all).size).toBe(3)
  })

  test('never follows a link, and comes to an end in a folder that links to itself', async () => {
    symlinkSync('..', join(folder, 'sub', 'up'))
    symlinkSync('/dev/zero', join(folder, 'endless'))
    expect(await key()).toMatch(/^[0-9a-f]{64}$/)
  })
})

describe('the key of a grading', () => {
  const plan = [{ id: 'x', maxPoints: 1 }] as unknown as Parameters<typeof keyOfGrading>[0]
  const reference = (observed: string) =>
    new Map([['lab/check', { verdict: 'pass', observed }]]) as unknown as Reference

  test('is another one for other points, another answer of the machine, other rounds, another grader', () => {
    const keys = [
      keyOfGrading(plan, reference('connected'), 1, '1'),
      keyOfGrading([{ ...plan[0], maxPoints: 2 }] as typeof plan, reference('connected'), 1, '1'),
      keyOfGrading(plan, reference('timed-out'), 1, '1'),
      keyOfGrading(plan, reference('connected'), 2, '1'),
      keyOfGrading(plan, reference('connected'), 1, '2'),
    ]
    expect(new Set(keys).size).toBe(keys.length)
    expect(keyOfGrading(plan, reference('connected'), 1, '1')).toBe(keys[0])
  })
})
