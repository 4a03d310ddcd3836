/** What a run tells its reporters, in order. Every text in it is final: a reporter only lays it out. */

import type { ActEvidence, HostFacts, Step } from './evidence.ts'
import type { Machine } from './machine.ts'
import type { TheoryResult, TheoryRow } from './theory.ts'
import type { Verification } from './verification.ts'
import type { CheckResult, Counts } from './verdict.ts'

export type LabHeader = {
  id: string
  title: string
  summary: string
  /** Which run of the lab this is, of how many. */
  round: number
  rounds: number
}

export type ActHeader = {
  lab: string
  act: string
  number: number
  of: number
  title: string
  intro: string
  /** `null` where the act did not get as far as a port. */
  port: number | null
  notes: string[]
  /** `own`: the act runs in a network namespace of its own. */
  network?: 'own'
}

/** How far a long experiment is: for a person who waits, never evidence. */
export type Progress = { done: number; total: number; what: string }

export type RunEvent =
  | { type: 'run-start'; host: HostFacts; startedAt: string; labs: LabHeader[]; checks: number; replayed: boolean }
  | { type: 'lab-start'; lab: LabHeader }
  | { type: 'act-start'; act: ActHeader }
  | { type: 'step'; lab: string; step: Step }
  | { type: 'progress'; lab: string; progress: Progress }
  | { type: 'act-end'; lab: string; evidence: ActEvidence }
  | { type: 'check'; result: CheckResult }
  | {
      type: 'lab-end'
      lab: LabHeader
      counts: Counts
      remember: readonly string[]
      /** What the lab's observations did to each theory. */
      theories: TheoryResult[]
      durationMs: number
    }
  /** The run was told to end: what comes after this only closes what had begun. */
  | { type: 'interrupted'; by: string }
  /** The machine in full, where the run was asked to keep it. It comes after the labs and before `run-end`. */
  | { type: 'machine'; machine: Machine }
  /** What `npm run verify` makes of the run. It comes right before `run-end`. */
  | { type: 'verified'; verification: Verification }
  | {
      type: 'run-end'
      host: HostFacts
      counts: Counts
      /** Theories against labs. */
      theories: TheoryRow[]
      durationMs: number
      interruptedBy: string | null
      /** After an interruption: processes of this run that were seen to run still. Absent where the system does not tell. */
      stillRunning?: number[]
    }

export type Reporter = (events: AsyncIterable<RunEvent>) => AsyncIterable<string>
