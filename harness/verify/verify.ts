/** Says what a run comes to: judged by a baseline where there is one, with its surprises, and what may explain them. */

import type { RunEvent } from '../domain/event.ts'
import { Inconclusive } from '../domain/inconclusive.ts'
import type { Claim } from '../domain/ledger.ts'
import { countStandings, ledgerOf } from '../domain/ledger.ts'
import type { LoadedLab } from '../domain/loaded-lab.ts'
import type { Diagnosis, RandomResult, Verification } from '../domain/verification.ts'
import type { CheckResult } from '../domain/verdict.ts'
import { countVerdicts } from '../domain/verdict.ts'
import type { Baseline } from './baseline.ts'
import { asJudged, judgedBy, ofLabs } from './baseline.ts'
import { compareRuns } from './compare.ts'
import { diagnose } from './diagnose.ts'
import { Gathered } from './gathered.ts'
import { findUnsteady } from './unsteady.ts'

export type VerifyOptions = {
  /** The labs of this run. */
  loaded: readonly LoadedLab[]
  /** Every lab that there is, for the claims that more than one of them asks. */
  everyLab: readonly LoadedLab[]
  claims: Readonly<Record<string, Claim>>
  shard: string | null
  baseline: Baseline | null
  /** Tries random sequences, when the labs are done. */
  foretell: (() => Promise<RandomResult>) | null
}

/** Passes the events of a run on, and adds `verified` before its end. Returns what the run returns. */
export async function* verify<R>(
  events: AsyncGenerator<RunEvent, R>,
  options: VerifyOptions,
): AsyncGenerator<RunEvent, R> {
  const gathered = new Gathered()
  const judge = options.baseline ? judgedBy(options.baseline) : (result: CheckResult) => result
  let ofLab: CheckResult[] = []
  try {
    for (;;) {
      const { value, done } = await events.next()
      if (done) return value
      const event = value.type === 'check' ? { ...value, result: judge(value.result) } : value
      gathered.hear(event)
      if (event.type === 'lab-start') ofLab = []
      if (event.type === 'check') ofLab.push(event.result)
      if (event.type === 'lab-end') yield { ...event, counts: countVerdicts(ofLab) }
      else if (event.type === 'run-end') {
        yield { type: 'verified', verification: await verificationOf(gathered, options) }
        yield { ...event, counts: countVerdicts(gathered.results) }
      } else yield event
    }
  } finally {
    // A reader may go away: then the run stops, and its programs end with it.
    await events.return(undefined as R)
  }
}

async function verificationOf(gathered: Gathered, options: VerifyOptions): Promise<Verification> {
  const { loaded, everyLab, claims, shard, foretell } = options
  const { isInterrupted, results } = gathered
  return {
    shard,
    diagnoses: isInterrupted ? [] : diagnosesOf(gathered, loaded),
    unsteady: findUnsteady(gathered.answers),
    baseline: comparisonWith(gathered, options),
    random: null,
    ...(foretell && !isInterrupted && (await tried(foretell))),
    claims: countStandings(ledgerOf(asked(claims, loaded), everyLab, results)),
  }
}

/** A file that does not know its machine has nothing in which a cause could be found. */
function diagnosesOf({ machine, results, labs }: Gathered, loaded: readonly LoadedLab[]): Diagnosis[] {
  return machine === null ? [] : diagnose({ results, labs, machine, loaded })
}

function comparisonWith(gathered: Gathered, { baseline, loaded }: VerifyOptions): Verification['baseline'] {
  const saved = gathered.asSaved()
  if (!baseline || !saved) return null
  const ids = loaded.map(({ id }) => id)
  const comparison = compareRuns([
    { label: baseline.label, saved: ofLabs(baseline.saved, ids) },
    { label: 'this run', saved },
  ])
  return { ...comparison, checks: comparison.checks.map(asJudged) }
}

/** Sequences that could not be tried take nothing from what the labs saw. */
async function tried(foretell: () => Promise<RandomResult>): Promise<Pick<Verification, 'random' | 'randomProblem'>> {
  try {
    return { random: await foretell() }
  } catch (error) {
    return { random: null, randomProblem: error instanceof Inconclusive ? error.message : String(error) }
  }
}

/** The claims that some check of these labs asks. */
function asked(claims: Readonly<Record<string, Claim>>, loaded: readonly LoadedLab[]): Record<string, Claim> {
  const checks = loaded.flatMap(({ lab }) => Object.values(lab.acts)).flatMap((act) => Object.values(act.checks))
  const ids = new Set(checks.flatMap((check) => Object.keys(check.claims ?? {})))
  return Object.fromEntries(Object.entries(claims).filter(([id]) => ids.has(id)))
}
