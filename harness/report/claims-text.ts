/** The ledger of claims as text: document by document what each claim came to, and in one line what was seen. */

import type { RunEvent } from '../domain/event.ts'
import type { Finding, LedgerRow, Standing } from '../domain/ledger.ts'
import { countStandings } from '../domain/ledger.ts'
import {
  conditionInWords,
  evidenceInWords,
  languageInWords,
  standingsInWords,
  standingWords,
  whyNotTested,
} from '../words/claims.en.ts'
import { countsLine, hostLine, labsInWords } from './end-text.ts'
import type { Format, Layout } from './layout.ts'
import { createLayout } from './layout.ts'
import { oneLine, sentence } from './plain.ts'

export type Document = { name: string; title: string; language: string; rows: LedgerRow[] }

/** The events that frame a run, as far as they came. */
export type Frame = {
  start: Extract<RunEvent, { type: 'run-start' }>
  end: Extract<RunEvent, { type: 'run-end' }> | null
}

/** None of these is a failure, so nothing is red. */
const COLORS: Record<Standing, Format> = {
  holds: 'green',
  'does-not-hold': 'yellow',
  'holds-with-condition': 'cyan',
  'not-tested': 'dim',
  definition: 'dim',
}

const INDENT = ' '.repeat(7)
/** A column of fewer characters is no pleasure to read. */
const NARROWEST = 40
const WIDTH = Math.max(...Object.values(standingWords).map((words) => words.length))

export function claimsText(layout: Layout, documents: readonly Document[], frame: Frame): string {
  return [...documents.map((one) => `${documentText(layout, one)}\n`), endText(layout, documents, frame)].join('')
}

function documentText(layout: Layout, { name, title, language, rows }: Document): string {
  const heading = layout.paint('bold', line(layout, `${name}: ${title} (${languageInWords(language)})`, ''))
  const counts = line(layout, `${claimsCounted(rows)}.`, '  ')
  return [heading, '\n', ...rows.map((row) => rowText(layout, row)), counts].join('')
}

function rowText(layout: Layout, row: LedgerRow): string {
  const { id, says, standing } = row
  const words = standingWords[standing]
  const told = inColumn(layout, says, `  ${id.padEnd(4)} ${words.padEnd(WIDTH)}  `)
  return (
    told.replace(words, () => layout.paint(COLORS[standing], words)) +
    linesUnder(row)
      .map((one) => layout.paint('dim', line(layout, one, INDENT)))
      .join('')
  )
}

/** Wraps the text within its column; where there is no room for one, below. */
function inColumn(layout: Layout, text: string, first: string): string {
  const room = layout.width - first.length
  if (!layout.isScreen) return line(layout, text, first)
  if (room < NARROWEST) return `${first.trimEnd()}\n${layout.paragraph(text, INDENT)}`
  const lines = createLayout({ columns: room, color: false }).paragraph(text, '').trimEnd().split('\n')
  return lines.map((one, index) => `${index === 0 ? first : ' '.repeat(first.length)}${one}\n`).join('')
}

function linesUnder(row: LedgerRow): string[] {
  const { standing, findings, explainedIn } = row
  if (standing === 'definition') return [explainedIn === undefined ? 'Not explained yet.' : `See ${explainedIn}.`]
  if (standing === 'not-tested') return [sentence(capital(whyNotTested(row)))]
  if (standing === 'holds') return [evidenceLine(findings, true)]
  if (standing === 'does-not-hold') return [evidenceLine(findings, false)]
  return [
    sentence(capital(conditionInWords(row))),
    `holds:    ${evidenceLine(findings, true)}`,
    `does not: ${evidenceLine(findings, false)}`,
  ]
}

/** The first of the checks that came to this, and how many more did. */
function evidenceLine(findings: readonly Finding[], holds: boolean): string {
  const [first, ...others] = findings.filter((finding) => finding.holds === holds)
  if (!first) return ''
  const more = others.length === 0 ? '' : others.length === 1 ? ' (1 more check)' : ` (${others.length} more checks)`
  return `${first.lab}: ${evidenceInWords(first)}${more}`
}

function endText(layout: Layout, documents: readonly Document[], { start, end }: Frame): string {
  const rows = documents.flatMap((one) => one.rows)
  const all = documents.length > 1 ? layout.paint('bold', line(layout, `${claimsCounted(rows)}.`, '')) : ''
  const when = start.replayed ? layout.paragraph(`From evidence saved at ${start.startedAt}.`, '') : ''
  if (!end) return `${all}${when}${layout.paragraph('The run did not come to its end: trust no total.', '')}`
  const { fail, inconclusive } = end.counts
  const told = layout.paragraph('What failed or was not observed is told in full by npm run lab.', '')
  return [all, when, hostLine(layout, end), countsLine(layout, labsInWords(start.labs), end)]
    .concat(fail + inconclusive > 0 ? told : '')
    .join('')
}

function claimsCounted(rows: readonly LedgerRow[]): string {
  return `${rows.length} ${rows.length === 1 ? 'claim' : 'claims'}: ${standingsInWords(countStandings(rows))}`
}

/** One line to be found by grep; wrapped where a terminal shows it. */
function line(layout: Layout, text: string, first: string): string {
  return layout.isScreen ? layout.paragraph(text, first, ' '.repeat(first.length)) : `${first}${oneLine(text)}\n`
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
