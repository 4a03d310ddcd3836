/** A graded submission as a page: one file that asks for nothing else. */

import type { GradedVerdict, GradingRun } from '../../domain/graded.ts'
import type { Verdict } from '../../domain/verdict.ts'
import { hostInWords, verdictWords } from '../../words/en.ts'
import {
  gradedColumns,
  gradedHeadings,
  itemWords,
  partWords,
  keptInWords,
  pointsInWords,
  printedByInWords,
  printedCutInWords,
  titleInWords,
} from '../../words/graded.en.ts'
import { pageWords, timeInWords } from '../../words/html.en.ts'
import { folded, list, printed, section, table } from '../html/boxes.ts'
import { facts } from '../html/check.ts'
import { machineHtml } from '../html/machine.ts'
import { badgeAs } from '../html/marks.ts'
import type { Markup } from '../html/markup.ts'
import { isNothing, markup, NOTHING } from '../html/markup.ts'
import { pageHtml } from '../html/page.ts'
import { sentence } from '../plain.ts'
import { explanationOf, linesOf, totalInWords, troublesOf } from './item-text.ts'
import type { Sheet, SheetItem } from './sheet.ts'
import { byCheck, byLab, totalOf } from './sheet.ts'

export function html(sheet: Sheet, run: GradingRun): string {
  const { name, author, more } = sheet
  const total = totalInWords(sheet)
  return pageHtml({
    title: `${total}: ${titleInWords(name)}`,
    banner: markup`<p class="eyebrow"><b>${pageWords.project}</b> ${gradedHeadings.graded}</p>
<h1 class="${kindOf(sheet)}">${name}: ${total}</h1>
${author === null ? NOTHING : markup`<p class="lead">${author}</p>\n`}${warnings(sheet)}${more === null ? NOTHING : markup`<p class="lead">${more}</p>\n`}<p class="where">${whereInWords(run)}</p>`,
    contents: null,
    main: markup`${sheetHtml(sheet, 'page')}${whereHtml(run)}`,
    foot: markup`<p>${pageWords.madeBy}</p>`,
  })
}

export function whereInWords({ host, startedAt }: GradingRun): string {
  return `${hostInWords(host)}. ${timeInWords(startedAt)}.`
}

/** The machine, and what its sandbox promises. */
export function whereHtml({ host, sandbox }: GradingRun): Markup {
  const rows = sandbox.promises.map(({ what, kept, how }) => ({ cells: [what, keptInWords(kept), how] }))
  const columns = [
    { heading: gradedColumns.promise, kind: 'wide' as const },
    { heading: gradedColumns.kept },
    { heading: gradedColumns.how, kind: 'wide' as const },
  ]
  const promises = table(gradedHeadings.sandbox, columns, rows, { narrow: 'stacks' })
  const told = isNothing(promises) ? NOTHING : folded(gradedHeadings.sandbox, promises)
  return section('page.machine', gradedHeadings.where, markup`${machineHtml(host, null)}${told}`)
}

function warnings(sheet: Sheet): Markup {
  const troubles = troublesOf(sheet)
  if (troubles.length === 0) return NOTHING
  return markup`<div class="warning">${troubles.map(({ text }) => markup`<p>${sentence(text)}</p>`)}</div>\n`
}

/** The colour of the headline: green only where every point was had. */
function kindOf(sheet: Sheet): Verdict {
  if (!sheet.finished || sheet.items.some(({ verdict }) => verdict === 'inconclusive')) return 'inconclusive'
  if (sheet.problem !== null) return 'fail'
  return sheet.maxPoints > 0 && sheet.points === sheet.maxPoints ? 'pass' : 'noted'
}

/** Its labs, its remarks, and what its programs printed. @param place begins every anchor. */
export function sheetHtml({ items, notes, printed: all }: Sheet, place: string): Markup {
  const labs = byLab(items).map(({ lab, items: some }, index) => {
    const { points, maxPoints } = totalOf(some)
    const title = lab === null ? gradedHeadings.pointsOnly : `${lab.id}: ${lab.title}`
    const told = byCheck(some).map(checkHtml)
    return section(`${place}.lab-${index + 1}`, title, markup`<p>${pointsInWords(points, maxPoints)}</p>\n${told}`)
  })
  const remarks = notes.length === 0 ? NOTHING : section(`${place}.notes`, gradedHeadings.notes, list(notes))
  const boxes = all.map(({ role, text, cut }) => {
    const label = printedByInWords(role)
    const rest = cut ? markup`<p class="fine">${printedCutInWords}</p>\n` : NOTHING
    return markup`<h3>${label}</h3>\n${printed(label, text === '' ? [] : text.split('\n'))}${rest}`
  })
  const output = boxes.length === 0 ? NOTHING : section(`${place}.printed`, gradedHeadings.printed, boxes)
  return markup`${labs}${remarks}${output}`
}

/** Some of the points have a look of their own for people, and the colour of what is only noted. */
const LOOKS: Readonly<Record<GradedVerdict, Verdict>> = {
  pass: 'pass',
  partial: 'noted',
  fail: 'fail',
  skip: 'skip',
  inconclusive: 'inconclusive',
}

/** A check is one box, with both of its parts. */
function checkHtml(parts: readonly SheetItem[]): Markup {
  const [first] = parts
  if (first === undefined) return NOTHING
  const { told, name } = first
  const place =
    told === null
      ? NOTHING
      : markup`<p class="fine"><code>${told.check}</code>, <code>${told.file}:${told.line}</code></p>\n`
  return markup`<article class="check ${worstOf(parts)}">
<h3>${told?.question ?? name}</h3>
${parts.map(partHtml)}${place}</article>
`
}

function partHtml(item: SheetItem): Markup {
  const { verdict, points, maxPoints, told } = item
  const lines = linesOf(item).map(([label, text]) => [label.replace(/:$/, ''), sentence(text)] as const)
  const words = explanationOf(item)
  const written = words.length === 0 ? NOTHING : markup`<p class="fine">${itemWords.explained}</p>\n${quoted(words)}`
  const part = told === null ? '' : `${partWords[told.part]}: `
  return markup`<p>${badgeAs(LOOKS[verdict], verdictWords[verdict])} ${part}${pointsInWords(points, maxPoints)}</p>
${facts(lines)}${written}`
}

const BY_WEIGHT: readonly Verdict[] = ['inconclusive', 'fail', 'noted', 'skip', 'pass']

function worstOf(parts: readonly SheetItem[]): Verdict {
  return BY_WEIGHT.find((look) => parts.some(({ verdict }) => LOOKS[verdict] === look)) ?? 'skip'
}

/** Somebody's own words: a paragraph for each line that has any. */
function quoted(lines: readonly string[]): Markup {
  const paragraphs = lines.filter((line) => line.trim() !== '').map((line) => markup`<p>${line}</p>\n`)
  return markup`<blockquote class="prose">\n${paragraphs}</blockquote>\n`
}
