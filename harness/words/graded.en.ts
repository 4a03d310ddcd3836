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
  graded: 'Graded',
  passed: 'Passed',
  share: 'Share',
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
} as const

/** `3 of 5 points`. */
export function pointsInWords(points: number, maxPoints: number): string {
  return `${points} of ${maxPoints} ${maxPoints === 1 ? 'point' : 'points'}`
}

/** Of a grading that has not finished. */
export const soFarInWords = (total: string): string => `${total} so far`

/** The name of an item of which only the points are told. */
export const neutralName = (number: number): string => `check ${number}`

/** That there is more, and not how much. `due` is ISO 8601, or null where there is no date. */
export function moreInWords(due: string | null): string {
  const at = new Date(due ?? Number.NaN)
  if (Number.isNaN(at.getTime())) return 'There is more, which is not shown yet.'
  return `There is more after the due date, ${timeInWords(at.toISOString())}.`
}

export const unfinishedInWords = 'Grading has not finished. This is no result yet, and gives no marks.'
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

/** `4 submissions, on average 5.5 points of 12.` The mean is over those that were graded to their end. */
export function classInWords(count: number, means: { points: number; maxPoints: number } | null): string {
  if (means === null) return `${submissionsInWords(count)}, none of them graded to the end.`
  const [points, maxPoints] = [means.points, means.maxPoints].map((one) => String(Math.round(one * 10) / 10))
  return `${submissionsInWords(count)}, on average ${points} of ${maxPoints} points.`
}

/** `63 %`; of nobody nothing is known. */
export function shareInWords(share: number | null): string {
  return share === null ? 'not known' : `${Math.round(share * 100)} %`
}

export function wrongInWords({ choice, count }: { choice: string; count: number }): string {
  return `${choice} (${count} times)`.replace('(1 times)', '(once)')
}

export const keptInWords = (isKept: boolean): string => (isKept ? 'yes' : 'no')

/** What ends the text of a submission. */
export const inAllInWords = (total: string): string => `In all: ${total}.`

export const noWrongInWords = 'none'

export function titleInWords(name: string): string {
  return `${gradedHeadings.graded}: ${name}`
}
