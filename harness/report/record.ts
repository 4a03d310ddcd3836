/** Gathers the events of a run into one record, for the formats that are written when all is over. */

import type { ActHeader, LabHeader, RunEvent } from '../domain/event.ts'
import type { ActEvidence, HostFacts, Step } from '../domain/evidence.ts'
import type { Machine } from '../domain/machine.ts'
import type { TheoryResult, TheoryRow } from '../domain/theory.ts'
import type { Verification } from '../domain/verification.ts'
import type { CheckResult, Counts, Verdict } from '../domain/verdict.ts'
import { countVerdicts } from '../domain/verdict.ts'

/** `evidence` is null for an act that did not come to its end. */
export type ActRecord = { header: ActHeader; steps: Step[]; evidence: ActEvidence | null }

export type LabRecord = {
  header: LabHeader
  acts: ActRecord[]
  checks: CheckResult[]
  counts: Counts
  theories: TheoryResult[]
  /** What to remember of it; empty where it did not come to its end. */
  remember: readonly string[]
  durationMs: number
}

export type RunRecord = {
  host: HostFacts | null
  /** Null where the run does not keep it. */
  machine: Machine | null
  /** Null but for `npm run verify`. */
  verification: Verification | null
  startedAt: string
  replayed: boolean
  /** How many checks the run set out to answer. */
  planned: number
  labs: LabRecord[]
  /** Theories against labs; empty where the run did not come to its end. */
  theories: TheoryRow[]
  counts: Counts
  durationMs: number
  interruptedBy: string | null
  /** Whether the run came to its end and every check has an answer. */
  complete: boolean
}

export async function gather(events: AsyncIterable<RunEvent>): Promise<RunRecord> {
  const run: RunRecord = {
    host: null,
    machine: null,
    verification: null,
    startedAt: '',
    replayed: false,
    planned: 0,
    labs: [],
    theories: [],
    counts: countVerdicts([]),
    durationMs: 0,
    interruptedBy: null,
    complete: false,
  }
  let ended = false
  for await (const event of events) {
    if (event.type === 'run-start') {
      const { host, startedAt, replayed, checks } = event
      Object.assign(run, { host, startedAt, replayed, planned: checks })
    } else if (event.type === 'lab-start') {
      run.labs.push({
        header: event.lab,
        acts: [],
        checks: [],
        counts: countVerdicts([]),
        theories: [],
        remember: [],
        durationMs: 0,
      })
    } else if (event.type === 'machine') run.machine = event.machine
    else if (event.type === 'verified') run.verification = event.verification
    else if (event.type === 'run-end') {
      run.theories = event.theories
      run.durationMs = event.durationMs
      run.interruptedBy = event.interruptedBy
      ended = true
    } else {
      const lab = run.labs.at(-1)
      if (lab) addToLab(lab, event)
    }
  }
  for (const lab of run.labs) lab.counts = countVerdicts(lab.checks)
  const checks = run.labs.flatMap((lab) => lab.checks)
  run.counts = countVerdicts(checks)
  run.complete = ended && checks.length >= run.planned
  return run
}

function addToLab(
  lab: LabRecord,
  event: Exclude<RunEvent, { type: 'run-start' | 'lab-start' | 'machine' | 'verified' | 'run-end' }>,
): void {
  const act = lab.acts.at(-1)
  if (event.type === 'act-start') {
    // An act that met a stranger on its port runs again: only the last time counts.
    if (act?.header.act === event.act.act) lab.acts.pop()
    lab.acts.push({ header: event.act, steps: [], evidence: null })
  } else if (event.type === 'step') act?.steps.push(event.step)
  else if (event.type === 'act-end' && act) act.evidence = event.evidence
  else if (event.type === 'check') lab.checks.push(event.result)
  else if (event.type === 'lab-end') {
    const { theories, remember, durationMs } = event
    Object.assign(lab, { theories, remember, durationMs })
  }
}

/** One point for each check that could be judged here; none to be had where nothing was observed or nothing is expected. */
export function pointsFor(verdict: Verdict): { points: 0 | 1; maxPoints: 0 | 1 } {
  const judged = verdict === 'pass' || verdict === 'fail'
  return { points: verdict === 'pass' ? 1 : 0, maxPoints: judged ? 1 : 0 }
}
