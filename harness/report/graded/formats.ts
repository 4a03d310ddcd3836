/** The formats of a grading by name: of one submission, and of a class where the format can hold one. */

import type { AnyGradebook, GradedSubmission, GradingRun } from '../../domain/graded.ts'
import type { Layout } from '../layout.ts'
import { classHtml } from './class-html.ts'
import { classText } from './class-text.ts'
import type { Classroom50Place } from './classroom50.ts'
import { classroom50 } from './classroom50.ts'
import { ctrf, ctrfOfClass } from './ctrf.ts'
import { githubAnnotations, githubSummary } from './github.ts'
import { gradescope } from './gradescope.ts'
import { html } from './html.ts'
import { gradebookJson, gradebookNdjson, json, ndjson } from './json.ts'
import { junit, junitOfClass } from './junit.ts'
import { classMarkdown, markdown } from './markdown.ts'
import { prairielearn } from './prairielearn.ts'
import type { Sheet } from './sheet.ts'
import { whole } from './sheet.ts'
import { tap, tapOfClass } from './tap.ts'
import { text } from './text.ts'
import type { Moment } from './visibility.ts'
import { forGradescope, forStudent } from './visibility.ts'

/** What only some formats need. */
export type GradedOptions = {
  layout: Layout
  /** Null elsewhere than in Classroom 50, whose format cannot be written then. */
  place: Classroom50Place | null
  /** For the annotations: made anew by chance for each report, because whoever knows it can write commands. */
  token: string
}

export type GradedFormat = {
  summary: string
  /** What goes to a student in this format. */
  sheet: (graded: GradedSubmission, moment: Moment) => Sheet
  one: (sheet: Sheet, run: GradingRun, options: GradedOptions) => string
  /** Null where the format knows single submissions only. */
  class: ((book: AnyGradebook, options: GradedOptions) => string) | null
}

const sheetsOf = ({ submissions }: AnyGradebook) => Array.from(submissions, whole)

export const GRADED_FORMATS = {
  text: {
    summary: 'for reading along: each check with its points, and why points are lost',
    sheet: forStudent,
    one: (sheet, run, { layout }) => text(sheet, run, layout),
    class: (book, { layout }) => classText(book, layout),
  },
  json: {
    summary: 'one document, for programs; of a class the gradebook, which can be merged',
    sheet: forStudent,
    one: json,
    class: (book) => [...gradebookJson(book)].join(''),
  },
  ndjson: { summary: 'the same in lines', sheet: forStudent, one: ndjson, class: gradebookNdjson },
  markdown: {
    summary: 'for a page or a ticket',
    sheet: forStudent,
    one: (sheet, run) => [...markdown(sheet, run)].join(''),
    class: (book) => [...classMarkdown(book)].join(''),
  },
  html: { summary: 'a page to look at, in one file', sheet: forStudent, one: html, class: classHtml },
  junit: {
    summary: 'XML, for GitLab, Jenkins and the like',
    sheet: forStudent,
    one: junit,
    class: (book) => junitOfClass(sheetsOf(book), book.run),
  },
  tap: {
    summary: 'Test Anything Protocol 14',
    sheet: forStudent,
    one: tap,
    class: (book) => tapOfClass(sheetsOf(book), book.run),
  },
  ctrf: {
    summary: 'Common Test Report Format',
    sheet: forStudent,
    one: ctrf,
    class: (book) => ctrfOfClass(sheetsOf(book), book.run),
  },
  gradescope: { summary: 'results.json of Gradescope', sheet: forGradescope, one: gradescope, class: null },
  classroom50: {
    summary: 'result.json of Classroom 50',
    sheet: forStudent,
    one: (sheet, _run, { place }) => {
      if (place === null) throw new Error('the place in Classroom 50 is not known')
      return classroom50(sheet, place)
    },
    class: null,
  },
  prairielearn: { summary: 'results.json of PrairieLearn', sheet: forStudent, one: prairielearn, class: null },
  github: {
    summary: 'the summary of a step of GitHub Actions',
    sheet: forStudent,
    one: (sheet, run) => githubSummary(markdown(sheet, run)),
    class: (book) => githubSummary(classMarkdown(book)),
  },
  annotations: {
    summary: 'what GitHub Actions is to show beside the code: for standard output',
    sheet: forStudent,
    one: (sheet, _run, { token }) => githubAnnotations([sheet], token),
    class: (book, { token }) => githubAnnotations(sheetsOf(book), token),
  },
} as const satisfies Record<string, GradedFormat>

export type GradedFormatName = keyof typeof GRADED_FORMATS
