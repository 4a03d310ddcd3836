/**
 * `npm run bench`: what the harness costs, as ratios measured in one run. Each pair is measured in turn, so that the
 * ratio holds when the machine's speed drifts; the median of the pairs is printed.
 */

import { join } from 'node:path'

import { benchConnections } from './connections.ts'
import { spread } from './figures.ts'
import { benchGrade } from './grade.ts'
import type { Measured } from './measure.ts'
import { demand, LAUNCHER, measure } from './measure.ts'
import { benchPorts } from './ports.ts'
import { benchScans } from './scans.ts'

const BARE = join(import.meta.dirname, 'bare.ts')
const PAIRS = Number(process.argv[2] ?? 7)
const USAGE = `bench: npm run bench -- PAIRS PART, with 1 to 99 pairs and the part lab, labs, scans, connections, ports or grade; all parts and 7 pairs without`
if (!/^[1-9]\d?$/.test(process.argv[2] ?? '7')) {
  console.error(USAGE)
  process.exit(2)
}
/** `npm run bench -- 7 scans` measures one part alone: lab, labs, scans, connections, ports or grade. */
const WANTED = process.argv[3]

/** Where a lab's time goes, from its own steps: evidence carries the milliseconds that each took. */
function timeByStep(stdout: string): string[] {
  type Report = {
    durationMs: number
    labs: { acts: { durationMs: number; steps: { kind: string; tookMs: number }[] }[] }[]
  }
  const { labs, durationMs } = JSON.parse(stdout) as Report
  const acts = labs.flatMap((lab) => lab.acts)
  const sums = new Map<string, { times: number; ms: number }>()
  for (const { kind, tookMs } of acts.flatMap(({ steps }) => steps)) {
    const sum = sums.get(kind) ?? { times: 0, ms: 0 }
    sums.set(kind, { times: sum.times + 1, ms: sum.ms + tookMs })
  }
  const inSteps = [...sums.values()].reduce((total, { ms }) => total + ms, 0)
  const lines = [...sums].map(
    ([kind, { times, ms }]) => `    ${kind.padEnd(8)} ${String(ms).padStart(5)} ms in ${times} steps`,
  )
  return [
    ...lines,
    `    ${'between'.padEnd(8)} ${String(durationMs - inSteps).padStart(5)} ms: ports, probes, ends of programs, telling`,
  ]
}

/** One lab against a bare script. */
async function benchOneLab(): Promise<void> {
  const ratios: number[] = []
  const harness: Measured[] = []
  const bare: Measured[] = []
  for (let pair = 0; pair <= PAIRS; pair++) {
    const one = await measure(LAUNCHER, ['lab', '04'])
    const other = await measure(BARE, ['8090'])
    demand(one, 'lab 04')
    demand(other, 'the bare script')
    if (pair === 0) continue // the first pair warms the caches
    harness.push(one)
    bare.push(other)
    ratios.push(one.wallMs / other.wallMs)
  }
  console.log(`One lab (04) against a bare script that does the same: ${PAIRS} pairs, median (least to most)`)
  console.log(`  wall time, ratio                ${spread(ratios)}   at most 1.5`)
  console.log(
    `  wall time, harness              ${spread(
      harness.map(({ wallMs }) => wallMs),
      0,
    )} ms`,
  )
  console.log(
    `  wall time, bare                 ${spread(
      bare.map(({ wallMs }) => wallMs),
      0,
    )} ms`,
  )
  console.log(
    `  start to first narrated line    ${spread(
      harness.map(({ firstLineMs }) => firstLineMs),
      0,
    )} ms`,
  )
  console.log(
    `  peak memory of the harness      ${spread(
      harness.map(({ peakMiB }) => peakMiB),
      0,
    )} MiB`,
  )
  const traced = await measure(LAUNCHER, ['lab', '04', '--report', 'json'])
  demand(traced, 'lab 04 as JSON')
  console.log('  where the harness spends it:')
  console.log(timeByStep(traced.stdout).join('\n'))
}

/** All labs side by side against one after the other. */
async function benchAllLabs(): Promise<void> {
  const ratios: number[] = []
  const together: number[] = []
  const sums: number[] = []
  for (let pair = 0; pair < Math.max(3, Math.ceil(PAIRS / 2)); pair++) {
    const sideBySide = await measure(LAUNCHER, ['lab', '--all'])
    const inTurn = await measure(LAUNCHER, ['lab', '--all', '--jobs', '1'])
    demand(sideBySide, '--all')
    demand(inTurn, '--all --jobs 1')
    ratios.push(sideBySide.wallMs / inTurn.wallMs)
    together.push(sideBySide.wallMs)
    sums.push(inTurn.wallMs)
  }
  console.log(`All labs side by side against one after the other: ${ratios.length} pairs, median (least to most)`)
  console.log(`  wall time, ratio                ${spread(ratios)}   at most 0.65 on two cores`)
  console.log(`  wall time, side by side         ${spread(together, 0)} ms   at most 12000 on two cores`)
  console.log(`  wall time, one after the other  ${spread(sums, 0)} ms`)
}

const PARTS = {
  lab: benchOneLab,
  labs: benchAllLabs,
  scans: () => benchScans(PAIRS),
  connections: benchConnections,
  ports: () => benchPorts(PAIRS),
  grade: () => benchGrade(PAIRS),
}
if (WANTED !== undefined && !(WANTED in PARTS)) {
  console.error(USAGE)
  process.exit(2)
}
for (const [name, measurePart] of Object.entries(PARTS))
  if (WANTED === undefined || WANTED === name) await measurePart()
