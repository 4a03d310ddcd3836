/** The table of theories against labs. */

import type { TheoryName, TheoryResult, TheoryRow } from '../../domain/theory.ts'
import { THEORY_NAMES } from '../../domain/theory.ts'
import { tableWords, theoryMarks } from '../../words/html.en.ts'
import { systemIsASurprise, tableHeading, tableLegend, theoryInWords } from '../../words/theories.en.ts'
import { isSystemRefuted, markOf } from '../theory-text.ts'
import { folded, list, table } from './boxes.ts'
import type { Markup, Part } from './markup.ts'
import { markup, NOTHING } from './markup.ts'

/** `placeOf`: where a lab stands on the page. */
export function theoryTable(rows: readonly TheoryRow[], placeOf: (lab: string) => string): Markup {
  const columns = [
    { heading: tableWords.lab, kind: 'name' as const },
    ...THEORY_NAMES.map((heading) => ({ heading, kind: 'name' as const })),
  ]
  const lines = rows.map(({ lab, results }) => ({
    cells: [markup`<a href="#${placeOf(lab)}">${lab}</a>`, ...THEORY_NAMES.map((name) => cell(results, name))],
  }))
  const all = rows.flatMap(({ results }) => results)
  const surprise = isSystemRefuted(all) ? markup`<p class="prose"><strong>${systemIsASurprise}</strong></p>\n` : NOTHING
  // How often each was refuted stands with its lab.
  const says = THEORY_NAMES.map((theory) => theoryInWords({ theory, judged: 0, refutedBy: [] }))
  return markup`${surprise}${table(tableHeading, columns, lines, { kind: 'theories' })}
<p class="fine">${tableLegend}.</p>
${folded(theoryMarks.says, list(says))}`
}

function cell(results: readonly TheoryResult[], name: TheoryName): Part {
  const result = results.find(({ theory }) => theory === name)
  const mark = result === undefined ? '-' : markOf(result)
  const [kind, words] = theoryMarks.of[mark]
  return markup`<span class="${kind}"><span aria-hidden="true">${mark}</span><span class="unseen">${words}</span></span>`
}
