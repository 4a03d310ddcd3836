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
