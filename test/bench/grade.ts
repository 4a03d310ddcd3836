/**
 * What the grader costs: a submission against a bare script that starts the same programs in the same sandbox, two jobs
 * against one, and its memory for ten submissions and for a thousand: `npm run bench -- 3 grade 3000` takes three.
 */

import { spawn } from 'node:child_process'
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'

import { spread } from './figures.ts'
import { ONE, THREE, writeClass } from './grade-class.ts'
import type { Measured } from './measure.ts'
import { cpuOfChildren, demand, LAUNCHER, measure } from './measure.ts'
import { inOwnNetwork, waysToOwnNetworkAndMounts } from '../../harness/host/own-network.ts'
import type { Desk } from '../grade/class/grader.ts'
import { makeDesk, readBook } from '../grade/class/grader.ts'
import { whyNotGraded } from '../grade/class/misunderstood.ts'

const BARE = join(import.meta.dirname, 'grade-bare.ts')
const RESOLVE = join(import.meta.dirname, '../../harness/command/resolve.cjs')
const AT_ONCE = 10
const MANY = Number(process.argv[4] ?? 1000)

let turn = 0

async function grade(desk: Desk, folder: string, jobs: number, prefix: readonly string[] = []): Promise<Measured> {
  const out = desk.out(`out-${(turn += 1)}`)
  const args = ['grade', folder, '--rubric', desk.rubric, '--out', out, '--jobs', String(jobs)]
  const measured = await measure(LAUNCHER, args, prefix)
  demand(measured, 'the grader')
  const { submissions } = readBook(out)
  const lost = submissions.filter(({ items }) => items.some(({ findings }) => findings.length > 0))
  if (lost.length > 0) throw new Error(`${lost.length} right submissions were not graded as such: ${out}`)
  return measured
}

type Cost = Pick<Measured, 'wallMs' | 'cpuMs'>

/** One after the other, as one job of the grader does. */
async function runBare(folders: readonly string[], found: string): Promise<Cost> {
  const [since, cpuSince] = [performance.now(), cpuOfChildren()]
  for (const folder of folders) {
    const node = [process.execPath, '--disable-warning=ExperimentalWarning', '--require', RESOLVE, BARE, folder, found]
    const [way = []] = waysToOwnNetworkAndMounts()
    const child = spawn(...inOwnNetwork(way, node), { stdio: ['ignore', 'ignore', 'inherit'] })
    const exitCode = await new Promise<number | null>((resolve) => child.once('close', resolve))
    if (exitCode !== 0) throw new Error(`the bare script ended with ${exitCode}`)
  }
  return { wallMs: performance.now() - since, cpuMs: cpuOfChildren() - cpuSince }
}

const FEW = 2
const MORE = 8

/**
 * What further submissions of a class take: a class of eight less a class of two, with one job. So what comes before the
 * first submission is left out, and what one submission's process does ahead for the next one is not.
 */
async function benchOverhead(desk: Desk, pairs: number): Promise<void> {
  const few = writeClass(join(desk.folder, 'few-of-three'), THREE, FEW)
  const more = writeClass(join(desk.folder, 'more-of-three'), THREE, MORE)
  const further = readdirSync(more).slice(FEW)
  const found = desk.out('sandbox.json')
  const graded: Cost[] = []
  const bare: Cost[] = []
  for (let pair = 0; pair <= pairs; pair += 1) {
    const [one, other] = [await grade(desk, few, 1), await grade(desk, more, 1)]
    const alone = await runBare(
      further.map((name) => join(more, name)),
      found,
    )
    if (pair === 0) continue // the first pair warms the caches
    graded.push({ wallMs: other.wallMs - one.wallMs, cpuMs: other.cpuMs - one.cpuMs })
    bare.push(alone)
  }
  const ratios = (of: keyof Cost) => graded.map((one, index) => one[of] / (bare[index]?.[of] ?? Number.NaN))
  const each = (all: readonly Cost[], of: keyof Cost) => all.map((one) => one[of] / (MORE - FEW))
  console.log(
    `Grading a submission (6 programs started in 3 acts) against a bare script: ${pairs} pairs, median (least to most)`,
  )
  console.log(
    '  The bare script is a process in a network of its own as well. It makes the same sandboxes, starts the same',
  )
  console.log('  programs, waits for their sockets, connects, lists with the same tools, and waits for their ends.')
  console.log(`  wall time, ratio                ${spread(ratios('wallMs'))}   at most 1.3`)
  console.log(`  wall time, the grader           ${spread(each(graded, 'wallMs'), 0)} ms`)
  console.log(`  wall time, bare                 ${spread(each(bare, 'wallMs'), 0)} ms`)
  console.log(`  processor time, ratio           ${spread(ratios('cpuMs'))}`)
  console.log(`  processor time, the grader      ${spread(each(graded, 'cpuMs'), 0)} ms`)
  console.log(`  processor time, bare            ${spread(each(bare, 'cpuMs'), 0)} ms`)
}

/** One job alone also uses a second core: for the next submission's process. taskset(1) keeps all of it on one. */
function onOneCore(): string[] {
  const [, core = '0'] = /^Cpus_allowed_list:\s+(\d+)/m.exec(readFileSync('/proc/self/status', 'latin1')) ?? []
  return ['taskset', '--cpu-list', core]
}

type Class = { none: string; folder: string; jobs: number; prefix: readonly string[] }

async function timeFurther(desk: Desk, { none, folder, jobs, prefix }: Class): Promise<number> {
  const before = await grade(desk, none, jobs, prefix)
  return (await grade(desk, folder, jobs, prefix)).wallMs - before.wallMs
}

async function benchJobs(desk: Desk, pairs: number): Promise<void> {
  const folder = writeClass(join(desk.folder, 'jobs'), THREE, AT_ONCE)
  const none = writeClass(join(desk.folder, 'none'), { ...ONE, programs: {} }, 2)
  const ratios: number[] = []
  for (let pair = 0; pair < pairs; pair += 1) {
    // What comes before the first submission is no grading.
    const one = await timeFurther(desk, { none, folder, jobs: 1, prefix: onOneCore() })
    ratios.push(one / (await timeFurther(desk, { none, folder, jobs: 2, prefix: [] })))
  }
  console.log(
    `Grading ${AT_ONCE} submissions with two jobs against one on one core: ${pairs} pairs, ${availableParallelism()} cores`,
  )
  console.log(`  how many times as fast          ${spread(ratios)}   at least 1.7 on two cores`)
}

/** Predictions alone: each is read, graded, kept and told as any other one, and nothing is started for it. */
async function benchMemory(desk: Desk): Promise<void> {
  const none = { ...ONE, programs: {} }
  const few = await grade(desk, writeClass(join(desk.folder, 'few'), none, AT_ONCE), 2)
  const many = await grade(desk, writeClass(join(desk.folder, 'many'), none, MANY), 2)
  console.log(`Memory of the grader for ${MANY} submissions against ${AT_ONCE}`)
  console.log(`  peak memory, ratio              ${(many.peakMiB / few.peakMiB).toFixed(2)}   flat but for garbage`)
  console.log(`  peak memory                     ${many.peakMiB.toFixed(0)} MiB, ${few.peakMiB.toFixed(0)} MiB`)
}

export async function benchGrade(pairs: number): Promise<void> {
  if (whyNotGraded !== null) return console.log(`Grading: skipped, ${whyNotGraded}`)
  const desk = makeDesk()
  await benchOverhead(desk, pairs)
  await benchJobs(desk, Math.ceil(pairs / 2))
  await benchMemory(desk)
  rmSync(desk.folder, { recursive: true })
}
