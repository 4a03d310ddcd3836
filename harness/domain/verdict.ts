/** Verdicts, and the record of one check that every report renders. */

export const VERDICTS = ['pass', 'fail', 'noted', 'skip', 'inconclusive'] as const

export type Verdict = (typeof VERDICTS)[number]

/** A document's claim, and whether the observation bears it out. */
export type ClaimAnswer = { claim: string; document: string; says: string; holds: boolean | null }

export type CheckResult = {
  id: string
  lab: string
  act: string
  question: string
  verdict: Verdict
  /** The expected outcomes with their source; `null` where no source speaks of this system. */
  expected: { outcomes: string[]; source: string } | null
  /** The outcome as observed; `null` where nothing was. */
  observed: string | null
  /** What was seen, or for skip and inconclusive the reason. */
  seen: string
  why: string
  /** The numbers of the steps that the verdict rests on. */
  restsOn: number[]
  claims: ClaimAnswer[]
  /** The outcomes as a quiz offers them. */
  choices: { outcome: string; choice: string }[]
  prediction: Prediction | null
  file: string
  line: number
  durationMs: number
}

/** What a person said beforehand. `becauseMany` is there for a wrong answer that many people give. */
export type Prediction = { outcome: string; right: boolean | null; becauseMany: string | null }

export type Counts = Record<Verdict, number>

export function countVerdicts(results: readonly { verdict: Verdict }[]): Counts {
  const counts: Counts = { pass: 0, fail: 0, noted: 0, skip: 0, inconclusive: 0 }
  for (const { verdict } of results) counts[verdict] += 1
  return counts
}

/** 1 when something failed, 3 when something is inconclusive, else 0. A failure outweighs what could not be observed. */
export function exitCodeFor(counts: Counts): 0 | 1 | 3 {
  if (counts.fail > 0) return 1
  return counts.inconclusive > 0 ? 3 : 0
}
