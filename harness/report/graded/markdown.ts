/** A grading as Markdown, piece by piece: each piece is whole, so that a report may end after any of them. */

import type { Gradebook, GradingRun } from '../../domain/graded.ts'
import { hostInWords, verdictWords } from '../../words/en.ts'
import {
  classInWords,
  gradedColumns,
  gradedHeadings,
  pointsInWords,
  printedByInWords,
  printedCutInWords,
  titleInWords,
} from '../../words/graded.en.ts'
import { escaped, fenced, table } from '../markdown.ts'
import { meansOf } from './class-figures.ts'
import { lookAt, statisticsRows, SUBMISSION_COLUMNS, submissionRows } from './class-tables.ts'
import { linesOf, totalInWords, troublesOf } from './item-text.ts'
import type { Sheet, SheetItem } from './sheet.ts'
import { byLab, totalOf, whole } from './sheet.ts'

export function* markdown(sheet: Sheet, { host }: GradingRun): Generator<string> {
  const { name, author, items, notes, printed, more } = sheet
  yield `# ${escaped(titleInWords(name))}\n`
  for (const { text } of troublesOf(sheet)) yield `\n**${escaped(text)}**\n`
  yield `\n**${escaped(totalInWords(sheet))}**${author === null ? '' : `, ${escaped(author)}`}\n`
  if (more !== null) yield `\n${escaped(more)}\n`
  for (const { lab, items: some } of byLab(items)) {
    const total = totalOf(some)
    const title = lab === null ? gradedHeadings.pointsOnly : `${lab.id}: ${lab.title}`
    yield `\n## ${escaped(title)}\n\n${escaped(pointsInWords(total.points, total.maxPoints))}\n`
    yield `\n${[...table(ITEM_COLUMNS, some.map(rowOf))].join('')}`
    for (const item of some) yield detailsOf(item)
  }
  if (notes.length > 0) yield `\n## ${gradedHeadings.notes}\n\n${notes.map((note) => `- ${escaped(note)}\n`).join('')}`
  for (const one of printed) {
    const cut = one.cut ? `\n${escaped(printedCutInWords)}\n` : ''
    yield `\n### ${escaped(printedByInWords(one.role))}\n\n${fenced(one.text)}${cut}`
  }
  yield `\n${escaped(`${gradedHeadings.where}: ${hostInWords(host)}.`)}\n`
}

const ITEM_COLUMNS = [
  { heading: gradedColumns.points, isNumber: true },
  { heading: gradedColumns.of, isNumber: true },
  { heading: gradedColumns.verdict },
  { heading: gradedColumns.check },
]

function rowOf({ points, maxPoints, verdict, name }: SheetItem): string[] {
  return [`${points}`, `${maxPoints}`, verdictWords[verdict], name]
}

/** Nothing of what went well: the table has it. */
function detailsOf(item: SheetItem): string {
  const lines = item.verdict === 'pass' ? [] : linesOf(item)
  if (lines.length === 0) return ''
  return `\n### ${escaped(item.name)}\n\n${lines.map(([label, text]) => `- **${escaped(label)}** ${escaped(text)}\n`).join('')}`
}

export function* classMarkdown({ run, submissions, statistics }: Gradebook): Generator<string> {
  const sheets = submissions.map(whole)
  yield `# ${gradedHeadings.class}\n\n${escaped(classInWords(sheets.length, meansOf(sheets)))}\n`
  const look = lookAt(sheets)
  if (look.length > 0) {
    yield `\n## ${gradedHeadings.look}\n\n`
    for (const line of look) yield `- ${escaped(line)}\n`
  }
  if (sheets.length > 0) {
    const rows = submissionRows(sheets).map(({ cells }) => cells)
    yield `\n## ${gradedHeadings.submissions}\n\n`
    yield* table(SUBMISSION_COLUMNS, rows)
  }
  if (statistics.length > 0) {
    const rows = statisticsRows(statistics).map(({ question, id, share, passed, wrong }) => [
      question,
      id,
      share,
      passed,
      wrong,
    ])
    yield `\n## ${gradedHeadings.items}\n\n`
    yield* table(STATISTICS_COLUMNS, rows)
  }
  yield `\n${escaped(`${gradedHeadings.where}: ${hostInWords(run.host)}.`)}\n`
}

const STATISTICS_COLUMNS = [
  { heading: gradedColumns.question },
  { heading: gradedColumns.check },
  { heading: gradedColumns.share, isNumber: true },
  { heading: gradedColumns.passed, isNumber: true },
  { heading: gradedColumns.wrong },
]
