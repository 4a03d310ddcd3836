/** The options of `npm run lab`, read with Node's own parser and checked. */

import { parseWords } from './parse-words.ts'
import type { RunOptions } from './run-options.ts'
import { readNumber, readRunOptions, refuseWithReplay, RUN_OPTIONS, RUN_VALUES } from './run-options.ts'
import { UsageError } from './usage.ts'

export type LabOptions = RunOptions & { labs: string[]; all: boolean; port: number | null; predict: boolean }

export const OPTIONS = {
  all: { type: 'boolean' },
  port: { type: 'string' },
  predict: { type: 'boolean' },
  ...RUN_OPTIONS,
} as const

const VALUES = { ...RUN_VALUES, '--port': 'a whole number from 1 to 65535' }

/** @throws UsageError with one line that says what is allowed. */
export function readOptions(words: readonly string[]): LabOptions {
  const { values, positionals } = parseWords(words, OPTIONS, VALUES)
  const options: LabOptions = {
    ...readRunOptions(values),
    labs: positionals,
    all: values.all ?? false,
    port: readNumber('--port', values.port, 1, 65_535) ?? null,
    predict: values.predict ?? false,
  }
  refuseContradictions(options)
  return options
}

export function takesValue(option: string): boolean {
  return `--${option}` in VALUES
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
  refuseWithReplay(options, { '--predict': predict, '--port': port !== null })
}
