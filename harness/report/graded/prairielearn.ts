/**
 * PrairieLearn's results.json. What could not be read, what did not finish and what the grader could not observe is not
 * gradable, which costs a student no attempt. The file may have 1 MB at most.
 */

import {
  inconclusiveInWords,
  nothingAskedInWords,
  pointsInWords,
  printedByInWords,
  textsCutInWords,
} from '../../words/graded.en.ts'
import { toJson } from '../plain.ts'
import { countOf, explainedLines, linesOf, messageOf, troublesOf } from './item-text.ts'
import type { Sheet, SheetItem } from './sheet.ts'
import { capped } from './sheet.ts'

/** PrairieLearn says 1 MB and not which; this is the smaller one. */
const MOST_BYTES = 1_000_000
/** How long texts may be, tried one after another. */
const LENGTHS = [Infinity, 400, 60, 0]

export function prairielearn(sheet: Sheet): string {
  const texts = LENGTHS.values().map((most) => `${toJson(documentOf(sheet, most), 1)}\n`)
  return (
    texts.find((text) => Buffer.byteLength(text) <= MOST_BYTES) ??
    `${toJson({ gradable: false, format_errors: [textsCutInWords] })}\n`
  )
}

function documentOf(sheet: Sheet, most: number) {
  const { items, points, maxPoints, notes, printed, more } = sheet
  const errors = errorsOf(sheet)
  if (errors.length > 0) return { gradable: false, format_errors: errors.map((text) => shortened(text, most)) }
  const cut = most === Infinity ? [] : [textsCutInWords]
  return {
    gradable: true,
    score: points / maxPoints,
    message: [pointsInWords(points, maxPoints), ...(more === null ? [] : [more]), ...cut, ...notes]
      .map((text) => shortened(text, Math.max(most, 200)))
      .join('\n'),
    output: printed.map(({ role, text }) => shortened(`${printedByInWords(role)}:\n${text}`, most)).join('\n\n'),
    // With a test that lacks its points PrairieLearn shows none of them in detail.
    tests: items.map((item) => testOf(item, most)),
  }
}

function errorsOf(sheet: Sheet): string[] {
  const unseen = countOf(sheet, 'inconclusive')
  const why = sheet.items
    .filter(({ verdict }) => verdict === 'inconclusive')
    .map((item) => `${item.name} ${messageOf(item)}`)
  const errors = [
    ...troublesOf(sheet).map(({ text }) => text),
    ...(unseen === 0 ? [] : [inconclusiveInWords(unseen), ...why]),
  ]
  return errors.length === 0 && sheet.maxPoints === 0 ? [nothingAskedInWords] : errors
}

function testOf(item: SheetItem, most: number) {
  const { name, lab, verdict, points, maxPoints } = item
  return {
    name: shortened(lab === null ? name : `${lab.id}: ${name}`, Math.max(most, 100)),
    description: verdict,
    points,
    max_points: maxPoints,
    message: shortened([...linesOf(item).map((line) => line.join(' ')), ...explainedLines(item)].join('\n'), most),
  }
}

function shortened(text: string, most: number): string {
  return most === 0 ? '' : capped(text, most)
}
