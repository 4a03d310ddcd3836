/** Several saved runs side by side: whose answers differ, and what differs between the machines. */

import type { HostFacts } from './evidence.ts'
import type { Machine } from './machine.ts'
import type { Verdict } from './verdict.ts'

export type ComparedRun = {
  /** Short and different from the others: the file's name, or what a person said. */
  label: string
  startedAt: string
  host: HostFacts
  machine: Machine | null
}

/** What one run says of one check. */
export type ComparedAnswer = {
  verdict: Verdict
  /** The outcomes seen, most frequent first: several where the check was unsteady, none where nothing was observed. */
  observed: string[]
  /** What was seen, or why nothing was. */
  seen: string
}

/**
 * `differs`: observed by two runs at least, and not alike. `not-everywhere`: where it was observed, alike, but one run at
 * least did not observe it. `unobserved`: nowhere.
 */
export type Likeness = 'same' | 'differs' | 'not-everywhere' | 'unobserved'

export type ComparedCheck = {
  lab: string
  act: string
  check: string
  question: string
  likeness: Likeness
  /** One for each run, in their order; null where the run does not have this check at all. */
  answers: (ComparedAnswer | null)[]
}

/** A fact about the machines, in the words of a report: `net.ipv6.bindv6only`, `kernel`, `lsof`. */
export type ComparedFact = { name: string; differs: boolean; values: (string | null)[] }

export type Comparison = {
  runs: ComparedRun[]
  /** In the order of the labs. */
  checks: ComparedCheck[]
  facts: ComparedFact[]
}

/** `compared`: observed by two runs at least. `open`: not observed by every run. */
export function countCompared(checks: readonly ComparedCheck[]): { compared: number; differing: number; open: number } {
  const observers = ({ answers }: ComparedCheck) => answers.filter(isObserved).length
  return {
    compared: checks.filter((check) => observers(check) > 1).length,
    differing: checks.filter(({ likeness }) => likeness === 'differs').length,
    open: checks.filter((check) => observers(check) < check.answers.length).length,
  }
}

export function isObserved(
  answer: ComparedAnswer | null,
): answer is ComparedAnswer & { observed: [string, ...string[]] } {
  return answer !== null && answer.observed.length > 0
}

/** 1 where answers differ, 0 where they do not, and 3 where no two runs observed the same check: that is no likeness. */
export function exitCodeForComparison({ checks }: Comparison): 0 | 1 | 3 {
  const { compared, differing } = countCompared(checks)
  if (differing > 0) return 1
  return compared === 0 ? 3 : 0
}
