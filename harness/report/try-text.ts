/** A session at the bench for a reader: step by step, and at its end the table of theories against steps. */

import type { TheoryName, TheoryResult } from '../domain/theory.ts'
import { THEORY_NAMES } from '../domain/theory.ts'
import type { Tried } from '../domain/tried.ts'
import { systemIsASurprise, theoryInWords } from '../words/theories.en.ts'
import {
  benchInWords,
  foretoldInWords,
  lostInWords,
  stepWrongInWords,
  tableHeading,
  tableLegend,
  triedInWords,
} from '../words/try.en.ts'
import type { Layout } from './layout.ts'
import { displayWidth } from './width.ts'

export function benchText({ paragraph }: Layout, port: number, notes: readonly string[]): string {
  return [benchInWords(port), ...notes].map((line) => paragraph(line, '')).join('') + '\n'
}

/** The step as it is spelt, what happened, and what had been said of it. */
export function triedText({ paint, paragraph }: Layout, tried: Tried): string {
  const { step, typed, outcome } = tried
  const number = String(step).padStart(2)
  const head = paint('bold', paragraph(`${typed}`, `${number}  `).trimEnd())
  const before = lostInWords(tried).map((line) => paint('yellow', paragraph(line, '    ')))
  const happened = paragraph(triedInWords(tried), '    ')
  const said = foretoldInWords(tried).map((line) => paint('dim', paragraph(line, '    ')))
  return `${head}\n${before.join('')}${outcome === null ? paint('yellow', happened) : happened}${said.join('')}\n`
}

/** Nothing where no theory was put to the test. */
export function sessionText(layout: Layout, all: readonly Tried[]): string {
  const { paint, paragraph, width, isScreen } = layout
  const tested = all.filter(({ judged }) => judged.length > 0)
  if (tested.length === 0) return ''
  const rows = tested.map((tried) => ({ tried, name: `${String(tried.step).padStart(2)}  ${tried.typed}` }))
  const first = Math.max(...rows.map(({ name }) => displayWidth(name)))
  const head = `${' '.repeat(first)}  ${THEORY_NAMES.join('  ')}`
  const isTooWide = isScreen && head.length > width
  const lines = rows.map(({ tried, name }) => {
    if (isTooWide) return paragraph(stepWrongInWords(name.trim(), wrongIn(tried)), '', '  ')
    const marks = THEORY_NAMES.map((theory) => markOf(tried, theory).padEnd(4)).join('')
    return `${name.padEnd(first)}  ${marks.trimEnd()}\n`
  })
  const table = isTooWide ? lines.join('') : `${head}\n${lines.join('')}${paint('dim', paragraph(tableLegend, ''))}`
  const fallen = resultsOf(tested).filter(({ refutedBy }) => refutedBy.length > 0)
  const says = fallen.map((one) => paragraph(theoryInWords({ ...one, refutedBy: [] }), '', '  '))
  const isSurprised = fallen.some(({ theory }) => theory === 'M8')
  const surprise = isSurprised ? paint(['bold', 'magenta'], paragraph(systemIsASurprise, '')) : ''
  return `${paint('bold', tableHeading)}\n${table}${says.length > 0 ? '\n' : ''}${says.join('')}${surprise}`
}

const wrongIn = ({ refuted }: Tried) => refuted.map(({ theory }) => theory)

function markOf(tried: Tried, theory: TheoryName): string {
  if (!tried.judged.includes(theory)) return '-'
  return wrongIn(tried).includes(theory) ? 'x' : 'o'
}

function resultsOf(all: readonly Tried[]): TheoryResult[] {
  return THEORY_NAMES.map((theory) => ({
    theory,
    judged: all.filter(({ judged }) => judged.includes(theory)).length,
    refutedBy: all.flatMap(({ refuted }) => refuted.filter((one) => one.theory === theory)),
  }))
}

/** What each theory says of a system. */
export function theoriesText({ paragraph }: Layout): string {
  const words = THEORY_NAMES.map((theory) => theoryInWords({ theory, judged: 0, refutedBy: [] }))
  return words.map((one) => paragraph(one, '', '  ')).join('')
}
