/** The table of labs, row by row as they are done; where there is no room for columns, a sentence for each lab. */

import type { LabHeader } from '../domain/event.ts'
import type { Counts, Verdict } from '../domain/verdict.ts'
import { VERDICTS } from '../domain/verdict.ts'
import { countsInWords } from '../words/en.ts'
import { tableColumns } from '../words/verify.en.ts'
import { labsInWords } from './end-text.ts'
import type { Layout } from './layout.ts'
import { oneLine } from './plain.ts'

type Row = { counts: Counts; durationMs: number }

/** `1234.5 s` */
const TIME_WIDTH = 8

export class LabTable {
  readonly #layout: Layout
  readonly #all: string
  readonly #first: number
  readonly #isTooWide: boolean
  #sum: Row = { counts: { pass: 0, fail: 0, noted: 0, skip: 0, inconclusive: 0 }, durationMs: 0 }
  #of: Row = this.#sum

  constructor(layout: Layout, labs: readonly LabHeader[]) {
    this.#layout = layout
    this.#all = labsInWords(labs)
    const names = [tableColumns.lab, this.#all, ...labs.map(({ id }) => oneLine(id))]
    this.#first = Math.max(...names.map(({ length }) => length))
    const width = this.#first + VERDICTS.reduce((sum, one) => sum + 2 + tableColumns[one].length, TIME_WIDTH)
    this.#isTooWide = layout.isScreen && width > layout.columns
  }

  heading(): string {
    if (this.#isTooWide) return ''
    return this.#line(tableColumns.lab, (verdict) => tableColumns[verdict], tableColumns.time, 'bold')
  }

  /** One row for all rounds of a lab, when the last one is done. */
  row({ id, round, rounds }: LabHeader, { counts, durationMs }: Row): string {
    this.#of = round === 1 ? { counts, durationMs } : added(this.#of, { counts, durationMs })
    if (round < rounds) return ''
    this.#sum = added(this.#sum, this.#of)
    return this.#told(id, this.#of)
  }

  total(durationMs: number): string {
    return this.#told(this.#all, { ...this.#sum, durationMs }, true)
  }

  #told(what: string, { counts, durationMs }: Row, isTotal = false): string {
    const time = `${(durationMs / 1000).toFixed(1)} s`
    if (this.#isTooWide)
      return isTotal ? '' : this.#layout.paragraph(`${what}: ${countsInWords(counts)}, ${time}`, '', '  ')
    const format = counts.fail > 0 ? 'red' : counts.inconclusive > 0 ? 'magenta' : isTotal ? 'bold' : null
    return this.#line(what, (verdict) => (counts[verdict] === 0 ? '-' : `${counts[verdict]}`), time, format)
  }

  #line(
    what: string,
    cell: (verdict: Verdict) => string,
    time: string,
    format: 'bold' | 'red' | 'magenta' | null,
  ): string {
    const cells = VERDICTS.map((verdict) => `  ${cell(verdict).padStart(tableColumns[verdict].length)}`)
    const line = `${oneLine(what).padEnd(this.#first)}${cells.join('')}${time.padStart(TIME_WIDTH)}`
    return `${format === null ? line : this.#layout.paint(format, line)}\n`
  }
}

function added(one: Row, other: Row): Row {
  const counts = Object.fromEntries(VERDICTS.map((verdict) => [verdict, one.counts[verdict] + other.counts[verdict]]))
  return { counts: counts as Counts, durationMs: one.durationMs + other.durationMs }
}
