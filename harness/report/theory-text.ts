/** What a lab did to the theories, and the table of a whole run. */

import type { TheoryName, TheoryResult, TheoryRow } from '../domain/theory.ts'
import { THEORY_NAMES } from '../domain/theory.ts'
import {
  observationInWords,
  refutedInWords,
  restInWords,
  systemIsASurprise,
  tableHeading,
  tableLegend,
  theoryHeading,
  theoryInWords,
} from '../words/theories.en.ts'
import type { Layout } from './layout.ts'

/** An observation that refuted theories, and what each of those says; and which were not refuted. */
export type TheoriesTold = { falls: { observation: string; says: string[] }[]; rest: string; isSurprise: boolean }

/** `actNumber` tells acts by their numbers. Null where nothing was of a kind of which theories speak. */
export function theoriesTold(
  results: readonly TheoryResult[],
  actNumber: (act: string) => number,
): TheoriesTold | null {
  if (results.every(({ judged }) => judged === 0)) return null
  // Theories often fall by one observation: it is told once.
  const falls = Map.groupBy(results.filter(isRefuted), ({ refutedBy: [first] }) =>
    first ? observationInWords(first, actNumber(first.act)) : '',
  )
  const told = [...falls].map(([observation, theories]) => ({
    observation: refutedInWords(theories.map(nameOf), observation),
    says: theories.map(theoryInWords),
  }))
  const stood = results.filter((one) => !isRefuted(one))
  const [asked, unasked] = [stood.filter(({ judged }) => judged > 0), stood.filter(({ judged }) => judged === 0)]
  const rest = restInWords(asked.map(nameOf), unasked.map(nameOf))
  return { falls: told, rest, isSurprise: isSystemRefuted(results) }
}

export function theoryText(
  { paint, paragraph }: Layout,
  results: readonly TheoryResult[],
  actNumber: (act: string) => number,
): string {
  const told = theoriesTold(results, actNumber)
  if (told === null) return ''
  const falls = told.falls.map(
    ({ observation, says }) =>
      paragraph(observation, '  - ') + says.map((sentence) => paragraph(sentence, '      ')).join(''),
  )
  const rest = told.rest === '' ? '' : paragraph(told.rest, '  - ')
  return `${paint('bold', theoryHeading)}\n${falls.join('')}${rest}${surprise({ paint, paragraph }, results)}\n`
}

const nameOf = ({ theory }: TheoryResult): TheoryName => theory

/** Columns for the theories; where the lines would be too long, a sentence for each lab. */
export function theoryTable(layout: Layout, rows: readonly TheoryRow[]): string {
  const { paint, paragraph, width, isScreen } = layout
  if (rows.length < 2) return ''
  const first = Math.max(...rows.map(({ lab }) => lab.length))
  const head = `${' '.repeat(first)}  ${THEORY_NAMES.join('  ')}`
  const isTooWide = isScreen && head.length > width
  const lines = rows.map(({ lab, results }) =>
    isTooWide
      ? paragraph(
          `${lab}: ${
            results
              .filter(isRefuted)
              .map(({ theory }) => theory)
              .join(', ') || '-'
          }`,
          '',
        )
      : `${lab.padEnd(first)}  ${results
          .map((one) => markOf(one).padEnd(4))
          .join('')
          .trimEnd()}\n`,
  )
  const table = isTooWide ? lines.join('') : `${head}\n${lines.join('')}${paint('dim', paragraph(tableLegend, ''))}`
  const all = rows.flatMap(({ results }) => results)
  return `${paint('bold', tableHeading)}\n${table}${surprise(layout, all)}\n`
}

const isRefuted = ({ refutedBy }: TheoryResult) => refutedBy.length > 0

export function markOf({ judged, refutedBy }: TheoryResult): 'x' | 'o' | '-' {
  return refutedBy.length > 0 ? 'x' : judged > 0 ? 'o' : '-'
}

function surprise({ paint, paragraph }: Pick<Layout, 'paint' | 'paragraph'>, results: readonly TheoryResult[]): string {
  return isSystemRefuted(results) ? paint(['bold', 'magenta'], paragraph(systemIsASurprise, '')) : ''
}

/** Whether what is to be the system's own rules was refuted. */
export function isSystemRefuted(results: readonly TheoryResult[]): boolean {
  return results.some(({ theory, refutedBy }) => theory === 'M8' && refutedBy.length > 0)
}
