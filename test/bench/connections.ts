/**
 * The long form of lab 14: what each further step of about 10,000 connections takes, in time and in the programs'
 * memory. Both should grow in proportion: the last step costs what the first one did.
 */

import { noNamespace } from '../namespace.ts'
import type { RunEvent } from '../../harness/domain/event.ts'
import { demand, LAUNCHER, measure } from './measure.ts'

type Said = { value: { connections: number; rss: number } }
type Round = { opened: Said[]; kept: Said[]; tookMs: number }

export async function benchConnections(): Promise<void> {
  if (noNamespace !== null) return console.log(`More than 65,535 connections: skipped, ${noNamespace}`)
  const run = await measure(LAUNCHER, ['lab', '14', '--full', '--report', 'ndjson'])
  demand(run, 'lab 14 --full')
  const events = run.stdout.trimEnd().split('\n')
  const ends = events.map((line) => JSON.parse(line) as RunEvent).filter((event) => event.type === 'act-end')
  const { rounds = [] } = (ends[0]?.evidence.evidence ?? {}) as unknown as { rounds?: Round[] }
  const steps = rounds.map(({ opened, kept, tookMs }) => ({
    connections: sum(opened, ({ value }) => value.connections),
    mb: sum([...opened, ...kept], ({ value }) => value.rss) / 1e6,
    tookMs,
  }))
  // What a step adds is told from the second one on: before the first one the programs have other memory of their own.
  const growth = steps.slice(1).map(({ connections, mb, tookMs }, index) => {
    const tens = (connections - (steps[index]?.connections ?? 0)) / 10_000
    return { ms: tookMs / tens, mb: (mb - (steps[index]?.mb ?? 0)) / tens }
  })
  const [first, last] = [growth[0], growth.at(-1)]
  if (!first || !last) throw new Error(`lab 14 --full made ${steps.length} steps`)
  console.log(`${steps.at(-1)?.connections} connections to one port (lab 14 --full)`)
  console.log(`  wall time of the lab            ${run.wallMs.toFixed(0)} ms`)
  console.log(`  time for each further 10,000    ${growth.map(({ ms }) => ms.toFixed(0)).join(', ')} ms`)
  console.log(`  memory for each further 10,000  ${growth.map(({ mb }) => mb.toFixed(1)).join(', ')} MB`)
  console.log(`  last step against the second    ${(last.ms / first.ms).toFixed(2)} in time   about 1`)
  console.log(`                                  ${(last.mb / first.mb).toFixed(2)} in memory   about 1`)
}

function sum<T>(values: readonly T[], of: (value: T) => number): number {
  return values.reduce((total, value) => total + of(value), 0)
}
