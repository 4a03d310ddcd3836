/** What a report for people ends with: how many labs, what came of their checks, how long it took, and where. */

import type { LabHeader, RunEvent } from '../domain/event.ts'
import { countsInWords, hostInWords } from '../words/en.ts'
import type { Layout } from './layout.ts'

export type RunEnd = Extract<RunEvent, { type: 'run-end' }>

export function countsLine(
  { paint, paragraph }: Layout,
  what: string,
  { counts, durationMs, interruptedBy }: RunEnd,
): string {
  const after = `${(durationMs / 1000).toFixed(1)} s`
  const text =
    interruptedBy === null
      ? `${what}: ${countsInWords(counts)}, in ${after}.`
      : `Interrupted by ${interruptedBy} after ${after}: ${countsInWords(counts)}.`
  return paint('bold', paragraph(text, ''))
}

export function hostLine({ paragraph }: Layout, { host }: RunEnd): string {
  const { ephemeralRange, superuser } = host
  const ports = ephemeralRange === null ? '' : `, client ports ${ephemeralRange.join(' to ')}`
  const user = superuser === null ? '' : superuser ? ', as superuser' : ', as an ordinary user'
  return paragraph(`Seen on ${hostInWords(host)}${ports}${user}.`, '')
}

/** `1 lab`, `5 labs`, or `15 runs of 5 labs`. */
export function labsInWords(labs: readonly LabHeader[]): string {
  const different = new Set(labs.map(({ id }) => id)).size
  const words = `${different} ${different === 1 ? 'lab' : 'labs'}`
  return labs.length > different ? `${labs.length} runs of ${words}` : words
}

/** `04-dual-stack`, or `04-dual-stack (run 2 of 3)`. */
export function labInWords({ id, round, rounds }: LabHeader): string {
  return rounds > 1 ? `${id} (run ${round} of ${rounds})` : id
}
