/** A grading in every format there is, by the name of the file that the tests keep of it. */

import type { Gradebook, GradedSubmission } from '../../harness/domain/graded.ts'
import { gradebookCsv } from '../../harness/report/graded/csv.ts'
import { GRADED_FORMATS } from '../../harness/report/graded/formats.ts'
import type { Sheet } from '../../harness/report/graded/sheet.ts'
import { whole } from '../../harness/report/graded/sheet.ts'
import type { Moment } from '../../harness/report/graded/visibility.ts'
import { plainLayout } from '../report/stream.ts'
import { place, run } from './graded-sample.ts'

export const TOKEN = '5d1c7b0e-stop'

const ENDINGS = {
  text: 'txt',
  json: 'json',
  ndjson: 'ndjson',
  markdown: 'md',
  html: 'html',
  junit: 'xml',
  tap: 'tap',
  ctrf: 'json',
  gradescope: 'json',
  classroom50: 'json',
  prairielearn: 'json',
  github: 'md',
  annotations: 'txt',
} as const satisfies Record<keyof typeof GRADED_FORMATS, string>

export type Written = Record<string, string>

const names = Object.keys(GRADED_FORMATS) as (keyof typeof GRADED_FORMATS)[]

const fileOf = (name: (typeof names)[number]) => `${name}.${ENDINGS[name]}`

/** As a student gets it at that moment. */
export function forStudent(graded: GradedSubmission, moment: Moment): Written {
  return written((name) => GRADED_FORMATS[name].sheet(graded, moment))
}

/** As a teacher gets it. */
export function forTeacher(graded: GradedSubmission): Written {
  return written(() => whole(graded))
}

function written(sheetFor: (name: (typeof names)[number]) => Sheet): Written {
  const options = { layout: plainLayout(80), place, token: TOKEN }
  const each = names.map((name) => [`${name}.${ENDINGS[name]}`, GRADED_FORMATS[name].one(sheetFor(name), run, options)])
  return {
    ...(Object.fromEntries(each) as Written),
    'narrow.txt': GRADED_FORMATS.text.one(sheetFor('text'), run, { layout: plainLayout(20), place, token: TOKEN }),
  }
}

export function ofClass(book: Gradebook): Written {
  const options = { layout: plainLayout(80), place, token: TOKEN }
  const each = names.flatMap((name) => {
    const format = GRADED_FORMATS[name].class
    return format === null ? [] : [[fileOf(name), format(book, options)]]
  })
  return {
    ...(Object.fromEntries(each) as Written),
    'narrow.txt': GRADED_FORMATS.text.class(book, { layout: plainLayout(20), place, token: TOKEN }),
    'gradebook.csv': [...gradebookCsv(book)].join(''),
  }
}
