/** Reads spoilt texts, one number after the other, and holds each reading against its text. Whoever started it sees how far it came. */

import { parentPort, workerData } from 'node:worker_threads'

import { readListings } from '../../harness/listing/recognise.ts'
import { problemsOf, silentProblems } from './accounted.ts'
import { fuzzed, randomOf } from './fuzz-input.ts'

export type FuzzOrder = { seed: number; runs: number; place: Int32Array }
export type FuzzFailure = { seed: number; problems: string[] }

const { seed, runs, place } = workerData as FuzzOrder

/** Texts here are short: none needs so much of a processor, where time grows with length alone. */
const SLOW_US = 1_500_000

/** So many lines of each text are taken away in turn. */
const LOOKED = 2

const failures: FuzzFailure[] = []
for (let run = 0; run < runs && failures.length < 5; run += 1) {
  Atomics.store(place, 0, run)
  const problems = problemsWith(seed + run)
  if (problems.length > 0) failures.push({ seed: seed + run, problems: problems.slice(0, 5) })
}
parentPort?.postMessage(failures)

function problemsWith(number: number): string[] {
  const text = fuzzed(number)
  try {
    const before = process.threadCpuUsage()
    const read = readListings(text)
    const { user } = process.threadCpuUsage(before)
    const problems = problemsOf(text, read)
    if (user > SLOW_US) problems.push(`it took ${user / 1e6} s to read ${text.length} characters`)
    const random = randomOf(number)
    const count = text.split('\n').length
    const looked = new Set(Array.from({ length: LOOKED }, () => random(count)))
    return [...problems, ...silentProblems(text, readListings, (index) => looked.has(index))]
  } catch (error) {
    return [error instanceof Error ? (error.stack ?? error.message) : String(error)]
  }
}
