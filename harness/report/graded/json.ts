/** The record of a grading as JSON, in one document or in lines: described in docs/grading/formats.md. */

import type { Gradebook, GradingRun } from '../../domain/graded.ts'
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

/** The record as it is, with every text as it was handed in: it can be read back, and merged with others. */
export function gradebookJson(book: Gradebook): string {
  return `${toJson({ format: GRADEBOOK_FORMAT, version: GRADEBOOK_VERSION, ...book }, 1)}\n`
}

export function gradebookNdjson({ run, submissions, statistics }: Gradebook): string {
  return lines([
    { format: GRADEBOOK_FORMAT, version: GRADEBOOK_VERSION, type: 'run', run },
    ...submissions.map((submission) => ({ type: 'submission', submission })),
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
