/** What `npm run verify` makes of a run: why surprises may be, what is unsteady, and what differs from another run. */

import type { Comparison } from './comparison.ts'
import type { Standing } from './ledger.ts'

/** What may explain that a check did not get its expected answer. */
export type Cause = {
  kind: 'setting' | 'right' | 'tool' | 'interposed' | 'platform-rule' | 'resource' | 'runtime'
  /** What was found on this machine: "net.ipv6.bindv6only is 1 (0 is usual)". */
  found: string
  /** How that leads to this answer. */
  explains: string
  /** What to do about it; null where nothing is to be done. */
  remedy: string | null
  /** A man page, an RFC, a note of this project; null for what stands in the observation itself. */
  source: string | null
  /** The answer suggests it, and nothing that was found on the machine bears it out: perhaps, not probably. */
  isGuess?: true
}

/** One surprise: a check that failed or was inconclusive. Without causes nothing known explains it. */
export type Diagnosis = {
  lab: string
  check: string
  question: string
  verdict: 'fail' | 'inconclusive'
  /** Null for `inconclusive`. */
  observed: string | null
  expected: string[]
  /** What was seen, or for `inconclusive` the reason. */
  seen: string
  causes: Cause[]
}

/** A check that did not give the same answer in every round. */
export type Unsteady = {
  lab: string
  check: string
  question: string
  /** Outcomes, or the verdict where nothing was observed, each with how often it came. Most frequent first. */
  answers: { answer: string; count: number }[]
}

/** What random sequences of socket calls said of M8. */
export type RandomResult = {
  seed: number
  sequences: number
  /** How many of those steps M8 foretold and the kernel answered. */
  steps: number
  /** The shortest sequence on which M8 and this kernel disagree; null where there is none. */
  disagreement: {
    /**
     * Each step as `npm run try` spells it, with what M8 said and what happened: `listening`, `bound`, `connected`,
     * `closed`, an error's name, or for an arrival the socket that gets it, as `step 2`. Where M8 leaves it open, it is
     * `step 1 or step 2`; where it says nothing, the text is empty.
     */
    story: { step: string; foretold: string; happened: string }[]
    /** The command that does it again: `npm run try -- …`; null where the bench cannot say it. */
    byHand: string | null
  } | null
  durationMs: number
}

export type Verification = {
  /** `2/3`: the second of three parts of all labs. */
  shard: string | null
  diagnoses: Diagnosis[]
  unsteady: Unsteady[]
  /** Against the run that `--baseline` names; this run is the second of its machines. */
  baseline: Comparison | null
  random: RandomResult | null
  /** Why random sequences were asked for and came to no result. */
  randomProblem?: string
  /** Of the documents' claims that these labs ask, how many came to which answer. */
  claims?: Record<Standing, number>
}
