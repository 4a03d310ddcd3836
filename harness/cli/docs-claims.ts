/** The ledger of claims as a page: `docs/claims.md` from the recorded runs, or the same of another run. */

import type { Claims, Documents } from '../catalog/read.ts'
import type { HostFacts } from '../domain/evidence.ts'
import type { Finding, LedgerRow } from '../domain/ledger.ts'
import { countOpen, countStandings, decidingOf } from '../domain/ledger.ts'
import type { Document } from '../report/claims-text.ts'
import { sentence } from '../report/plain.ts'
import {
  BECAUSE_OF_SKIPS,
  conditionInWords,
  decidingInWords,
  FOR_OTHER_REASONS,
  languageInWords,
  mayChangeInWords,
  openInWords,
  standingAfterIt,
  standingsInWords,
  whyNotTested,
} from '../words/claims.en.ts'
import { hostInWords } from '../words/en.ts'
import { asJoined } from '../words/phrases.en.ts'
import { joined, plain, table } from './docs-markdown.ts'

/** The rows of the ledger by document, in the documents' order; all documents, or one of them. */
export function byDocument(rows: readonly LedgerRow[], documents: Documents, only: string | null = null): Document[] {
  const names = [...new Set([...Object.keys(documents), ...rows.map(({ document }) => document)])]
  return names.flatMap((name) => {
    const { title = '', language = '' } = documents[name] ?? {}
    const own = rows.filter(({ document }) => document === name)
    return own.length === 0 || (only ?? name) !== name ? [] : [{ name, title, language, rows: own }]
  })
}

/** The documents that the claims are from. */
export function documentsOf(claims: Claims): string[] {
  return [...new Set(Object.values(claims).map(({ document }) => document))]
}

export function claimsPage(documents: readonly Document[], hosts: readonly HostFacts[]): string {
  const where = [...new Set(hosts.map(hostInWords))].map(plain)
  const rows = documents.flatMap((one) => one.rows)
  const blocks = [
    '<!-- Written by npm run docs, from labs/claims.ts and the recorded runs of the labs. Change those. -->',
    '# What the documents say, and what a machine says',
    'Every claim of the documents is answered by named checks of the labs. The answers were measured, not assumed. ' +
      'A claim holds where every check that asks it bears it out. Where some do and others do not, it holds with a ' +
      'condition. `npm run claims` answers the same on your own machine.',
    'The headings below are short names of the documents, and the claims are told in our own words. What was seen is ' +
      'what the checks saw that decide the claim best: in the last column they stand first.',
    where.length === 0 ? 'No run has been recorded yet.' : `Recorded on ${asJoined(where)}.`,
    [`Of ${rows.length} claims ${standingsInWords(countStandings(rows))}`, ...openOnes(rows)].map(sentence).join(' '),
    ...documents.map(documentBlock),
  ]
  return `${joined(blocks)}\n`
}

function openOnes(rows: readonly LedgerRow[]): string[] {
  const { bySkips, otherwise } = countOpen(rows)
  const told = [openInWords(bySkips, BECAUSE_OF_SKIPS), openInWords(otherwise, FOR_OTHER_REASONS)]
  return told.filter((text) => text !== '')
}

function documentBlock({ name, title, language, rows }: Document): string {
  const about = `${sentence(title)} It is written in ${languageInWords(language)}.`
  return joined([
    `## ${plain(name)}`,
    plain(about),
    table(['Claim', 'It says', 'On this machine it', 'What was seen', 'Asked by'], rows.map(cellsOf)),
  ])
}

function cellsOf(row: LedgerRow): string[] {
  const { id, says, standing, findings, explainedIn } = row
  const lab = explainedIn === undefined ? '' : `explained in [${explainedIn}](${pageOf(explainedIn)})`
  const told = standing === 'definition' ? lab : plain(evidenceCell(row))
  const links = [...decidingOf(row, true), ...decidingOf(row, false), ...findings].map(link)
  return [id, plain(says), answerCell(row), told, [...new Set(links)].join('<br>')]
}

/** The condition in its words where it has some. */
function answerCell(row: LedgerRow): string {
  const { standing, exceptions } = row
  return exceptions.length > 0 ? plain(conditionInWords(row).replace(/^it /, '')) : standingAfterIt[standing]
}

function evidenceCell(row: LedgerRow): string {
  const { standing } = row
  const seen = (holds: boolean) =>
    decidingInWords(row, holds)
      .map((one) => one.seen)
      .join(' ')
  const mayChange = mayChangeInWords(row)
  const open = mayChange === '' ? '' : ` ${told(mayChange)}`
  if (standing === 'not-tested') return `${told(whyNotTested(row))} ${seen(true)}`.trim()
  if (standing === 'holds') return seen(true)
  if (standing === 'does-not-hold') return `${seen(false)}${open}`
  return `It holds: ${seen(true)} It does not: ${seen(false)}${open}`
}

function told(words: string): string {
  return sentence(words.replace(/^./, (letter) => letter.toUpperCase()))
}

/** Each check has a mark of its own on the page of its lab. */
function link({ lab, check }: Finding): string {
  return `[${check}](${pageOf(lab)}#${check})`
}

function pageOf(lab: string): string {
  return `../labs/${lab}/README.md`
}
