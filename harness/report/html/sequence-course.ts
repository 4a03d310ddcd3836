/** What of an act is drawn, in order: its steps, those that stand for many, and the ends of processes that no step tells. */

import type { Step } from '../../domain/evidence.ts'
import type { Repeated } from '../fold.ts'
import { foldedSteps } from '../fold.ts'
import type { ActRecord } from '../record.ts'

export type Moment = { step: Step } | { repeated: Repeated } | { leftOut: number } | { exit: number; atMs: number }

/** A drawing of more rows than this is no longer looked at: the first ones and the last ones are drawn. */
const MOST = { first: 40, last: 16 }

export function courseOf({ steps, evidence }: ActRecord): Moment[] {
  const pieces: Moment[] = foldedSteps(steps)
  const drawn = pieces.length > MOST.first + MOST.last + 1 ? shortened(pieces) : pieces
  return withExits(drawn, steps, evidence?.ends ?? [])
}

/** How many steps a moment stands for. */
export function stepsIn(moment: Moment): number {
  if ('step' in moment) return 1
  if ('repeated' in moment) return moment.repeated.of * moment.repeated.times
  return 'leftOut' in moment ? moment.leftOut : 0
}

function shortened(pieces: readonly Moment[]): Moment[] {
  const left = pieces.slice(MOST.first, -MOST.last)
  const leftOut = left.reduce((sum, one) => sum + stepsIn(one), 0)
  return [...pieces.slice(0, MOST.first), { leftOut }, ...pieces.slice(-MOST.last)]
}

/**
 * A process that was refused its socket ends for that reason, a few milliseconds later: its end stands right below.
 * Other ends stand before the step that began next.
 */
function withExits(
  moments: readonly Moment[],
  steps: readonly Step[],
  ends: readonly { pid: number; atMs: number }[],
): Moment[] {
  const told = new Set(steps.flatMap((step) => (isEnd(step) ? [step.pid] : [])))
  const open = ends.filter(({ pid }) => !told.has(pid)).map(({ pid, atMs }) => ({ exit: pid, atMs }))
  const course: Moment[] = []
  for (const moment of moments) {
    if ('step' in moment) {
      const { step } = moment
      course.push(...take(open, ({ atMs }) => atMs <= step.atMs))
      const refused = refusedProcess(step)
      course.push(moment, ...take(open, ({ exit }) => exit === refused))
    } else course.push(moment)
  }
  return [...course, ...open]
}

function take<T>(from: T[], isWanted: (one: T) => boolean): T[] {
  const taken = from.filter(isWanted)
  for (const one of taken) from.splice(from.indexOf(one), 1)
  return taken
}

function isEnd(step: Step): step is Step & { kind: 'ended' | 'stop' | 'kill' } {
  return step.kind === 'ended' || step.kind === 'stop' || step.kind === 'kill'
}

function refusedProcess(step: Step): number | null {
  return (step.kind === 'start' || step.kind === 'proceed') && step.saw.outcome.startsWith('E') ? step.saw.pid : null
}
