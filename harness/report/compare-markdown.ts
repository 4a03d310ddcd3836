/** Machines compared, as Markdown: for a page or a ticket. */

import type { ComparedCheck, Comparison } from '../domain/comparison.ts'
import {
  answerInWords,
  comparedInWords,
  compareColumns,
  compareHeadings,
  compareTitle,
  labelsInWords,
  noFactDiffers,
  NOT_KNOWN,
  outcomeInWords,
  runInWords,
} from '../words/compare.en.ts'
import { verdictWords } from '../words/en.ts'
import { answerGroups, factGroups, openReasons, splitChecks } from './compare-parts.ts'
import { escaped, table } from './markdown.ts'
import { sentence } from './plain.ts'
import type { Column } from './table.ts'

/** A page has room for so many columns; with more machines a cell says who answered what. */
const MOST_COLUMNS = 8

/** @param all also the rows that are alike. */
export function* compareMarkdown(comparison: Comparison, all: boolean): Generator<string> {
  const { differing, others } = splitChecks(comparison)
  const labels = comparison.runs.map(({ label }) => label)
  yield `# ${compareTitle}\n\n${escaped(comparedInWords(comparison))}\n`
  yield* section(
    compareHeadings.machines,
    comparison.runs.map((run) => `- ${escaped(run.label)}: ${escaped(runInWords(run))}\n`),
  )
  if (differing.length > 0) {
    yield* section(compareHeadings.differing, matrix(differing, labels))
    yield* section(compareHeadings.seen, inWords(differing, labels))
  }
  yield* facts(comparison, labels, all)
  const reasons = openReasons(comparison)
  if (reasons.length > 0) {
    yield* section(
      compareHeadings.open,
      reasons.map((reason) => `- ${escaped(reason)}\n`),
    )
  }
  if (all && others.length > 0) yield* section(compareHeadings.alike, matrix(others, labels))
}

function* section(title: string, lines: Iterable<string>): Generator<string> {
  yield `\n## ${title}\n\n`
  yield* lines
}

function matrix(checks: readonly ComparedCheck[], labels: readonly string[]): Iterable<string> {
  return columned(
    [compareColumns.lab, compareColumns.check],
    labels,
    checks.map((one) => ({
      begins: [one.lab, one.check],
      cells: one.answers.map(outcomeInWords),
      grouped: answerGroups(one, labels).map(({ labels: who, words }) => `${words}: ${labelsInWords(who)}`),
    })),
  )
}

type Row = { begins: string[]; cells: string[]; grouped: string[] }

/** A column for each machine, or with many machines one for all of them. */
function columned(headings: readonly string[], labels: readonly string[], rows: readonly Row[]): Iterable<string> {
  const isMatrix = labels.length <= MOST_COLUMNS
  const columns = [...headings, ...(isMatrix ? labels : [compareHeadings.machines])].map((heading): Column => ({
    heading,
  }))
  return table(
    columns,
    rows.map(({ begins, cells, grouped }) => [...begins, ...(isMatrix ? cells : [grouped.join('; ')])]),
  )
}

function* inWords(checks: readonly ComparedCheck[], labels: readonly string[]): Generator<string> {
  for (const [index, one] of checks.entries()) {
    yield `${index > 0 ? '\n' : ''}${escaped(one.question)} (${escaped(one.lab)}, ${escaped(one.check)})\n\n`
    for (const { labels: who, words, answer } of answerGroups(one, labels)) {
      const verdict = answer === null || answer.observed.length === 0 ? '' : ` (${verdictWords[answer.verdict]})`
      const text = `${labelsInWords(who)}: ${words}${verdict}. ${sentence(answerInWords(answer))}`
      yield `- ${escaped(text)}\n`
    }
  }
}

function facts(comparison: Comparison, labels: readonly string[], all: boolean): Iterable<string> {
  const shown = all ? comparison.facts : comparison.facts.filter(({ differs }) => differs)
  if (shown.length === 0) return [`\n${noFactDiffers}\n`]
  const rows = shown.map((fact) => ({
    begins: [fact.name],
    cells: fact.values.map((value) => value ?? NOT_KNOWN),
    grouped: factGroups(fact, labels).map(({ labels: who, value }) => `${value}: ${labelsInWords(who)}`),
  }))
  const title = all ? compareHeadings.allFacts : compareHeadings.facts
  return section(title, columned([compareColumns.fact], labels, rows))
}
