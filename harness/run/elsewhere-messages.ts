/** What the harness and its process in a network of its own say to each other. */

import type { Progress } from '../domain/event.ts'
import type { ActEvidence, Step } from '../domain/evidence.ts'
import type { Probed } from '../host/capabilities.ts'
import type { Fault } from './cast.ts'

export type ToElsewhere =
  /** Comes first: the lab is loaded, and the capabilities of that network are probed. */
  | { tell: 'prepare'; folder: string; lab: string; act: string; known: Probed[]; python: string }
  | {
      tell: 'perform'
      runId: string
      fault: Fault
      /** The machine's speed as it is known so far, from which the limits follow. */
      slowestStartMs: number
      full: boolean
      port: number
      notes: string[]
    }
  | { tell: 'stop'; why: string }

export type FromElsewhere =
  /** `skipped`: the capability that is missing there. `problem`: why nothing can be performed. */
  | { say: 'prepared'; skipped: string | null; problem: string | null }
  | { say: 'step'; step: Step }
  | { say: 'progress'; progress: Progress }
  /** `isFree`: the process is in a fresh network by now, and may be told to prepare for another act. Else it ends. */
  | (Outcome & { isFree: boolean })

/** Why an act runs again that may have been met by what an earlier one dropped. */
export const SERVED_BEFORE = 'the process that performed it had performed another act before'

/** What came of an act. */
export type Outcome =
  /** The evidence without its steps, which have been told one by one. */
  | { say: 'performed'; evidence: ActEvidence; slowestStartMs: number }
  /** A client met itself, or a socket was nobody's: the act is to run again. */
  | { say: 'again'; why: string }
