/**
 * Every reader against spoilt texts: no crash, no hang, and no line lost. The readers run in a thread of their own, so
 * that one which never ends is found. SEED repeats a run, RUNS makes it longer or shorter.
 */

import { Worker } from 'node:worker_threads'
import { describe, expect, it } from 'vitest'

import { fuzzed } from './fuzz-input.ts'
import type { FuzzFailure, FuzzOrder } from './fuzz-worker.ts'

const { RUNS = '1500', SEED = '1' } = process.env

/** No text of the fuzzer has more than a megabyte: milliseconds, where time grows with length alone. */
const HANGS_MS = 60_000

type Outcome = { failures: FuzzFailure[] } | { hangsAt: number }

/** Looks now and then whether the thread has come further. */
async function fuzz(seed: number, runs: number): Promise<Outcome> {
  const place = new Int32Array(new SharedArrayBuffer(4))
  const workerData: FuzzOrder = { seed, runs, place }
  const worker = new Worker(new URL('./fuzz-worker.ts', import.meta.url), { workerData, execArgv: [] })
  try {
    return await new Promise((resolve, reject) => {
      let [last, since] = [-1, Date.now()]
      const look = setInterval(() => {
        const now = Atomics.load(place, 0)
        if (now !== last) [last, since] = [now, Date.now()]
        else if (Date.now() - since > HANGS_MS) finish(() => resolve({ hangsAt: seed + now }))
      }, 200)
      const finish = (settle: () => void) => {
        clearInterval(look)
        settle()
      }
      worker.once('message', (failures: FuzzFailure[]) => finish(() => resolve({ failures })))
      worker.once('error', (error: Error) => finish(() => reject(error)))
    })
  } finally {
    await worker.terminate()
  }
}

describe(`spoilt texts (RUNS=${RUNS} SEED=${SEED})`, () => {
  it('are read without a crash, without a hang, and without a line lost', { timeout: 3_600_000 }, async () => {
    const outcome = await fuzz(Number(SEED), Number(RUNS))
    const shown =
      'hangsAt' in outcome ? fuzzed(outcome.hangsAt) : outcome.failures.map(({ seed }) => fuzzed(seed)).at(0)
    expect(outcome, shown?.slice(0, 4000)).toEqual({ failures: [] })
  })
})
