/** Listings of other systems, read from a file beside a lab: the step, its words, and the shape in which it is saved. */

import { expect, test } from 'vitest'

import { whatIsWrong } from '../../harness/cli/saved-shape.ts'
import type { Step } from '../../harness/domain/evidence.ts'
import { printedBy } from '../../harness/report/step-text.ts'
import { readRecorded } from '../../harness/run/step-read.ts'
import { seen, typed } from '../../harness/words/en.ts'

const beside = (file: string) => new URL(`../../labs/16-inside-view/${file}`, import.meta.url)
const FSTAT = readRecorded('fstat', beside('fstat.txt'))

const stepOf = (saw: typeof FSTAT): Step => ({ number: 1, atMs: 0, tookMs: 0, kind: 'read', saw })

test('what is read is the whole file, and its rows', () => {
  expect(FSTAT).toMatchObject({ format: 'fstat', file: 'labs/16-inside-view/fstat.txt', unread: [] })
  expect([FSTAT.printed.length, FSTAT.rows.length]).toEqual([41, 37])
  expect(readRecorded('netstat', beside('netstat.txt'))).toMatchObject({ format: 'netstat', unread: [] })
})

test('a reader is told that it is no listing of this machine', () => {
  expect(typed(stepOf(FSTAT))).toBe('cat labs/16-inside-view/fstat.txt')
  expect(seen(stepOf(FSTAT))).toContain('no listing of your machine')
  expect(printedBy(stepOf(FSTAT))).toHaveLength(41)
})

test('a saved run with such a step is read again, and refused where a part is missing', () => {
  const act = {
    act: 'a',
    port: null,
    notes: [],
    evidence: null,
    sources: {},
    skipped: null,
    problem: null,
    durationMs: 0,
  }
  const host = { os: 'linux', kernel: '6', architecture: 'x64', node: 'v26', nodeOrigin: 'bundled', libuv: '1' }
  const saved = (step: object) => ({
    startedAt: '',
    durationMs: 0,
    machine: null,
    answers: [],
    host: { ...host, ephemeralRange: null, superuser: null },
    labs: [{ lab: 'a', round: 1, durationMs: 0, acts: [{ ...act, steps: [step] }] }],
  })
  expect(whatIsWrong(saved(stepOf(FSTAT)))).toBeNull()
  expect(whatIsWrong(saved({ ...stepOf(FSTAT), saw: { ...FSTAT, unread: undefined } }))).toBe(
    'labs[0].acts[0].steps[0].saw.unread is no list',
  )
})
