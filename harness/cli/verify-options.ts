/** The options of `npm run verify`, read with Node's own parser and checked. */

import type { Shard } from '../verify/shard.ts'
import type { Compared } from './compare-labels.ts'
import { readCompared } from './compare-labels.ts'
import { readLabs, readShard } from './option-lists.ts'
import { parseWords } from './parse-words.ts'
import type { RunOptions } from './run-options.ts'
import {
  LAB_FORMATS,
  readFileName,
  readNumber,
  readRunOptions,
  refuseWithReplay,
  RUN_OPTIONS,
  RUN_VALUES,
} from './run-options.ts'
import { UsageError } from './usage.ts'

export type VerifyOptions = RunOptions & {
  only: string[]
  skip: string[]
  shard: Shard | null
  baseline: Compared | null
  /** How many random sequences, and from which seed; null where it does not matter. */
  random: { sequences: number; seed: number | null } | null
}

export const VERIFY_OPTIONS = {
  only: { type: 'string', multiple: true },
  skip: { type: 'string', multiple: true },
  shard: { type: 'string' },
  baseline: { type: 'string' },
  random: { type: 'string' },
  seed: { type: 'string' },
  ...RUN_OPTIONS,
} as const

const VALUES = {
  ...RUN_VALUES,
  '--only': 'labs, such as 04 or 04,dual-stack',
  '--skip': 'labs, such as 14 or 14,20',
  '--shard': 'a part of all labs, such as 1/3',
  '--baseline': 'the name of a file',
  '--random': 'a whole number from 1 to 1000000',
  '--seed': 'a whole number from 0 to 2147483647',
}

/** fast-check takes a seed of 32 bits, with a sign. */
export const MOST_SEED = 2 ** 31 - 1

/** @throws UsageError with one line that says what is allowed. */
export function readVerifyOptions(words: readonly string[]): VerifyOptions {
  const { values, positionals } = parseWords(words, VERIFY_OPTIONS, VALUES)
  if (positionals.length > 0) {
    const labs = positionals.join(',')
    throw new UsageError(`it takes no words; --only ${labs} verifies these labs alone, --help says what else there is`)
  }
  const sequences = readNumber('--random', values.random, 1, 1_000_000)
  const seed = readNumber('--seed', values.seed, 0, MOST_SEED) ?? null
  if (sequences === undefined && seed !== null) throw new UsageError('--seed goes with --random N')
  const baseline = readFileName('--baseline', values.baseline)
  const options: VerifyOptions = {
    ...readRunOptions(values, ['text', ...LAB_FORMATS]),
    only: readLabs('--only', values.only),
    skip: readLabs('--skip', values.skip),
    shard: readShard('all labs', values.shard),
    baseline: baseline === null ? null : (readCompared([baseline])[0] ?? null),
    random: sequences === undefined ? null : { sequences, seed },
  }
  refuseWithReplay(options, { '--random': options.random !== null })
  return options
}

export function verifyTakesValue(option: string): boolean {
  return `--${option}` in VALUES
}
