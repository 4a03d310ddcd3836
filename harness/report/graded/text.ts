/** A graded submission told on a terminal: lab by lab each item, its points, what was seen, and why points are lost. */

import type { GradingRun } from '../../domain/graded.ts'
import { hostInWords } from '../../words/en.ts'
import {
  bothInWords,
  gradedHeadings,
  inAllInWords,
  itemWords,
  pointsInWords,
  printedByInWords,
  printedCutInWords,
  partWords,
  sameQuestionInWords,
} from '../../words/graded.en.ts'
import { verdictLine } from '../check-text.ts'
import type { Layout } from '../layout.ts'
import { sentence, uncommanded } from '../plain.ts'
import { explanationOf, linesOf, totalInWords, troublesOf } from './item-text.ts'
import type { Sheet, SheetItem } from './sheet.ts'
import { byCheck, byLab, totalOf } from './sheet.ts'

const INDENT = ' '.repeat(8)

export function text(sheet: Sheet, { host }: GradingRun, layout: Layout): string {
  const { paint, paragraph } = layout
  const { items, notes, more } = sheet
  // What a program printed may say why it did not do what it should. Where all is well nobody needs it.
  const lost = new Set(items.flatMap(({ verdict, told }) => (verdict === 'pass' ? [] : (told?.roles ?? []))))
  const told = [
    paint('bold', paragraph(`${gradedHeadings.submission} ${whoInWords(sheet)}`, '', '  ')),
    ...troublesOf(sheet).map((one) => paint('red', paragraph(sentence(one.text), '', '  '))),
    // Where nothing could be read, each item would say so once more.
    ...(sheet.problem === null ? byLab(items).map((lab) => labText(layout, lab)) : []),
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
  const blocks = byCheck(items).map((parts) => {
    const isOpen = parts.some(isTold)
    return { isOpen, text: isOpen || parts.length === 1 ? partsText(layout, parts) : bothText(layout, parts) }
  })
  const told = blocks.map(({ isOpen, text: block }, index) => {
    const isApart = index > 0 && (isOpen || blocks[index - 1]?.isOpen === true)
    return `${isApart ? '\n' : ''}${block}`
  })
  return `\n${heading}${layout.paragraph(`${pointsInWords(points, maxPoints)}.`, '')}\n${told.join('')}`
}

/** What is right is said in a line: whoever reads this looks for what is not. The other formats explain that as well. */
function isTold(item: SheetItem): boolean {
  return (item.verdict !== 'pass' && linesOf(item).length > 0) || explanationOf(item).length > 0
}

/** A check of which everything is right is one line. */
function bothText(layout: Layout, parts: readonly SheetItem[]): string {
  const [prediction = '', program = ''] = parts.map(({ points, maxPoints }) => `${points} of ${maxPoints}`)
  const question = parts[0]?.told?.question ?? ''
  return verdictLine(layout, 'pass', bothInWords(question, prediction, program), '  ')
}

function partsText(layout: Layout, [first, second]: readonly SheetItem[]): string {
  const rest = second?.told ? itemText(layout, second, `${partWords[second.told.part]}: ${sameQuestionInWords}`) : ''
  return first === undefined ? '' : `${itemText(layout, first, first.name)}${rest}`
}

function itemText(layout: Layout, item: SheetItem, name: string): string {
  const { verdict, points, maxPoints } = item
  const told = verdict === 'pass' ? [] : linesOf(item)
  const lines = told.map(([label, line]) => layout.paragraph(`${label} ${sentence(line)}`, INDENT))
  const words = explanationOf(item)
  const explained = words.length === 0 ? '' : layout.paragraph(itemWords.explained, INDENT)
  const written = words.map((line) => layout.paragraph(line, `${INDENT}| `, `${INDENT}| `))
  const head = verdictLine(layout, verdict, `${name} (${points} of ${maxPoints})`, '  ')
  return [head, ...lines, explained, ...written].join('')
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
