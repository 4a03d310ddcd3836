/** A grading as TAP 14: a test point for each item. The plan comes first, so that a stream cut short is a failed one. */

import type { GradingRun } from '../../domain/graded.ts'
import { hostInWords } from '../../words/en.ts'
import { classInWords, noReasonInWords } from '../../words/graded.en.ts'
import { oneLine } from '../plain.ts'
import type { TapOutcome } from '../tap-lines.ts'
import { tapPoint } from '../tap-lines.ts'
import { meansOf } from './class-figures.ts'
import { messageOf, totalInWords, troublesOf } from './item-text.ts'
import type { Sheet, SheetItem } from './sheet.ts'
import { printedBy } from './sheet.ts'

export function tap(sheet: Sheet, run: GradingRun): string {
  const more = sheet.more === null ? [] : [sheet.more]
  return tapDocument(pointsOf(sheet, ''), run, [...more, totalInWords(sheet)])
}

export function tapOfClass(sheets: readonly Sheet[], run: GradingRun): string {
  const points = sheets.flatMap((sheet) => pointsOf(sheet, `${sheet.name} `))
  return tapDocument(points, run, [classInWords(sheets.length, meansOf(sheets))])
}

type Point = { name: string; outcome: TapOutcome }

function tapDocument(points: readonly Point[], { host }: GradingRun, ends: readonly string[]): string {
  const plan = points.length === 0 ? '1..0 # SKIP there is nothing to be graded' : `1..${points.length}`
  return [
    `TAP version 14\n${plan}\n# ${oneLine(hostInWords(host))}\n`,
    ...points.map(({ name, outcome }, index) => tapPoint(index + 1, name, outcome)),
    ...ends.map((end) => `# ${oneLine(end)}\n`),
  ].join('')
}

function pointsOf(sheet: Sheet, prefix: string): Point[] {
  const troubles = troublesOf(sheet).map(({ name, text, isInconclusive }): Point => ({
    name: `${prefix}${name}`,
    outcome: { severity: isInconclusive ? 'inconclusive' : 'fail', message: text, fields: {} },
  }))
  const items = sheet.items.map((item): Point => ({
    name: `${prefix}${item.told === null ? '' : `${item.id}: `}${item.name}`,
    outcome: outcomeOf(item, sheet),
  }))
  return [...troubles, ...items]
}

function outcomeOf(item: SheetItem, sheet: Sheet): TapOutcome {
  const { verdict, told, points, maxPoints } = item
  if (verdict === 'pass') return 'ok'
  const message = messageOf(item) || noReasonInWords
  if (verdict === 'skip') return { skip: message }
  const severity = verdict === 'inconclusive' ? 'inconclusive' : 'fail'
  if (told === null) return { severity, message, fields: { points, maxPoints } }
  const { expected, observed, why, file, line, roles } = told
  const printed = printedBy(sheet, roles)
  return {
    severity,
    message,
    fields: {
      wanted: expected,
      found: observed,
      why,
      points,
      maxPoints,
      at: { file, line },
      printed: printed === '' ? [] : printed.split('\n'),
    },
  }
}
