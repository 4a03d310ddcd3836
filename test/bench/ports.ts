/**
 * `npm run ports` against ss: the whole process against `ss -ltunp` and the start of Node, in turn. And how long each
 * form of a listing with 100,000 rows takes to be read, with what a row holds in memory.
 */

import { spawn } from 'node:child_process'
import { join } from 'node:path'

import { spread } from './figures.ts'
import { demand, LAUNCHER, measure } from './measure.ts'
import { FORMS } from './ports-forms.ts'

const READ = join(import.meta.dirname, 'ports-read.ts')
const ROWS = 100_000
/**
 * More for a listing of so many rows, or so much more memory for a row than in one of a tenth, and the bench
 * fails. A table of V8 doubles when it is full.
 */
const [MOST_MS, MOST_GROWTH] = [2000, 1.5]

/** How long a command takes; null where it is not there. */
async function timed(command: readonly string[]): Promise<number | null> {
  const since = performance.now()
  const [file = '', ...args] = command
  const child = spawn(file, args, { stdio: 'ignore', env: { ...process.env, npm_lifecycle_event: undefined } })
  const exitCode = await new Promise<number | null>((resolve) => {
    child.once('error', () => resolve(null))
    child.once('close', resolve)
  })
  return exitCode === 0 ? performance.now() - since : null
}

async function benchLook(pairs: number): Promise<void> {
  const ours = [process.execPath, LAUNCHER, 'ports']
  const ss = ['ss', '-ltunp']
  const node = [process.execPath, '-e', '0']
  const wall = { ours: [] as number[], ss: [] as number[], node: [] as number[] }
  for (let pair = 0; pair <= pairs; pair++) {
    const times = { ours: await timed(ours), ss: await timed(ss), node: await timed(node) }
    const { ours: one, ss: two, node: three } = times
    if (one === null) throw new Error(`${ours.join(' ')} failed`)
    if (two === null || three === null) return console.log('Listing this machine against ss: skipped, there is no ss')
    if (pair === 0) continue // the first pair warms the caches
    wall.ours.push(one)
    wall.ss.push(two)
    wall.node.push(three)
  }
  const ratios = wall.ours.map((ms, index) => ms / ((wall.ss[index] ?? 0) + (wall.node[index] ?? 0)))
  console.log(`Listing this machine against "ss -ltunp" and "node -e 0": ${pairs} pairs, median (least to most)`)
  console.log(`  wall time, ratio                ${spread(ratios)}   1 is no slower than both`)
  console.log(`  wall time, npm run ports        ${spread(wall.ours, 0)} ms`)
  console.log(`  wall time, ss                   ${spread(wall.ss, 0)} ms`)
  console.log(`  wall time, node                 ${spread(wall.node, 0)} ms`)
}

type Read = { form: string; listings: number; read: number; lost: number; ms: number; bytesPerRow: number }

async function readForm(form: string, rows: number): Promise<Read> {
  const run = await measure(READ, [form, String(rows)])
  demand(run, `reading ${form}`)
  const found = JSON.parse(run.stdout) as Read
  // What is not read is quick for nothing.
  if (found.listings !== 1 || found.read !== rows || found.lost > 0) throw new Error(`${form}: ${run.stdout}`)
  return found
}

async function benchReaders(): Promise<void> {
  console.log(`Reading a listing of ${ROWS} rows: milliseconds (at most ${MOST_MS}), and bytes held for each row`)
  console.log(`  beside those where there are a tenth as many (at most ${MOST_GROWTH} times as many)`)
  for (const form of Object.keys(FORMS)) {
    const [few, many] = [await readForm(form, ROWS / 10), await readForm(form, ROWS)]
    const [before, bytes] = [few, many].map(({ bytesPerRow }) => bytesPerRow.toFixed(0).padStart(5))
    console.log(`  ${form.padEnd(31)} ${many.ms.toFixed(0).padStart(5)} ms   ${bytes} bytes   ${before}`)
    if (many.ms > MOST_MS) throw new Error(`${form}: ${ROWS} rows took longer than ${MOST_MS} ms`)
    if (many.bytesPerRow > MOST_GROWTH * few.bytesPerRow) throw new Error(`${form}: the memory for a row grows`)
  }
}

export async function benchPorts(pairs: number): Promise<void> {
  await benchLook(pairs)
  await benchReaders()
}
