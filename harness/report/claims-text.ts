/** The ledger of claims as text: document by document what each claim came to, and in one line what was seen. */

import type { RunEvent } from '../domain/event.ts'
import type { LedgerRow, Standing } from '../domain/ledger.ts'
import { countOpen, countStandings, decidingOf } from '../domain/ledger.ts'
import {
  BECAUSE_OF_SKIPS,
  conditionInWords,
  decidingInWords,
  FOR_OTHER_REASONS,
  languageInWords,
  mayChangeInWords,
  openInWords,
  standingsInWords,
  standingWords,
  whyNotTested,
} from '../words/claims.en.ts'
import { countsLine, hostLine, labsInWords } from './end-text.ts'
import type { Format, Layout } from './layout.ts'
import { createLayout } from './layout.ts'
import { sentence } from './plain.ts'

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

const WIDTH = Math.max(...Object.values(standingWords).map((words) => words.length))
/** What stands before the text of a claim where that has a column of its own. */
const BEFORE = `  ${' '.repeat(4)} ${' '.repeat(WIDTH)}  `.length
/** A column of fewer characters is no pleasure to read. */
const NARROWEST = 40
/** Below this width an indent costs more than it shows. */
const ROOM_FOR_INDENTS = 60

export function claimsText(layout: Layout, documents: readonly Document[], frame: Frame): string {
  return [...documents.map((one) => `${documentText(layout, one)}\n`), endText(layout, documents, frame)].join('')
}

function documentText(layout: Layout, { name, title, language, rows }: Document): string {
  const heading = layout.paragraph(`${name}: ${title} (${languageInWords(language)})`, '', '  ')
  const counts = layout.paragraph(`${claimsCounted(rows)}.`, '  ')
  return [layout.paint('bold', heading), '\n', ...rows.map((row) => rowText(layout, row)), counts].join('')
}

function rowText(layout: Layout, row: LedgerRow): string {
  const isNarrow = layout.width < ROOM_FOR_INDENTS
  const indent = ' '.repeat(isNarrow ? 2 : 7)
  const under = linesUnder(row).map(({ label = '', text }) => {
    const told = isNarrow
      ? layout.paragraph(`${label} ${text}`, indent, `${indent}  `)
      : layout.paragraph(text, indent + label, indent + ' '.repeat(label.length || 2))
    return layout.paint('dim', told)
  })
  return [claimText(layout, row, indent), ...under].join('')
}

/** The claim in a column of its own; where there is no room for one, below its answer. */
function claimText(layout: Layout, { id, says, standing }: LedgerRow, indent: string): string {
  const words = standingWords[standing]
  const paint = (text: string) => layout.paint(COLORS[standing], text)
  const room = layout.width - BEFORE
  if (room < NARROWEST) {
    const answer = paint(layout.paragraph(words, indent.length > 2 ? `  ${id.padEnd(4)} ` : `${id} `, indent))
    return `${answer}${layout.paragraph(says, indent)}`
  }
  const first = `  ${id.padEnd(4)} ${paint(words)}${' '.repeat(WIDTH - words.length)}  `
  const lines = createLayout({ columns: room, color: false }).paragraph(says, '').trimEnd().split('\n')
  return lines.map((one, index) => `${index === 0 ? first : ' '.repeat(BEFORE)}${one}\n`).join('')
}

type Line = { label?: string; text: string }

function linesUnder(row: LedgerRow): Line[] {
  const { standing, explainedIn } = row
  const mayChange = mayChangeInWords(row)
  const open = mayChange === '' ? [] : [{ text: sentence(capital(mayChange)) }]
  switch (standing) {
    case 'definition':
      return [{ text: explainedIn === undefined ? 'Not explained yet.' : `See ${explainedIn}.` }]
    case 'not-tested':
      return [{ text: sentence(capital(whyNotTested(row))) }, ...evidence(row, true)]
    case 'holds':
      return evidence(row, true)
    case 'does-not-hold':
      return [...evidence(row, false), ...open]
    case 'holds-with-condition':
      return [
        { text: sentence(capital(conditionInWords(row))) },
        ...evidence(row, true, 'holds:    '),
        ...evidence(row, false, 'does not: '),
        ...open,
      ]
  }
}

/** What the checks saw that decide it best, a line for each lab, and how many more came to the same. */
function evidence(row: LedgerRow, holds: boolean, label = ''): Line[] {
  const told = decidingInWords(row, holds)
  const others = row.findings.filter((finding) => finding.holds === holds).length - decidingOf(row, holds).length
  const more = others === 0 ? '' : others === 1 ? ' (1 more check)' : ` (${others} more checks)`
  return told.map(({ lab, seen }, index) => ({
    label: index === 0 ? label : ' '.repeat(label.length),
    text: `${lab}: ${seen}${index === told.length - 1 ? more : ''}`,
  }))
}

function endText(layout: Layout, documents: readonly Document[], { start, end }: Frame): string {
  const rows = documents.flatMap((one) => one.rows)
  const all = documents.length > 1 ? layout.paint('bold', layout.paragraph(`${claimsCounted(rows)}.`, '')) : ''
  const { bySkips, otherwise } = countOpen(rows)
  const open = [openInWords(bySkips, BECAUSE_OF_SKIPS), openInWords(otherwise, FOR_OTHER_REASONS)]
    .filter((text) => text !== '')
    .map((text) => layout.paragraph(`${text}.`, ''))
  const when = start.replayed ? layout.paragraph(`From evidence saved at ${start.startedAt}.`, '') : ''
  const what = [all, ...open, when].join('')
  if (!end) return `${what}${layout.paragraph('The run did not come to its end: trust no total.', '')}`
  const { fail, inconclusive } = end.counts
  const told = layout.paragraph('What failed or was not observed is told in full by npm run lab.', '')
  return [what, hostLine(layout, end), countsLine(layout, labsInWords(start.labs), end)]
    .concat(fail + inconclusive > 0 ? told : '')
    .join('')
}

function claimsCounted(rows: readonly LedgerRow[]): string {
  return `${rows.length} ${rows.length === 1 ? 'claim' : 'claims'}: ${standingsInWords(countStandings(rows))}`
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
