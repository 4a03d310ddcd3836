/** Reads the values of options that several commands share: lists of labs, and parts of many machines. */

import type { Shard } from '../verify/shard.ts'
import { UsageError } from './usage.ts'

/** More parts than anybody has machines. */
const MOST_SHARDS = 1000

/** `01,02` and the option written twice mean the same. @throws UsageError */
export function readLabs(option: string, typed: readonly string[] = []): string[] {
  const labs = typed.flatMap((word) => word.split(',')).map((word) => word.trim())
  if (labs.includes('')) throw new UsageError(`${option} takes labs by name or number, separated by commas: 04,07`)
  return labs
}

/** @param what that of which it is a part, such as `all labs`. @throws UsageError */
export function readShard(what: string, word: string | undefined): Shard | null {
  if (word === undefined) return null
  const [, index, of] = (/^(\d{1,4})\/(\d{1,4})$/.exec(word) ?? []).map(Number)
  if (index === undefined || of === undefined || index < 1 || index > of || of > MOST_SHARDS) {
    throw new UsageError(`--shard takes a part of ${what} from 1/1 to ${MOST_SHARDS}/${MOST_SHARDS}, not '${word}'`)
  }
  return { index, of }
}
