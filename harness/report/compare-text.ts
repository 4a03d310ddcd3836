/** Machines compared, for a terminal: what differs first, as a matrix and in words, then why it may. */

import type { ComparedCheck, ComparedFact, Comparison } from '../domain/comparison.ts'
import {
  answerInWords,
  comparedInWords,
  compareColumns,
  compareHeadings,
  labelsInWords,
  moreMachinesInWords,
  moreReasonsInWords,
  noFactDiffers,
  NOT_KNOWN,
  outcomeInWords,
  runInWords,
} from '../words/compare.en.ts'
import { verdictWords } from '../words/en.ts'
import { answerGroups, factGroups, openReasons, splitChecks } from './compare-parts.ts'
import type { Layout } from './layout.ts'
import { oneLine, sentence } from './plain.ts'
import type { Column } from './table.ts'
import { tableLines } from './table.ts'
import { displayWidth } from './width.ts'

/** A wider matrix is hard to follow along its rows; with more machines it is a list. */
const WIDEST = 100
/** More machines are only counted, and further reasons too. */
const MOST_MACHINES = 8
const MOST_REASONS = 12

/** @param all also the rows that are alike. */
export function* compareText(layout: Layout, comparison: Comparison, all: boolean): Generator<string> {
  const { differing, others } = splitChecks(comparison)
  const labels = comparison.runs.map(({ label }) => label)
  const shown = all ? comparison.facts : comparison.facts.filter(({ differs }) => differs)
  const headings = headingsFor(labels, [
    (some) => (differing.length > 0 ? matrix(layout, some, differing) : []),
    (some) => factsTable(layout, some, shown).lines,
  ])
  yield layout.paint('bold', layout.paragraph(comparedInWords(comparison), ''))
  yield* machines(layout, comparison, headings !== labels)
  if (differing.length > 0) {
    const lines = matrix(layout, headings, differing)
    if (lines) yield* section(layout, compareHeadings.differing, lines)
    yield* section(layout, lines ? compareHeadings.seen : compareHeadings.differing, inWords(layout, labels, differing))
  }
  if (shown.length === 0) yield `\n${layout.paragraph(noFactDiffers, '')}`
  else
    yield* section(
      layout,
      all ? compareHeadings.allFacts : compareHeadings.facts,
      facts(layout, labels, headings, shown),
    )
  const reasons = openReasons(comparison)
  if (reasons.length > 0) yield* section(layout, compareHeadings.open, list(layout, reasons))
  if (all && others.length > 0) {
    yield* section(layout, compareHeadings.alike, matrix(layout, headings, others) ?? briefly(layout, labels, others))
  }
}

/** The names of the machines, as long as they fit whole; else their numbers, to which the names above are the key. */
function headingsFor(
  labels: readonly string[],
  tables: readonly ((headings: readonly string[]) => Iterable<string> | null)[],
): readonly string[] {
  const numbers = labels.map((_, index) => String(index + 1))
  return tables.some((table) => table(labels) === null && table(numbers) !== null) ? numbers : labels
}

function* section(layout: Layout, title: string, lines: Iterable<string>): Generator<string> {
  yield `\n${layout.paint('bold', layout.paragraph(title, ''))}`
  yield* lines
}

function* machines(layout: Layout, { runs }: Comparison, areNumbered: boolean): Generator<string> {
  const told = areNumbered ? runs : runs.slice(0, MOST_MACHINES)
  for (const [index, run] of told.entries()) {
    const number = areNumbered ? `${index + 1} ` : ''
    yield layout.paragraph(`${number}${run.label}: ${runInWords(run)}`, '  ', '    ')
  }
  if (runs.length > told.length) yield layout.paragraph(moreMachinesInWords(runs.length - MOST_MACHINES), '  ')
}

/** Checks against machines; null where there is no room for it. Only the names of checks are cut: answers stay whole. */
function matrix(
  layout: Layout,
  headings: readonly string[],
  checks: readonly ComparedCheck[],
): Iterable<string> | null {
  const columns: Column[] = [
    { heading: compareColumns.lab },
    { heading: compareColumns.check, mayCut: true },
    ...headings.map((heading) => ({ heading: oneLine(heading) })),
  ]
  const rows = checks.map(({ lab, check, answers }) => ({
    cells: [numberOf(lab), check, ...answers.map(outcomeInWords)],
  }))
  return tableLines({ ...layout, columns: Math.min(layout.columns, WIDEST) }, columns, rows)
}

/** `04`, for `04-dual-stack`; a lab without a number has its whole name. */
function numberOf(lab: string): string {
  return /^\d+(?=-)/.exec(lab)?.[0] ?? lab
}

function* inWords(layout: Layout, labels: readonly string[], checks: readonly ComparedCheck[]): Generator<string> {
  for (const [index, one] of checks.entries()) {
    yield `${index > 0 ? '\n' : ''}${layout.paragraph(`${one.lab}: ${one.question}`, '  ', '  ')}`
    yield layout.paint('dim', layout.paragraph(one.check, '  '))
    for (const { labels: who, words, answer } of answerGroups(one, labels)) {
      const verdict = answer === null || answer.observed.length === 0 ? '' : ` (${verdictWords[answer.verdict]})`
      const text = layout.paragraph(`${labelsInWords(who)}: ${words}${verdict}`, '    ', '      ')
      yield answer?.verdict === 'fail' ? layout.paint('red', text) : text
      yield layout.paragraph(sentence(answerInWords(answer)), '      ')
    }
  }
}

/** For rows that are alike, where there is no room for a matrix. */
function* briefly(layout: Layout, labels: readonly string[], checks: readonly ComparedCheck[]): Generator<string> {
  for (const one of checks) {
    const groups = answerGroups(one, labels)
    const told = groups.map(({ labels: who, words }) =>
      groups.length === 1 ? words : `${words} (${labelsInWords(who)})`,
    )
    yield layout.paragraph(`${numberOf(one.lab)} ${one.check}: ${told.join(', ')}`, '  ', '    ')
  }
}

function* facts(
  layout: Layout,
  labels: readonly string[],
  headings: readonly string[],
  shown: readonly ComparedFact[],
): Generator<string> {
  const { lines, long } = factsTable(layout, headings, shown)
  yield* lines ?? []
  for (const fact of lines ? long : shown) yield* factInWords(layout, labels, fact)
}

/** `lines`: the table of the facts whose values fit whole, as it is in their last characters that they often differ; null where there is no room for it. `long`: all others. */
function factsTable(
  layout: Layout,
  headings: readonly string[],
  shown: readonly ComparedFact[],
): { lines: Iterable<string> | null; long: readonly ComparedFact[] } {
  const columns = Math.min(layout.columns, WIDEST)
  const names = Math.max(0, ...shown.map(({ name }) => displayWidth(name)))
  const room = Math.floor((columns - names) / headings.length) - 2
  const isShort = ({ values }: ComparedFact) =>
    values.every((value) => displayWidth(oneLine(value ?? NOT_KNOWN)) <= room)
  const short = shown.filter(isShort)
  if (short.length === 0) return { lines: [], long: shown }
  const lines = tableLines(
    { ...layout, columns },
    [{ heading: compareColumns.fact }, ...headings.map((heading) => ({ heading: oneLine(heading) }))],
    short.map(({ name, values }) => ({ cells: [name, ...values.map((value) => value ?? NOT_KNOWN)] })),
  )
  return { lines, long: shown.filter((one) => !isShort(one)) }
}

function* factInWords(layout: Layout, labels: readonly string[], fact: ComparedFact): Generator<string> {
  yield layout.paragraph(fact.name, '', '  ')
  for (const { labels: who, value } of factGroups(fact, labels)) {
    yield layout.paragraph(`${labelsInWords(who)}: ${value}`, '  ', '    ')
  }
}

function* list(layout: Layout, items: readonly string[]): Generator<string> {
  for (const item of items.slice(0, MOST_REASONS)) yield layout.paragraph(item, '- ', '  ')
  if (items.length > MOST_REASONS) yield layout.paragraph(moreReasonsInWords(items.length - MOST_REASONS), '- ', '  ')
}
