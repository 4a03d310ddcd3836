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

/** Each observation that refuted theories, with what those say. `actNumber` tells acts by their numbers. */
export function theoryText(
  { paint, paragraph }: Layout,
  results: readonly TheoryResult[],
  actNumber: (act: string) => number,
): string {
  if (results.every(({ judged }) => judged === 0)) return ''
  // Theories often fall by one observation: it is told once.
  const falls = Map.groupBy(results.filter(isRefuted), ({ refutedBy: [first] }) =>
    first ? observationInWords(first, actNumber(first.act)) : '',
  )
  const told = [...falls].map(([observation, theories]) => {
    const names = theories.map(({ theory }) => theory)
    const sentences = theories.map((one) => paragraph(theoryInWords(one), '      '))
    return paragraph(refutedInWords(names, observation), '  - ') + sentences.join('')
  })
  const stood = results.filter((one) => !isRefuted(one))
  const [asked, unasked] = [stood.filter(({ judged }) => judged > 0), stood.filter(({ judged }) => judged === 0)]
  const others = restInWords(asked.map(nameOf), unasked.map(nameOf))
  const rest = others === '' ? '' : paragraph(others, '  - ')
  return `${paint('bold', theoryHeading)}\n${told.join('')}${rest}${surprise({ paint, paragraph }, results)}\n`
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

function markOf({ judged, refutedBy }: TheoryResult): string {
  return refutedBy.length > 0 ? 'x' : judged > 0 ? 'o' : '-'
}

function surprise({ paint, paragraph }: Pick<Layout, 'paint' | 'paragraph'>, results: readonly TheoryResult[]): string {
  const isSurprised = results.some(({ theory, refutedBy }) => theory === 'M8' && refutedBy.length > 0)
  return isSurprised ? paint(['bold', 'magenta'], paragraph(systemIsASurprise, '')) : ''
}
