/** A graded submission told on a terminal: lab by lab each item, its points, what was seen, and why points are lost. */

import type { GradingRun } from '../../domain/graded.ts'
import { hostInWords } from '../../words/en.ts'
import {
  gradedHeadings,
  inAllInWords,
  pointsInWords,
  printedByInWords,
  printedCutInWords,
} from '../../words/graded.en.ts'
import { verdictLine } from '../check-text.ts'
import type { Layout } from '../layout.ts'
import { sentence, uncommanded } from '../plain.ts'
import { linesOf, totalInWords, troublesOf } from './item-text.ts'
import type { Sheet, SheetItem } from './sheet.ts'
import { byLab, totalOf } from './sheet.ts'

const INDENT = ' '.repeat(8)

export function text(sheet: Sheet, { host }: GradingRun, layout: Layout): string {
  const { paint, paragraph } = layout
  const { items, notes, more } = sheet
  // What a program printed may say why it did not do what it should. Where all is well nobody needs it.
  const lost = new Set(items.flatMap(({ verdict, told }) => (verdict === 'pass' ? [] : (told?.roles ?? []))))
  const told = [
    paint('bold', paragraph(`${gradedHeadings.submission} ${whoInWords(sheet)}`, '', '  ')),
    ...troublesOf(sheet).map((one) => paint('red', paragraph(sentence(one.text), '', '  '))),
    ...byLab(items).map((lab) => labText(layout, lab)),
    ...notesText(layout, notes),
    ...sheet.printed.filter(({ role }) => lost.has(role)).map((one) => printedText(layout, one)),
    '\n',
    more === null ? '' : paragraph(more, ''),
    paint('bold', paragraph(inAllInWords(totalInWords(sheet)), '')),
    paint('dim', paragraph(`${gradedHeadings.where}: ${hostInWords(host)}.`, '')),
  ]
  return uncommanded(told.join(''))
}

/** `ada (ada@example.org)`: folder and author. */
function whoInWords({ name, author }: Sheet): string {
  return author === null || author === name ? name : `${name} (${author})`
}

function labText(layout: Layout, { lab, items }: ReturnType<typeof byLab>[number]): string {
  const { points, maxPoints } = totalOf(items)
  const title = lab === null ? gradedHeadings.pointsOnly : `${lab.id}: ${lab.title}`
  const heading = layout.paint('bold', layout.paragraph(title, ''))
  const told = items.map((item, index) => {
    const isApart = isTold(item) || (index > 0 && isTold(items[index - 1] as SheetItem))
    return `${isApart && index > 0 ? '\n' : ''}${itemText(layout, item)}`
  })
  return `\n${heading}${layout.paragraph(`${pointsInWords(points, maxPoints)}.`, '')}\n${told.join('')}`
}

/** What is right is said in a line: whoever reads this looks for what is not. The other formats explain that as well. */
function isTold(item: SheetItem): boolean {
  return item.verdict !== 'pass' && linesOf(item).length > 0
}

function itemText(layout: Layout, item: SheetItem): string {
  const { verdict, points, maxPoints, name } = item
  const lines = isTold(item)
    ? linesOf(item).map(([label, told]) => layout.paragraph(`${label} ${sentence(told)}`, INDENT))
    : []
  return `${verdictLine(layout, verdict, `${name} (${points} of ${maxPoints})`, '  ')}${lines.join('')}`
}

function notesText({ paint, paragraph }: Layout, notes: readonly string[]): string[] {
  if (notes.length === 0) return []
  return [`\n${paint('bold', paragraph(gradedHeadings.notes, ''))}`, ...notes.map((note) => paragraph(note, '  - '))]
}

/** A bar before each line: nothing that a program printed can pass for a line of the report. */
function printedText({ paint, paragraph }: Layout, { role, text: printed, cut }: Sheet['printed'][number]): string {
  const lines = printed === '' ? [] : printed.split('\n')
  return [
    `\n${paint('bold', paragraph(printedByInWords(role), '', '  '))}`,
    ...lines.map((line) => paragraph(line, '  | ', '  | ')),
    cut ? paragraph(printedCutInWords, '  ') : '',
  ].join('')
}
