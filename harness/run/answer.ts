/** Reads the answers off the evidence: pure, so that a saved run is answered exactly like a fresh one. */

import type { ActEvidence, HostFacts } from '../domain/evidence.ts'
import type { AnyCheck, Expectation } from '../domain/lab.ts'
import type { OutcomeText, Text } from '../domain/narration.ts'
import type { CheckResult, ClaimAnswer, Verdict } from '../domain/verdict.ts'
import type { LoadedLab } from '../domain/loaded-lab.ts'
import { doubtAbout, doubtAboutRight } from './doubt.ts'
import { tracked } from './tracked.ts'

type Reading = { verdict: Verdict; observed: string | null; seen: string; why: string; restsOn: number[] }

/** One result per declared check, whatever happened. */
export function answerAct(loaded: LoadedLab, evidence: ActEvidence, host: Pick<HostFacts, 'os'>): CheckResult[] {
  const checks: Record<string, AnyCheck> = loaded.lab.acts[evidence.act]?.checks ?? {}
  const read = Object.entries(checks).map(([id, check]) => {
    const text = loaded.narration.acts[evidence.act]?.checks[id]
    const expected = expectationFor(check, host.os)
    return { id, check, text, expected, reading: readAnswer(check, evidence, expected, text?.outcomes ?? {}) }
  })
  const asExpected = read.flatMap(({ reading }) => (AS_EXPECTED.includes(reading.verdict) ? reading.restsOn : []))
  const doubt = doubtAboutRight(evidence, asExpected)
  return read.map(({ id, check, text, expected, reading: plain }) => {
    const reading = doubt !== null && plain.verdict === 'pass' ? unread(doubt, plain.restsOn) : plain
    return {
      id,
      lab: loaded.id,
      act: evidence.act,
      question: text?.question ?? id,
      expected: expected && { outcomes: [expected.outcome].flat(), source: expected.source },
      ...reading,
      claims: answerClaims(check, isShown(check, evidence, reading.restsOn) ? reading.observed : null, loaded.claims),
      choices: check.outcomes.map((outcome) => ({ outcome, choice: text?.outcomes[outcome]?.choice ?? outcome })),
      prediction: null,
      file: loaded.file,
      line: loaded.lines[id] ?? 1,
      durationMs: evidence.durationMs,
    }
  })
}

const AS_EXPECTED: readonly Verdict[] = ['pass', 'noted']

/** Nothing was observed, for this reason. */
function unread(seen: string, restsOn: number[]): Reading {
  return { verdict: 'inconclusive', observed: null, seen, why: '', restsOn }
}

/** The system's own entry; else `posix` for every system but Windows; else none. */
export function expectationFor(check: AnyCheck, os: string): Expectation<string> | null {
  const own = check.expect[os as keyof typeof check.expect]
  return own ?? (os === 'win32' ? null : (check.expect.posix ?? null))
}

function readAnswer(
  check: AnyCheck,
  evidence: ActEvidence,
  expected: Expectation<string> | null,
  texts: Record<string, OutcomeText<unknown>>,
): Reading {
  const nothing = { observed: null, why: '', restsOn: [] }
  if (evidence.skipped !== null) return { ...nothing, verdict: 'skip', seen: evidence.skipped }
  if (evidence.problem !== null) return { ...nothing, verdict: 'inconclusive', seen: evidence.problem }
  for (const capability of check.requires ?? []) {
    const why = evidence.lacking?.[capability]
    if (why !== undefined) return { ...nothing, verdict: 'skip', seen: `${capability}: ${why}` }
  }
  try {
    const { value, keys } = tracked(evidence.evidence)
    const outcome = check.outcome(value)
    const restsOn = [...new Set([...keys].flatMap((key) => evidence.sources[key] ?? []))].sort((a, b) => a - b)
    const doubt = doubtAbout(evidence, restsOn)
    if (doubt !== null) return unread(doubt, restsOn)
    const listed = check.outcomes.includes(outcome)
    const verdict = !expected ? 'noted' : listed && [expected.outcome].flat().includes(outcome) ? 'pass' : 'fail'
    const text = listed ? texts[outcome] : undefined
    return {
      verdict,
      observed: outcome,
      seen: text ? write(text.seen, evidence.evidence) : '',
      why: text ? write(text.why, evidence.evidence) : '',
      restsOn,
    }
  } catch (error) {
    return { ...nothing, verdict: 'inconclusive', seen: `the evidence could not be read: ${String(error)}` }
  }
}

function write(text: Text<never>, evidence: unknown): string {
  return typeof text === 'function' ? text(evidence as never) : text
}

/** Whether the listings that the verdict rests on were made by the tool of which the claims speak. */
function isShown({ shownBy }: AnyCheck, { steps }: ActEvidence, restsOn: readonly number[]): boolean {
  if (shownBy === undefined) return true
  return steps.every((step) => step.kind !== 'list' || !restsOn.includes(step.number) || step.saw.source === shownBy)
}

function answerClaims(check: AnyCheck, observed: string | null, claims: LoadedLab['claims']): ClaimAnswer[] {
  return Object.entries(check.claims ?? {}).map(([claim, holdsUnder]) => ({
    claim,
    document: claims[claim]?.document ?? 'unknown',
    says: claims[claim]?.says ?? '',
    // An outcome that nobody listed was not thought of: it neither bears a claim out nor refutes it.
    holds: observed === null || !check.outcomes.includes(observed) ? null : [holdsUnder].flat().includes(observed),
  }))
}
