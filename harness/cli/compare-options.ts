/** The options of `npm run compare`, read with Node's own parser and checked. */

import type { Compared } from './compare-labels.ts'
import { readCompared } from './compare-labels.ts'
import { parseWords } from './parse-words.ts'
import { readReport } from './run-options.ts'
import { UsageError } from './usage.ts'

const COMPARE_FORMATS = ['text', 'markdown', 'json', 'html'] as const

export type CompareFormat = (typeof COMPARE_FORMATS)[number]

export type CompareReport = { format: CompareFormat; file: string | null }

export type CompareOptions = {
  runs: Compared[]
  /** Also the rows that are alike. */
  all: boolean
  reports: CompareReport[]
  color: boolean | null
  help: boolean
}

export const COMPARE_OPTIONS = {
  all: { type: 'boolean' },
  report: { type: 'string', multiple: true },
  color: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const

const VALUES: Readonly<Record<string, string>> = { '--report': 'a format, such as markdown or json=FILE' }

export function compareTakesValue(option: string): boolean {
  return `--${option}` in VALUES
}

/** @throws UsageError with one line that says what is allowed. */
export function readCompareOptions(words: readonly string[]): CompareOptions {
  const { values, positionals } = parseWords(words, COMPARE_OPTIONS, VALUES)
  const { all = false, report = [], color = null, help = false } = values
  const reports = report.map((word) => readReport(word, COMPARE_FORMATS))
  if (!help && positionals.length < 2) {
    const got = positionals.length === 0 ? 'none was named' : `only ${positionals[0]} was named`
    throw new UsageError(`two saved runs at least are compared, and ${got}: npm run compare A.json B.json`)
  }
  return { runs: readCompared(positionals), all, reports, color, help }
}
