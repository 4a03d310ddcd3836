/** The options that every command has which runs labs, and the readers of single values. */

import type { FormatName } from '../report/formats.ts'
import { FORMATS } from '../report/formats.ts'
import { UsageError } from './usage.ts'

/** `text` is the report that a command has where none is asked for; not every command names it so. */
export type ReportRequest = { format: FormatName | 'text'; file: string | null }

export type RunOptions = {
  reports: ReportRequest[]
  rounds: number
  labMs: number | undefined
  jobs: number | null
  save: string | null
  replay: string | null
  color: boolean | null
  full: boolean
  help: boolean
}

export const RUN_OPTIONS = {
  report: { type: 'string', multiple: true },
  repeat: { type: 'string' },
  timeout: { type: 'string' },
  jobs: { type: 'string' },
  save: { type: 'string' },
  replay: { type: 'string' },
  color: { type: 'boolean' },
  full: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const

/** What an option is to be followed by. */
export const RUN_VALUES: Readonly<Record<string, string>> = {
  '--report': 'a format, such as json or json=FILE',
  '--repeat': 'a whole number from 1 to 100000',
  '--timeout': 'a number of seconds above 0 and up to 86400',
  '--jobs': 'a whole number from 1 to 64',
  '--save': 'the name of a file',
  '--replay': 'the name of a file',
}

type Typed = {
  report?: string[]
  repeat?: string
  timeout?: string
  jobs?: string
  save?: string
  replay?: string
  color?: boolean
  full?: boolean
  help?: boolean
}

export const LAB_FORMATS = Object.keys(FORMATS) as FormatName[]

/** @throws UsageError with one line that says what is allowed. */
export function readRunOptions(typed: Typed, formats: readonly ReportRequest['format'][] = LAB_FORMATS): RunOptions {
  return {
    reports: (typed.report ?? []).map((word) => readReport(word, formats)),
    rounds: readNumber('--repeat', typed.repeat, 1, 100_000) ?? 1,
    labMs: seconds(typed.timeout),
    jobs: readNumber('--jobs', typed.jobs, 1, 64) ?? null,
    save: readFileName('--save', typed.save),
    replay: readFileName('--replay', typed.replay),
    color: typed.color ?? null,
    full: typed.full ?? false,
    help: typed.help ?? false,
  }
}

/** @throws UsageError for options that need a run, where a saved one is only told again. `more` are the command's own. */
export function refuseWithReplay({ save, full, rounds, replay }: RunOptions, more: Readonly<Record<string, boolean>>) {
  if (replay === null) return
  const unfit = { '--save': save !== null, ...more, '--full': full, '--repeat': rounds > 1 }
  const first = Object.entries(unfit).find(([, isAsked]) => isAsked)
  if (first) throw new UsageError(`${first[0]} needs a run; --replay only tells a saved one again`)
}

/** @throws UsageError for a format that is none of these, and for a file without a name. */
export function readReport<F extends string>(word: string, formats: readonly F[]): { format: F; file: string | null } {
  const [name, ...rest] = word.split('=')
  const format = formats.find((one) => one === name)
  if (format === undefined) {
    throw new UsageError(`there is no report format '${name}'; there are ${formats.join(', ')}`)
  }
  const file = rest.length === 0 ? null : rest.join('=')
  if (file === '') throw new UsageError(`--report ${format}= names no file; write --report ${format}=FILE`)
  return { format, file }
}

/** @throws UsageError for what is no whole number from `least` to `most`. */
export function readNumber(option: string, word: string | undefined, least: number, most: number): number | undefined {
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

/** @throws UsageError for an empty name. */
export function readFileName(option: string, word: string | undefined): string | null {
  if (word === '') throw new UsageError(`${option} needs the name of a file`)
  return word ?? null
}
