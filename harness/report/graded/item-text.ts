/** What there is to say of an item, in the order in which one reads it: the same in every format. */

import {
  itemWords,
  noPointsLost,
  pointsInWords,
  soFarInWords,
  unfinishedInWords,
  unfinishedName,
  unreadInWords,
  unreadName,
} from '../../words/graded.en.ts'
import { sentence } from '../plain.ts'
import type { Sheet, SheetItem } from './sheet.ts'

export type Line = readonly [label: string, text: string]

/** What was predicted or done, what should have been, and why points are lost; nothing where only points are told. */
export function linesOf({ verdict, told }: SheetItem): Line[] {
  if (told === null) return []
  const { part, expected, observed, why } = told
  const reason = [why, observed].find((text) => text !== '') ?? ''
  if (verdict === 'skip') return filled([[itemWords.skipped, reason]])
  if (verdict === 'inconclusive')
    return filled([[itemWords.unobserved, `${reason === '' ? '' : `${sentence(reason)} `}${noPointsLost}`]])
  const isRight = verdict === 'pass'
  const because: Line = [itemWords.why, why]
  if (part === 'prediction') {
    const happened: Line[] = isRight ? [] : [[itemWords.happened, expected]]
    return filled([[itemWords.predicted, observed], ...happened, because])
  }
  return filled([
    [isRight ? itemWords.expected : itemWords.wanted, expected],
    [isRight ? itemWords.seen : itemWords.found, observed],
    because,
  ])
}

function filled(lines: readonly Line[]): Line[] {
  return lines.filter(([, text]) => text !== '')
}

/** What the student wrote about it, line by line; nothing where there is nothing. */
export function explanationOf({ told }: SheetItem): string[] {
  return told === null || told.explanation === null ? [] : told.explanation.split('\n')
}

/** The same as one text of several lines, with the points, and last the student's own words behind bars. */
export function textOf(item: SheetItem): string {
  const lines = linesOf(item).map((line) => line.join(' '))
  return [pointsInWords(item.points, item.maxPoints), ...lines, ...explainedLines(item)].join('\n')
}

/** A bar before each line: nothing that a student wrote can pass for a line of the report. */
export function explainedLines(item: SheetItem): string[] {
  const words = explanationOf(item)
  return words.length === 0 ? [] : [itemWords.explained, ...words.map((line) => `| ${line}`)]
}

/** Its points, and why it is not passed, in one line. */
export function messageOf(item: SheetItem): string {
  const lines = linesOf(item)
  const { verdict, points, maxPoints } = item
  // Nothing was to be had, so the points say nothing: the reason alone does.
  if (verdict === 'skip' || verdict === 'inconclusive') return lines.map(([, text]) => text).join(' ')
  const told = verdict === 'pass' ? [] : lines.map((line) => sentence(line.join(' ')))
  return [sentence(pointsInWords(points, maxPoints)), ...told].join(' ')
}

/** The points of the whole, which are no result before the grading has finished. */
export function totalInWords({ points, maxPoints, finished }: Sheet): string {
  const total = pointsInWords(points, maxPoints)
  return finished ? total : soFarInWords(total)
}

/** What is wrong with the grading as a whole. A report must not read as a good one then. */
export type Trouble = { name: string; text: string; isInconclusive: boolean }

export function troublesOf({ problem, finished }: Sheet): Trouble[] {
  return [
    ...(problem === null ? [] : [{ name: unreadName, text: unreadInWords(problem), isInconclusive: false }]),
    ...(finished ? [] : [{ name: unfinishedName, text: unfinishedInWords, isInconclusive: true }]),
  ]
}

export function countOf({ items }: Sheet, verdict: SheetItem['verdict']): number {
  return items.filter((item) => item.verdict === verdict).length
}
