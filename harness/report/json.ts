/** The JSON report: one document at the end, described in docs/reports.md. For programs that grade or compare. */

import type { Reporter } from '../domain/event.ts'
import type { Step } from '../domain/evidence.ts'
import type { TheoryResult } from '../domain/theory.ts'
import type { CheckResult } from '../domain/verdict.ts'
import { expectedInWords, observedInWords, seen, typed } from '../words/en.ts'
import { refutationInWords } from '../words/theories.en.ts'
import { toJson } from './plain.ts'
import type { ActRecord, LabRecord, RunRecord } from './record.ts'
import { gather, pointsFor } from './record.ts'

const REPORT_FORMAT = 'socket-labs-report'
/** Raised when a field changes its meaning or goes; a new field does not raise it. */
const REPORT_VERSION = 1

export function createJson(): Reporter {
  return async function* (events) {
    yield toJson(documentOf(await gather(events)), 1) + '\n'
  }
}

function documentOf(run: RunRecord) {
  const {
    host,
    startedAt,
    durationMs,
    replayed,
    interruptedBy,
    complete,
    planned,
    counts,
    labs,
    machine,
    verification,
  } = run
  const points = labs.flatMap(({ checks }) => checks).map(({ verdict }) => pointsFor(verdict))
  return {
    format: REPORT_FORMAT,
    version: REPORT_VERSION,
    startedAt,
    durationMs,
    replayed,
    interruptedBy,
    complete,
    host,
    machine,
    verification,
    planned,
    counts,
    points: points.reduce((sum, one) => sum + one.points, 0),
    maxPoints: points.reduce((sum, one) => sum + one.maxPoints, 0),
    labs: labs.map(labOf),
  }
}

function labOf({ header, counts, durationMs, acts, checks, theories }: LabRecord) {
  const { id, title, summary, round, rounds } = header
  return {
    id,
    title,
    summary,
    round,
    rounds,
    counts,
    durationMs,
    acts: acts.map(actOf),
    checks: checks.map(checkOf),
    theories: theories.map(theoryOf),
  }
}

function actOf({ header, steps, evidence }: ActRecord) {
  const { act, number, title, intro, port, notes } = header
  return {
    act,
    number,
    title,
    intro,
    port,
    notes,
    skipped: evidence?.skipped ?? null,
    problem: evidence === null ? 'the act did not come to its end' : evidence.problem,
    durationMs: evidence?.durationMs ?? null,
    steps: steps.map(stepOf),
  }
}

function theoryOf({ theory, judged, refutedBy }: TheoryResult) {
  return { theory, judged, refutedBy: refutedBy.map((one) => ({ ...one, inWords: refutationInWords(one) })) }
}

function stepOf(step: Step) {
  const { number, atMs, tookMs, kind } = step
  const printed = step.kind === 'list' ? { printed: step.saw.printed } : {}
  return { number, atMs, tookMs, kind, typed: typed(step), seen: seen(step), ...printed }
}

function checkOf(result: CheckResult) {
  const { id, lab, act, question, verdict, expected, observed, why, restsOn, choices } = result
  const { durationMs, file, line, prediction, claims } = result
  return {
    id,
    lab,
    act,
    question,
    verdict,
    expected: expected === null ? null : { ...expected, inWords: expectedInWords(result) },
    observed,
    seen: observed === null ? result.seen : observedInWords(result),
    why,
    evidence: restsOn,
    ...pointsFor(verdict),
    durationMs,
    file,
    line,
    prediction,
    claims,
    choices,
  }
}
