/** Turns what a lab did into events; the same for a run and for its replay. */

import type { ActHeader, LabHeader, RunEvent } from '../domain/event.ts'
import type { ActEvidence, HostFacts } from '../domain/evidence.ts'
import type { LoadedLab } from '../domain/loaded-lab.ts'
import type { TheoryResult } from '../domain/theory.ts'
import type { CheckResult, Prediction } from '../domain/verdict.ts'
import { countVerdicts } from '../domain/verdict.ts'
import { answerAct } from './answer.ts'

/** Asks a person what they expect of an act: for each check id an outcome, or nothing where they skipped it. */
export type Predict = (loaded: LoadedLab, act: string) => Promise<Record<string, string>>

type Emit = (event: RunEvent) => void

export function startAct(
  { id, lab, narration }: LoadedLab,
  act: string,
  port: number | null,
  notes: string[],
  network?: 'own',
): ActHeader {
  const names = Object.keys(lab.acts)
  const text = narration.acts[act]
  return {
    lab: id,
    act,
    number: names.indexOf(act) + 1,
    of: names.length,
    title: text?.title ?? act,
    intro: text?.intro ?? '',
    port,
    notes,
    ...(network && { network }),
  }
}

export function tellAct(
  loaded: LoadedLab,
  evidence: ActEvidence,
  host: Pick<HostFacts, 'os'>,
  predictions: Record<string, string>,
  emit: Emit,
): CheckResult[] {
  emit({ type: 'act-end', lab: loaded.id, evidence })
  const results = answerAct(loaded, evidence, host).map((result) => ({
    ...result,
    prediction: compare(loaded, result, predictions[result.id]),
  }))
  for (const result of results) emit({ type: 'check', result })
  return results
}

function compare(
  loaded: LoadedLab,
  { id, act, observed }: CheckResult,
  outcome: string | undefined,
): Prediction | null {
  if (outcome === undefined) return null
  const right = observed === null ? null : observed === outcome
  const becauseMany = loaded.narration.acts[act]?.checks[id]?.outcomes[outcome]?.expectedBecause ?? null
  return { outcome, right, becauseMany: right === false ? becauseMany : null }
}

export function tellLabEnd(
  { narration }: LoadedLab,
  lab: LabHeader,
  results: readonly CheckResult[],
  theories: TheoryResult[],
  durationMs: number,
  emit: Emit,
): void {
  emit({ type: 'lab-end', lab, counts: countVerdicts(results), remember: narration.remember, theories, durationMs })
}

export function headersFor(labs: readonly LoadedLab[], rounds: number): LabHeader[] {
  return labs.flatMap(({ id, narration: { title, summary } }) =>
    Array.from({ length: rounds }, (_, index) => ({ id, title, summary, round: index + 1, rounds })),
  )
}

export function countChecks(labs: readonly LoadedLab[]): number {
  return labs.flatMap(({ lab }) => Object.values(lab.acts)).flatMap(({ checks }) => Object.keys(checks)).length
}
