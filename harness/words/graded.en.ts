/** What the reports of a grading say, in English: points, verdicts, what is kept back, and what a person has to look at. */

import type { Part } from '../domain/graded.ts'
import { timeInWords } from './html.en.ts'

export const partWords: Readonly<Record<Part, string>> = { prediction: 'Prediction', program: 'Program' }

export const gradedHeadings = {
  submission: 'Submission',
  graded: 'Graded',
  class: 'The class',
  submissions: 'Submissions',
  each: 'Each submission in full',
  items: 'How hard each check was',
  wrong: 'The commonest wrong predictions',
  look: 'For a person to look at',
  notes: 'Remarks',
  printed: 'What the programs printed',
  pointsOnly: 'Checks of which only the points are told',
  where: 'Where this was graded',
  sandbox: 'What the sandbox promises here',
} as const

export const gradedColumns = {
  name: 'Submission',
  author: 'Author',
  points: 'Points',
  of: 'Of',
  state: 'State',
  check: 'Check',
  part: 'Part',
  wrong: 'Commonest wrong prediction',
  verdict: 'Verdict',
  question: 'Question',
  promise: 'Promise',
  kept: 'Kept',
  how: 'How',
} as const

/** What stands before a text about an item. */
export const itemWords = {
  predicted: 'Predicted:',
  happened: 'What happened:',
  expected: 'Expected:',
  wanted: 'Should have been:',
  seen: 'Seen:',
  found: 'But was:',
  why: 'Why:',
  skipped: 'Skipped:',
  unobserved: 'Not observed:',
  explained: 'The student wrote:',
} as const

/** `3 of 5 points`. */
export function pointsInWords(points: number, maxPoints: number): string {
  return `${points} of ${maxPoints} ${maxPoints === 1 ? 'point' : 'points'}`
}

/** Of a grading that has not finished. */
export const soFarInWords = (total: string): string => `${total} so far`

/** Stands after the prediction of the same check. */
export const sameQuestionInWords = 'the same question'

/** `Question? (prediction 1 of 1, program 2 of 2)`: a check of which both parts are passed. */
export function bothInWords(question: string, prediction: string, program: string): string {
  return `${question} (prediction ${prediction}, program ${program})`
}

/** The name of an item of which only the points are told. */
export const neutralName = (number: number): string => `check ${number}`

/** That there is more, and not how much. `due` is ISO 8601, or null where there is no date. */
export function moreInWords(due: string | null): string {
  const at = new Date(due ?? Number.NaN)
  if (Number.isNaN(at.getTime())) return 'There is more, which is not shown yet.'
  return `There is more after the due date, ${timeInWords(at.toISOString())}.`
}

export const unfinishedInWords = 'Grading has not finished. This is no result yet, and gives no marks.'
export const notBegunInWords = 'Grading has not come to this yet.'
export const unfinishedName = 'grading has finished'
export const unreadName = 'the submission can be graded'

export function unreadInWords(problem: string): string {
  return `Nothing of it could be graded: ${problem}`
}

export const nothingAskedInWords = 'Nothing could be asked on this machine, so there are no points to be had.'

export const noPointsLost = 'No points are lost by this. A person has to look at it.'

export function inconclusiveInWords(count: number): string {
  const what = count === 1 ? '1 check was' : `${count} checks were`
  return `${what} not observed by the grader. ${noPointsLost}`
}

/** Stands after a text that was cut. */
export function cutInWords(left: number): string {
  return `… (cut: ${left} more ${left === 1 ? 'character' : 'characters'})`
}

export const printedCutInWords = 'It printed more, which is left out here.'

export function printedByInWords(role: string): string {
  return `Printed by ${role}`
}

export const reportCutInWords = 'The rest of this report is left out: it would be too long for this place.'
export const textsCutInWords = 'Texts in this report were shortened, because it would be too long for this place.'

export const noReasonInWords = 'The reason is not told here.'

export const stateWords = {
  graded: 'graded',
  unread: 'could not be read',
  unfinished: 'not finished',
  look: 'look at it',
} as const

export function moreAnnotationsInWords(count: number): string {
  return `${count} more like these are in the summary.`
}

export function submissionsInWords(count: number): string {
  return `${count} ${count === 1 ? 'submission' : 'submissions'}`
}

/** `4 submissions. Mean of the 3 that were graded to the end: 5.5 of 12 points.` */
export function classInWords(
  count: number,
  means: { count: number; points: number; maxPoints: number } | null,
): string {
  if (means === null) return `${submissionsInWords(count)}, none of them graded to the end.`
  const [points, maxPoints] = [means.points, means.maxPoints].map((one) => String(Math.round(one * 10) / 10))
  const whose = means.count === 1 ? 'the one that was graded' : `the ${means.count} that were graded`
  return `${submissionsInWords(count)}. Mean of ${whose} to the end: ${points} of ${maxPoints} points.`
}

/** `63 %`; of nobody nothing is known. */
function shareInWords(share: number | null): string {
  return share === null ? 'not known' : `${Math.round(share * 100)} %`
}

export function wrongInWords({ choice, count }: { choice: string; count: number }): string {
  return `${choice} (${count} times)`.replace('(1 times)', '(once)')
}

export const keptInWords = (isKept: boolean): string => (isKept ? 'yes' : 'no')

/** What ends the text of a submission. */
export const inAllInWords = (total: string): string => `In all: ${total}.`

export const noWrongInWords = 'none'

/** Where a check has no item of this part. */
export const notAskedInWords = 'not asked'

export function checkInWords(check: string, figures: Readonly<Record<Part, string>>): string {
  return `${check}: prediction ${figures.prediction}, program ${figures.program}.`
}

/** What the figures of a check are. */
export const figuresInWords =
  'For each check: the mean share of its points, and how many submissions had all of them, of those that were graded in it.'

/** `63 % (2 of 4)`: the mean share of the points, and how many had all of them. */
export function figureInWords(share: number | null, passed: number, graded: number): string {
  return graded === 0 ? shareInWords(null) : `${shareInWords(share)} (${passed} of ${graded})`
}

export function titleInWords(name: string): string {
  return `${gradedHeadings.graded}: ${name}`
}
