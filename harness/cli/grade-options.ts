/** The options of `npm run grade`, read with Node's own parser and checked. */

import type { GradedFormatName } from '../report/graded/formats.ts'
import { GRADED_FORMATS } from '../report/graded/formats.ts'
import type { Shard } from '../verify/shard.ts'
import { readLabs, readShard } from './option-lists.ts'
import { parseWords } from './parse-words.ts'
import { readFileName, readNumber, readReport } from './run-options.ts'
import { UsageError } from './usage.ts'

export type GradeOptions = {
  help: boolean
  color: boolean | null
  /** A submission, or a folder of submissions. */
  folders: string[]
  rubric: string | null
  /** Labs by name or number; empty: those that the rubric or the submission names. */
  labs: string[]
  jobs: number | null
  rounds: number
  reports: { format: GradedFormatName; file: string | null }[]
  out: string | null
  shard: Shard | null
  merge: boolean
  /** Null: for more than one submission. */
  requireSandbox: boolean | null
  /** Reports of one submission tell all, also what is hidden from its author. */
  teacher: boolean
}

export const GRADE_OPTIONS = {
  help: { type: 'boolean', short: 'h' },
  color: { type: 'boolean' },
  rubric: { type: 'string' },
  labs: { type: 'string', multiple: true },
  jobs: { type: 'string' },
  repeat: { type: 'string' },
  report: { type: 'string', multiple: true },
  out: { type: 'string' },
  shard: { type: 'string' },
  merge: { type: 'boolean' },
  'require-sandbox': { type: 'boolean' },
  teacher: { type: 'boolean' },
} as const

const FORMATS = Object.keys(GRADED_FORMATS) as GradedFormatName[]

const VALUES = {
  '--rubric': 'the name of a file',
  '--labs': 'labs, such as 01,02',
  '--jobs': 'a whole number from 1 to 64',
  '--repeat': 'a whole number from 1 to 20',
  '--report': 'a format, such as gradescope or gradescope=FILE',
  '--out': 'the name of a folder',
  '--shard': 'a part of all submissions, such as 1/3',
}

export function gradeTakesValue(option: string): boolean {
  return `--${option}` in VALUES
}

/** @throws UsageError with one line that says what is allowed. */
export function readGradeOptions(words: readonly string[]): GradeOptions {
  const { values, positionals } = parseWords(words, GRADE_OPTIONS, VALUES)
  const options: GradeOptions = {
    help: values.help === true,
    color: values.color ?? null,
    folders: positionals,
    rubric: readFileName('--rubric', values.rubric),
    labs: readLabs('--labs', values.labs),
    jobs: readNumber('--jobs', values.jobs, 1, 64) ?? null,
    rounds: readNumber('--repeat', values.repeat, 1, 20) ?? 1,
    reports: (values.report ?? []).map((word) => readReport(word, FORMATS)),
    out: readFileName('--out', values.out),
    shard: readShard('all submissions', values.shard),
    merge: values.merge === true,
    requireSandbox: values['require-sandbox'] ?? null,
    teacher: values.teacher === true,
  }
  if (options.help) return options
  if (options.folders.length === 0) {
    const what = options.merge ? 'the gradebook.json of each shard' : 'a submission, or a folder of submissions'
    throw new UsageError(`name ${what}; --help says how`)
  }
  refuseTogether(options)
  return options
}

function refuseTogether({ merge, shard, rubric, labs, reports }: GradeOptions): void {
  if (merge && (shard !== null || rubric !== null || labs.length > 0)) {
    throw new UsageError('--merge grades nothing: it goes with --report and --out alone')
  }
  if (reports.filter(({ file }) => file === null).length > 1) {
    throw new UsageError('only one report can go to standard output; give the others a file: --report FORMAT=FILE')
  }
  const files = reports.flatMap(({ file }) => file ?? [])
  if (new Set(files).size < files.length) throw new UsageError('two reports cannot go to one file')
}
