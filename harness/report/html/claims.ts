/** What the documents say, and whether it holds here: of the claims that the checks of this run ask. */

import type { Standing } from '../../domain/ledger.ts'
import { STANDINGS, standingOf } from '../../domain/ledger.ts'
import type { CheckResult } from '../../domain/verdict.ts'
import { standingAfterIt, standingsInWords } from '../../words/claims.en.ts'
import { claimsCaution, tableWords } from '../../words/html.en.ts'
import type { LabRecord } from '../record.ts'
import type { Anchors } from './anchors.ts'
import { table } from './boxes.ts'
import type { Markup } from './markup.ts'
import { markup, NOTHING } from './markup.ts'

type Asked = { check: CheckResult; anchor: string; holds: boolean | null }
type Row = { claim: string; document: string; says: string; asked: Asked[] }

/** Nothing where no check asks a claim, as with the labs of a teacher. */
export function claimsHtml(labs: readonly LabRecord[], anchors: Anchors): Markup {
  const rows = new Map<string, Row>()
  const checks = labs.flatMap((lab) => lab.checks.map((check) => ({ check, anchor: anchors.check(lab, check) })))
  for (const { check, anchor } of checks) {
    for (const { claim, document, says, holds } of check.claims) {
      const row = rows.get(claim) ?? { claim, document, says, asked: [] }
      row.asked.push({ check, anchor, holds })
      rows.set(claim, row)
    }
  }
  if (rows.size === 0) return NOTHING
  const all = [...rows.values()].map((row) => ({ ...row, standing: standingOf(row.asked.map(({ holds }) => holds)) }))
  const documents = [...Map.groupBy(all, ({ document }) => document)].sort(([a], [b]) => (a < b ? -1 : 1))
  const counts = Object.fromEntries(
    STANDINGS.map((standing) => [standing, all.filter((row) => row.standing === standing).length]),
  ) as Record<Standing, number>
  return markup`<div class="prose"><p>${standingsInWords(counts)}.</p>
<p class="where">${claimsCaution}</p></div>
${documents.map(
  ([document, claims]) => markup`<h3>${document}</h3>
${table(
  document,
  COLUMNS,
  claims.toSorted(inOrder).map((row) => rowOf(row)),
  { narrow: 'stacks' },
)}
`,
)}`
}

const COLUMNS = [
  { heading: tableWords.claim, kind: 'name' },
  { heading: tableWords.here },
  { heading: tableWords.says, kind: 'wide' },
  { heading: tableWords.checks, kind: 'wide' },
] as const

function rowOf({ claim, says, standing, asked }: Row & { standing: Standing }) {
  const different = [...new Map(asked.map((one) => [one.check.id, one])).values()]
  const links = different.map(
    ({ check, anchor }, index) => markup`${index > 0 ? ', ' : ''}<a href="#${anchor}">${check.id}</a>`,
  )
  return { cells: [claim, standingAfterIt[standing], says, links], kind: standing === 'holds' ? '' : 'apart' }
}

/** C2 before C10. */
function inOrder(one: Row, other: Row): number {
  const parts = ({ claim }: Row) => /^(\D*)(\d*)/.exec(claim) ?? []
  const [[, letters = '', digits = ''], [, otherLetters = '', otherDigits = '']] = [parts(one), parts(other)]
  return letters === otherLetters ? Number(digits) - Number(otherDigits) : letters < otherLetters ? -1 : 1
}
