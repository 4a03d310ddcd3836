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
import type { Row } from './boxes.ts'
import { folded, table } from './boxes.ts'
import { badge } from './marks.ts'
import type { Markup, Part } from './markup.ts'
import { markup } from './markup.ts'

/** Up to so many machines there is room for what each of them saw. */
const MOST_TOLD = 4

export function runsTable({ runs }: Comparison): Markup {
  const rows = runs.map((run) => ({ cells: [run.label, runInWords(run)] }))
  return table(
    compareHeadings.machines,
    [
      { heading: matrixWords.machine, kind: 'name' },
      { heading: matrixWords.run, kind: 'wide' },
    ],
    rows,
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
  const columns = [{ heading: compareColumns.question }, ...runs.map((run) => ({ heading: run.label }))]
  const rows = checks.map((check): Row => ({
    cells: [questionCell(check, anchorOf(check)), ...check.answers.map((answer) => answerCell(answer, isTold))],
  }))
  return table(label, columns, rows, 'matrix')
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

/** Facts that differ, and folded away those that do not. */
export function factsTables({ runs, facts }: Comparison): Markup {
  const columns = [
    { heading: compareColumns.fact, kind: 'name' as const },
    ...runs.map((run) => ({ heading: run.label })),
  ]
  const rowsOf = (all: readonly ComparedFact[]) =>
    all.map(({ name, values }): Row => ({
      cells: [markup`<code>${name}</code>`, ...values.map((one) => one ?? NOT_KNOWN)],
    }))
  const differing = facts.filter(({ differs }) => differs)
  const same = facts.filter(({ differs }) => !differs)
  const first =
    differing.length === 0
      ? markup`<p>${noFactDiffers}</p>\n`
      : table(compareHeadings.facts, columns, rowsOf(differing))
  return markup`${first}${folded(matrixWords.sameFacts(same.length), table(matrixWords.sameFacts(same.length), columns, rowsOf(same)))}`
}
