/** The options of `npm run lab`, read with Node's own parser and checked. */

import type { FormatName } from '../report/formats.ts'
import { FORMATS } from '../report/formats.ts'
import { parseWords } from './parse-words.ts'
import { UsageError } from './usage.ts'

export type ReportRequest = { format: FormatName; file: string | null }

export type LabOptions = {
  labs: string[]
  all: boolean
  reports: ReportRequest[]
  rounds: number
  labMs: number | undefined
  port: number | null
  jobs: number | null
  save: string | null
  replay: string | null
  color: boolean | null
  predict: boolean
  full: boolean
  help: boolean
}

export const OPTIONS = {
  all: { type: 'boolean' },
  report: { type: 'string', multiple: true },
  repeat: { type: 'string' },
  timeout: { type: 'string' },
  port: { type: 'string' },
  jobs: { type: 'string' },
  save: { type: 'string' },
  replay: { type: 'string' },
  color: { type: 'boolean' },
  predict: { type: 'boolean' },
  full: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const

/** @throws UsageError with one line that says what is allowed. */
export function readOptions(words: readonly string[]): LabOptions {
  const { values, positionals } = parseWords(words, OPTIONS, VALUES)
  const options: LabOptions = {
    labs: positionals,
    all: values.all ?? false,
    reports: (values.report ?? []).map(readReport),
    rounds: readNumber('--repeat', values.repeat, 1, 100_000) ?? 1,
    labMs: seconds(values.timeout),
    port: readNumber('--port', values.port, 1, 65_535) ?? null,
    jobs: readNumber('--jobs', values.jobs, 1, 64) ?? null,
    save: readFileName('--save', values.save),
    replay: readFileName('--replay', values.replay),
    color: values.color ?? null,
    predict: values.predict ?? false,
    full: values.full ?? false,
    help: values.help ?? false,
  }
  refuseContradictions(options)
  return options
}

/** What an option is to be followed by. */
const VALUES: Record<string, string> = {
  '--report': 'a format, such as json or json=FILE',
  '--repeat': 'a whole number from 1 to 100000',
  '--timeout': 'a number of seconds above 0 and up to 86400',
  '--port': 'a whole number from 1 to 65535',
  '--jobs': 'a whole number from 1 to 64',
  '--save': 'the name of a file',
  '--replay': 'the name of a file',
}

export function takesValue(option: string): boolean {
  return `--${option}` in VALUES
}

function readReport(word: string): ReportRequest {
  const [format = '', ...rest] = word.split('=')
  const names = Object.keys(FORMATS)
  if (!names.includes(format)) {
    throw new UsageError(`there is no report format '${format}'; there are ${names.join(', ')}`)
  }
  const file = rest.length === 0 ? null : rest.join('=')
  if (file === '') throw new UsageError(`--report ${format}= names no file; write --report ${format}=FILE`)
  return { format: format as FormatName, file }
}

function readNumber(option: string, word: string | undefined, least: number, most: number): number | undefined {
  if (word === undefined) return undefined
  const number = Number(word)
  if (!/^\d+$/.test(word) || number < least || number > most) {
    throw new UsageError(`${option} takes a whole number from ${least} to ${most}, not '${word}'`)
  }
  return number
}

function seconds(word: string | undefined): number | undefined {
  if (word === undefined) return undefined
  const number = Number(word)
  if (!/^\d+(\.\d+)?$/.test(word) || number <= 0 || number > 86_400) {
    throw new UsageError(`--timeout takes a number of seconds above 0 and up to 86400, not '${word}'`)
  }
  return number * 1000
}

function readFileName(option: string, word: string | undefined): string | null {
  if (word === '') throw new UsageError(`${option} needs the name of a file`)
  return word ?? null
}

function refuseContradictions(options: LabOptions): void {
  const { labs, all, port, reports, replay, save, predict, rounds, labMs, jobs, full, help } = options
  const needsLab = [
    reports.length > 0,
    rounds > 1,
    labMs !== undefined,
    port !== null,
    jobs !== null,
    save !== null,
    predict,
    full,
  ]
  if (labs.length === 0 && !all && replay === null && !help && needsLab.includes(true)) {
    throw new UsageError('name a lab for these options, or say --all; npm run lab lists the labs')
  }
  if (port !== null && (all || labs.length !== 1)) throw new UsageError('--port goes with exactly one lab')
  if (all && labs.length > 0) throw new UsageError('--all runs every lab; name labs or say --all, not both')
  if (replay === null) return
  const unfit = [
    save !== null && '--save',
    predict && '--predict',
    full && '--full',
    port !== null && '--port',
    rounds > 1 && '--repeat',
  ]
  const first = unfit.find((one) => one !== false)
  if (first !== undefined) throw new UsageError(`${first} needs a run; --replay only tells a saved one again`)
}
