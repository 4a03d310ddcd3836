/**
 * `npm run bench`: what the harness costs, as ratios measured in one run. Each pair is measured in turn, so that the
 * ratio holds when the machine's speed drifts; the median of the pairs is printed.
 */

import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { spread } from './figures.ts'
import { benchScans } from './scans.ts'

const HERE = import.meta.dirname
const LAB = join(HERE, '../../harness/cli/lab.ts')
const BARE = join(HERE, 'bare.ts')
const PAIRS = Number(process.argv[2] ?? 7)
/** `npm run bench -- 7 scans` measures one part alone. */
const WANTED = process.argv[3]

type Measured = { wallMs: number; firstLineMs: number; peakMiB: number; stdout: string; exitCode: number | null }

async function measure(file: string, args: readonly string[]): Promise<Measured> {
  const since = performance.now()
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', file, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let firstLineMs = Number.NaN
  let stdout = ''
  child.stdout.setEncoding('utf8').on('data', (piece: string) => {
    if (stdout === '') firstLineMs = performance.now() - since
    stdout += piece
  })
  let peakMiB = Number.NaN
  const watch = setInterval(() => (peakMiB = peakOf(child.pid) ?? peakMiB), 20)
  const exitCode = await new Promise<number | null>((resolve) => child.once('close', resolve))
  clearInterval(watch)
  return { wallMs: performance.now() - since, firstLineMs, peakMiB, stdout, exitCode }
}

/** The kernel keeps the largest resident size so far: VmHWM in proc(5). */
function peakOf(pid: number | undefined): number | undefined {
  try {
    const kib = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return kib === undefined ? undefined : Number(kib) / 1024
  } catch {
    return undefined
  }
}

function demand({ exitCode, stdout }: Measured, what: string): void {
  if (exitCode !== 0) throw new Error(`${what} ended with ${exitCode}:\n${stdout}`)
}

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
    const one = await measure(LAB, ['04'])
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
  const traced = await measure(LAB, ['04', '--report', 'json'])
  demand(traced, 'lab 04 as JSON')
  console.log('  where the harness spends it:')
  console.log(timeByStep(traced.stdout).join('\n'))
}

/** All labs side by side against one after the other. */
async function benchAllLabs(): Promise<void> {
  const together: number[] = []
  const sums: number[] = []
  for (let pair = 0; pair < Math.max(3, Math.ceil(PAIRS / 2)); pair++) {
    const sideBySide = await measure(LAB, ['--all'])
    const inTurn = await measure(LAB, ['--all', '--jobs', '1'])
    demand(sideBySide, '--all')
    demand(inTurn, '--all --jobs 1')
    together.push(sideBySide.wallMs / inTurn.wallMs)
    sums.push(inTurn.wallMs)
  }
  console.log(`All labs side by side against one after the other (${spread(sums, 0)} ms)`)
  console.log(`  wall time, ratio                ${spread(together)}   at most 0.65 on two cores`)
}

const PARTS = { lab: benchOneLab, labs: benchAllLabs, scans: () => benchScans(PAIRS) }
for (const [name, measurePart] of Object.entries(PARTS))
  if (WANTED === undefined || WANTED === name) await measurePart()
