/**
 * What the grader costs: a submission against a bare script that starts the same programs in the same sandbox, two jobs
 * against one, and its memory for ten submissions and for many: `npm run bench -- 3 grade 1000` takes a thousand.
 */

import { spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'

import { spread } from './figures.ts'
import { ONE, THREE, writeClass } from './grade-class.ts'
import type { Measured } from './measure.ts'
import { demand, LAUNCHER, measure } from './measure.ts'
import { inOwnNetwork, waysToOwnNetworkAndMounts } from '../../harness/host/own-network.ts'
import type { Desk } from '../grade/class/grader.ts'
import { makeDesk, readBook } from '../grade/class/grader.ts'
import { whyNotGraded } from '../grade/class/misunderstood.ts'

const BARE = join(import.meta.dirname, 'grade-bare.ts')
const RESOLVE = join(import.meta.dirname, '../../harness/command/resolve.cjs')
const AT_ONCE = 10
const MANY = Number(process.argv[4] ?? 100)

let turn = 0

async function grade(desk: Desk, folder: string, jobs: number): Promise<Measured & { eachMs: number[] }> {
  const out = desk.out(`out-${(turn += 1)}`)
  const args = ['grade', folder, '--rubric', desk.rubric, '--out', out, '--jobs', String(jobs)]
  const measured = await measure(LAUNCHER, args)
  demand(measured, 'the grader')
  const { submissions } = readBook(out)
  const lost = submissions.filter(({ items }) => items.some(({ findings }) => findings.length > 0))
  if (lost.length > 0) throw new Error(`${lost.length} right submissions were not graded as such: ${out}`)
  return { ...measured, eachMs: submissions.map(({ durationMs }) => durationMs) }
}

async function timeBare(args: readonly string[]): Promise<number> {
  const node = [process.execPath, '--disable-warning=ExperimentalWarning', '--require', RESOLVE, BARE, ...args]
  const [way = []] = waysToOwnNetworkAndMounts()
  const since = performance.now()
  const child = spawn(...inOwnNetwork(way, node), { stdio: ['ignore', 'ignore', 'inherit'] })
  const exitCode = await new Promise<number | null>((resolve) => child.once('close', resolve))
  if (exitCode !== 0) throw new Error(`the bare script ended with ${exitCode}`)
  return performance.now() - since
}

/** In turn, so that the ratio holds when the machine's speed drifts. */
async function benchOverhead(desk: Desk, pairs: number): Promise<void> {
  const folder = writeClass(join(desk.folder, 'one'), THREE, 1)
  const found = desk.out('sandbox.json')
  const [ratios, graded, bare] = [[] as number[], [] as number[], [] as number[]]
  for (let pair = 0; pair <= pairs; pair += 1) {
    // The second submission is the first one that knows already what sandbox there is.
    const { eachMs } = await grade(
      desk,
      pair === 0 ? writeClass(join(desk.folder, 'two'), THREE, 2) : join(desk.folder, 'two'),
      1,
    )
    const other = await timeBare([join(folder, '0000'), found])
    if (pair === 0) continue // the first pair warms the caches
    const ms = eachMs.at(-1) ?? Number.NaN
    graded.push(ms)
    bare.push(other)
    ratios.push(ms / other)
  }
  console.log(
    `Grading a submission (6 programs started in 3 acts) against a bare script: ${pairs} pairs, median (least to most)`,
  )
  console.log(`  time, ratio                     ${spread(ratios)}   at most 1.3`)
  console.log(`  time, the grader                ${spread(graded, 0)} ms`)
  console.log(`  time, bare                      ${spread(bare, 0)} ms`)
}

async function benchJobs(desk: Desk, pairs: number): Promise<void> {
  const folder = writeClass(join(desk.folder, 'jobs'), THREE, AT_ONCE)
  const none = writeClass(join(desk.folder, 'none'), { ...ONE, programs: {} }, 2)
  const ratios: number[] = []
  for (let pair = 0; pair < pairs; pair += 1) {
    // What comes before the first submission is the same for both, and is no grading.
    const before = await grade(desk, none, 1)
    const [one, two] = [await grade(desk, folder, 1), await grade(desk, folder, 2)]
    ratios.push((one.wallMs - before.wallMs) / (two.wallMs - before.wallMs))
  }
  console.log(
    `Grading ${AT_ONCE} submissions with two jobs against one: ${pairs} pairs, ${availableParallelism()} cores`,
  )
  console.log(`  how many times as fast          ${spread(ratios)}   at least 1.7 on two cores`)
}

async function benchMemory(desk: Desk): Promise<void> {
  const few = await grade(desk, writeClass(join(desk.folder, 'few'), ONE, 10), 2)
  const many = await grade(desk, writeClass(join(desk.folder, 'many'), ONE, MANY), 2)
  console.log(`Memory of the grader for ${MANY} submissions against 10`)
  console.log(`  peak memory, ratio              ${(many.peakMiB / few.peakMiB).toFixed(2)}   about 1`)
  console.log(`  peak memory                     ${many.peakMiB.toFixed(0)} MiB, ${few.peakMiB.toFixed(0)} MiB`)
  console.log(
    `  for each further submission     ${((1024 * (many.peakMiB - few.peakMiB)) / (MANY - 10)).toFixed(0)} KiB`,
  )
}

export async function benchGrade(pairs: number): Promise<void> {
  if (whyNotGraded !== null) return console.log(`Grading: skipped, ${whyNotGraded}`)
  const desk = makeDesk()
  await benchOverhead(desk, pairs)
  await benchJobs(desk, Math.ceil(pairs / 2))
  await benchMemory(desk)
  rmSync(desk.folder, { recursive: true })
}
