/** A grading as Markdown, piece by piece: each piece is whole, so that a report may end after any of them. */

import type { AnyGradebook, GradingRun } from '../../domain/graded.ts'
import { PARTS } from '../../domain/graded.ts'
import { hostInWords, verdictWords } from '../../words/en.ts'
import {
  classInWords,
  figuresInWords,
  gradedColumns,
  gradedHeadings,
  itemWords,
  notAskedInWords,
  partWords,
  pointsInWords,
  printedByInWords,
  printedCutInWords,
  titleInWords,
  wrongInWords,
} from '../../words/graded.en.ts'
import { escaped, fenced, table } from '../markdown.ts'
import { checkRows, classTables, SUBMISSION_COLUMNS } from './class-tables.ts'
import { explanationOf, linesOf, totalInWords, troublesOf } from './item-text.ts'
import type { Sheet, SheetItem } from './sheet.ts'
import { byCheck, byLab, totalOf } from './sheet.ts'

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
    yield `\n${[...checksOf(some, lab !== null)].join('')}`
    for (const item of some) yield detailsOf(item)
  }
  if (notes.length > 0) yield `\n## ${gradedHeadings.notes}\n\n${notes.map((note) => `- ${escaped(note)}\n`).join('')}`
  for (const one of printed) {
    const cut = one.cut ? `\n${escaped(printedCutInWords)}\n` : ''
    yield `\n### ${escaped(printedByInWords(one.role))}\n\n${fenced(one.text)}${cut}`
  }
  yield `\n${escaped(`${gradedHeadings.where}: ${hostInWords(host)}.`)}\n`
}

const CHECK_OF_LAB = [
  { heading: partWords.prediction },
  { heading: partWords.program },
  { heading: gradedColumns.check },
]
const CHECK_WITHOUT_NAME = [{ heading: gradedColumns.points }, { heading: gradedColumns.check }]

function checksOf(items: readonly SheetItem[], isNamed: boolean): Iterable<string> {
  if (!isNamed)
    return table(
      CHECK_WITHOUT_NAME,
      items.map((item) => [figureOf(item), item.name]),
    )
  const rows = byCheck(items).map((parts) => {
    const figures = PARTS.map((part) => figureOf(parts.find(({ told }) => told?.part === part)))
    return [...figures, parts[0]?.told?.question ?? '']
  })
  return table(CHECK_OF_LAB, rows)
}

function figureOf(item: SheetItem | undefined): string {
  return item === undefined ? notAskedInWords : `${verdictWords[item.verdict]}, ${item.points} of ${item.maxPoints}`
}

/** Nothing of what went well, but for the student's own words: the table has it. */
function detailsOf(item: SheetItem): string {
  const lines = item.verdict === 'pass' ? [] : linesOf(item)
  const words = explanationOf(item)
  if (lines.length === 0 && words.length === 0) return ''
  const told = lines.map(([label, text]) => `- **${escaped(label)}** ${escaped(text)}\n`)
  const written = words.length === 0 ? [] : [`${escaped(itemWords.explained)}\n\n${fenced(words.join('\n'))}`]
  const parts = [...(told.length === 0 ? [] : [told.join('')]), ...written]
  return `\n### ${escaped(item.name)}\n\n${parts.join('\n')}`
}

export function* classMarkdown({ run, submissions, statistics }: AnyGradebook): Generator<string> {
  const { rows: states, means, look } = classTables(submissions)
  yield `# ${gradedHeadings.class}\n\n${escaped(classInWords(states.length, means))}\n`
  if (look.length > 0) {
    yield `\n## ${gradedHeadings.look}\n\n`
    for (const line of look) yield `- ${escaped(line)}\n`
  }
  if (states.length > 0) {
    const rows = states.map(({ cells }) => cells)
    yield `\n## ${gradedHeadings.submissions}\n\n`
    yield* table(SUBMISSION_COLUMNS, rows)
  }
  if (statistics.length > 0) {
    yield `\n## ${gradedHeadings.items}\n\n${escaped(figuresInWords)}\n`
    for (const [lab, checks] of Map.groupBy(checkRows(statistics), (one) => one.lab)) {
      const rows = checks.map(({ question, figures, wrong, check }) => {
        return [question, figures.prediction, figures.program, wrong === null ? '' : wrongInWords(wrong), check]
      })
      yield `\n### ${escaped(lab)}\n\n`
      yield* table(CHECK_COLUMNS, rows)
    }
  }
  yield `\n${escaped(`${gradedHeadings.where}: ${hostInWords(run.host)}.`)}\n`
}

const CHECK_COLUMNS = [
  { heading: gradedColumns.question },
  { heading: partWords.prediction, isNumber: true },
  { heading: partWords.program, isNumber: true },
  { heading: gradedColumns.wrong },
  { heading: gradedColumns.check },
]
