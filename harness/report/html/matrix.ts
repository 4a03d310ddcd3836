/** Saved runs side by side: the answers to each check in a row, a column for each machine. */

import type { ComparedAnswer, ComparedCheck, ComparedFact, ComparedRun, Comparison } from '../../domain/comparison.ts'
import {
  answerInWords,
  compareColumns,
  compareHeadings,
  noFactDiffers,
  NOT_KNOWN,
  outcomeInWords,
  runInWords,
} from '../../words/compare.en.ts'
import { matrixWords } from '../../words/html.en.ts'
import { asJoined } from '../../words/phrases.en.ts'
import type { AnswerGroup, FactGroup } from '../compare-parts.ts'
import { answerGroups, factGroups } from '../compare-parts.ts'
import type { Column, Row, TableKind } from './boxes.ts'
import { folded, list, table } from './boxes.ts'
import { badge } from './marks.ts'
import type { Markup, Part } from './markup.ts'
import { markup } from './markup.ts'

/** Up to so many machines there is room for what each of them saw. */
const MOST_TOLD = 4
/** So many columns of answers fit on paper. */
const MOST_ON_PAPER = 3
/** More machines are no columns: those that answered alike are named together. */
const MOST_COLUMNS = 8

export function runsTable({ runs }: Comparison): Markup {
  const rows = runs.map((run) => ({ cells: [run.label, runInWords(run)] }))
  return table(
    compareHeadings.machines,
    [
      { heading: matrixWords.machine, kind: 'name' },
      { heading: matrixWords.run, kind: 'wide' },
    ],
    rows,
    { narrow: 'stacks' },
  )
}

/** `anchorOf`: the name of the place of a row, where there is to be one. */
export function answersTable(
  label: string,
  runs: readonly ComparedRun[],
  checks: readonly ComparedCheck[],
  anchorOf: (check: ComparedCheck) => string | null,
): Markup {
  const isTold = runs.length <= MOST_TOLD
  const labels = runs.map(({ label: name }) => name)
  const rows = checks.map((check): Row => ({
    cells: [
      questionCell(check, anchorOf(check)),
      ...(runs.length > MOST_COLUMNS
        ? [groupsCell(answerGroups(check, labels))]
        : check.answers.map((answer) => answerCell(answer, isTold))),
    ],
  }))
  return table(label, columnsFor(compareColumns.question, runs), rows, kindFor(runs, 'matrix'))
}

function columnsFor(first: string, runs: readonly ComparedRun[]): Column[] {
  const headings = runs.length > MOST_COLUMNS ? [compareHeadings.machines] : runs.map(({ label }) => label)
  return [{ heading: first }, ...headings.map((heading) => ({ heading }))]
}

function kindFor({ length }: readonly ComparedRun[], kind: string): TableKind {
  const isTooWide = length > MOST_ON_PAPER && length <= MOST_COLUMNS
  return { kind: isTooWide ? `${kind} too-wide` : kind, narrow: 'stacks' }
}

function questionCell({ lab, check, question }: ComparedCheck, anchor: string | null): Part {
  const place = anchor === null ? markup`` : markup` id="${anchor}"`
  return markup`<span${place}>${question}</span> <span class="fine">${lab}, <code>${check}</code></span>`
}

function answerCell(answer: ComparedAnswer | null, isTold: boolean): Part {
  const outcome = outcomeInWords(answer)
  if (answer === null) return markup`<span class="quiet">${outcome}</span>`
  const told = isTold ? markup`<p class="fine">${answerInWords(answer)}</p>` : ''
  return markup`<span class="own">${outcome}</span> ${answer.observed.length === 0 ? '' : badge(answer.verdict)}${told}`
}

/** Who answered alike, all by name. */
function groupsCell(groups: readonly AnswerGroup[]): Part {
  return list(
    groups.map(
      ({ labels, words, answer }) =>
        markup`<span class="own">${words}</span> ${answer === null || answer.observed.length === 0 ? '' : badge(answer.verdict)} ${asJoined(labels)}`,
    ),
  )
}

function groupedValues(groups: readonly FactGroup[]): Part {
  const [only, ...others] = groups
  if (only !== undefined && others.length === 0) return only.value
  return list(groups.map(({ value, labels }) => `${value}: ${asJoined(labels)}`))
}

/** Facts that differ, and folded away those that do not. */
export function factsTables({ runs, facts }: Comparison): Markup {
  const labels = runs.map(({ label }) => label)
  const columns = columnsFor(compareColumns.fact, runs)
  const valuesOf = (fact: ComparedFact): Part[] =>
    runs.length > MOST_COLUMNS ? [groupedValues(factGroups(fact, labels))] : fact.values.map((one) => one ?? NOT_KNOWN)
  const rowsOf = (all: readonly ComparedFact[]) =>
    all.map((fact): Row => ({ cells: [markup`<code>${fact.name}</code>`, ...valuesOf(fact)] }))
  const tableOf = (label: string, all: readonly ComparedFact[]) =>
    table(label, columns, rowsOf(all), kindFor(runs, 'facts-of'))
  const differing = facts.filter(({ differs }) => differs)
  const same = facts.filter(({ differs }) => !differs)
  const first = differing.length === 0 ? markup`<p>${noFactDiffers}</p>\n` : tableOf(compareHeadings.facts, differing)
  const alike = matrixWords.sameFacts(same.length)
  return markup`${first}${folded(alike, tableOf(alike, same))}`
}
