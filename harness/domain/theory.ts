/** What came of the theories M1 to M8: the guesses about how a system keeps its sockets, held against observations. */

import type { Endpoint, Protocol } from './endpoint.ts'
import type { ErrorCode } from './observation.ts'
import type { Asked } from './program-event.ts'

export const THEORY_NAMES = ['M1', 'M2', 'M3', 'M4', 'M5', 'M6', 'M7', 'M8'] as const

export type TheoryName = (typeof THEORY_NAMES)[number]

/** What came, or would come, of a call: `ok`, or the error's name. */
export type CallOutcome = 'ok' | ErrorCode

export type Receiver = { program: string; pid: number }

/** One observation, and what a theory had said of it. */
export type Judgement = {
  act: string
  step: number
} & (
  | { question: 'bind'; asked: Asked; said: CallOutcome; saw: CallOutcome }
  /** `said`: any one of these gets it, nobody where the list is empty. `saw`: who got it; null for nobody. */
  | { question: 'arrival'; protocol: Protocol; to: Endpoint; said: Receiver[]; saw: Receiver | null }
)

export type Refutation = { theory: TheoryName } & Judgement

/** What a lab's observations did to one theory. `judged`: observations of which the theory had said something. */
export type TheoryResult = { theory: TheoryName; judged: number; refutedBy: Refutation[] }

/** A row of the table of theories against labs. */
export type TheoryRow = { lab: string; results: TheoryResult[] }
