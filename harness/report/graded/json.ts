/** The record of a grading as JSON, in one document or in lines: described in docs/grading/formats.md. */

import type { AnyGradebook, GradingRun } from '../../domain/graded.ts'
import { GRADEBOOK_FORMAT, GRADEBOOK_VERSION } from '../../domain/graded.ts'
import { toJson } from '../plain.ts'
import type { Sheet, SheetItem } from './sheet.ts'
import { byLab } from './sheet.ts'

const GRADED_FORMAT = 'socket-labs-graded'
/** Raised when a field changes its meaning or goes; a new field does not raise it. */
const GRADED_VERSION = 1

export function json(sheet: Sheet, run: GradingRun): string {
  return `${toJson({ ...headOf(sheet, run), submission: submissionOf(sheet) }, 1)}\n`
}

/** One line for the run, one for each item, and one for the end. */
export function ndjson(sheet: Sheet, run: GradingRun): string {
  const { items, ...end } = submissionOf(sheet)
  return lines([
    { ...headOf(sheet, run), type: 'run' },
    ...items.map((item) => ({ type: 'item', item })),
    { type: 'end', submission: end },
  ])
}

/**
 * The record as it is, with every text as it was handed in: it can be read back, and merged with others. Submission by
 * submission: a class may be large.
 */
export function* gradebookJson({ run, submissions, statistics }: AnyGradebook): Generator<string> {
  const none = toJson({ format: GRADEBOOK_FORMAT, version: GRADEBOOK_VERSION, run, submissions: [], statistics }, 1)
  const at = none.lastIndexOf('\n "statistics"')
  const [head, tail] = [none.slice(0, at - '],'.length), none.slice(at - '],'.length)]
  yield head
  let count = 0
  for (const submission of submissions) {
    // A newline within a text is escaped.
    yield `${count === 0 ? '' : ','}\n  ${toJson(submission, 1).replaceAll('\n', '\n  ')}`
    count += 1
  }
  yield `${count === 0 ? '' : '\n '}${tail}\n`
}

export function gradebookNdjson({ run, submissions, statistics }: AnyGradebook): string {
  return lines([
    { format: GRADEBOOK_FORMAT, version: GRADEBOOK_VERSION, type: 'run', run },
    ...Array.from(submissions, (submission) => ({ type: 'submission', submission })),
    ...statistics.map((item) => ({ type: 'statistics', item })),
  ])
}

/** The labs are those of the items: a lab that is kept back altogether is not named. */
function headOf({ items }: Sheet, run: GradingRun) {
  const labs = byLab(items).flatMap(({ lab }) => lab ?? [])
  return { format: GRADED_FORMAT, version: GRADED_VERSION, run: { ...run, labs } }
}

function submissionOf({ items, ...rest }: Sheet) {
  return { ...rest, items: items.map(recordOf) }
}

function recordOf({ id, name, lab, verdict, points, maxPoints, told, durationMs }: SheetItem) {
  return { id, name, lab, verdict, points, maxPoints, told, durationMs }
}

function lines(all: readonly object[]): string {
  return all.map((one) => `${toJson(one)}\n`).join('')
}
