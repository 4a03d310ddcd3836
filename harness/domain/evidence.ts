/** What a run leaves behind: steps and evidence as plain JSON, from which every answer can be derived again. */

import type { Json } from './json.ts'
import type { Finding } from './role.ts'
import type { Machine } from './machine.ts'
import type { Endpoint, Protocol } from './endpoint.ts'
import type {
  Connected,
  Ended,
  Listed,
  Paused,
  Ran,
  Recorded,
  Said,
  Scanned,
  Sent,
  Started,
  Tally,
} from './observation.ts'
import type { Verdict } from './verdict.ts'

/** One step of an experiment: what was done, as data from which a command line is written, and what was seen. */
export type Step = { number: number; atMs: number; tookMs: number } & StepKind

export type StepKind =
  | { kind: 'start'; program: string; args: string[]; asAnotherUser: boolean; onNeighbour?: boolean; saw: Started }
  | { kind: 'connect'; address: string; port: number; from?: Partial<Endpoint>; saw: Connected }
  | { kind: 'connect-many'; address: string; port: number; count: number; saw: Tally }
  | { kind: 'send'; address: string; port: number; text: string; from?: Partial<Endpoint>; saw: Sent }
  | { kind: 'list'; port: number | 'all'; saw: Listed }
  /** `line` is what was typed into it, absent where that was Enter alone. */
  | { kind: 'proceed'; program: string; pid: number; line?: string; saw: Started }
  | { kind: 'ended' | 'stop' | 'kill'; program: string; pid: number; saw: Ended }
  | { kind: 'pause' | 'resume'; program: string; pid: number; saw: Paused }
  /** A program told something; `line` is what was typed into it, null where it was only waited for. */
  | { kind: 'said'; program: string; pid: number; line: string | null; saw: Said }
  | { kind: 'run'; onNeighbour: boolean; saw: Ran }
  | { kind: 'read'; saw: Recorded }
  | { kind: 'scan'; protocol: Protocol; address: string; saw: Scanned }

/** Whether the step was done on the second host. */
export function isOnNeighbour(step: Step): boolean {
  return 'onNeighbour' in step && step.onNeighbour === true
}

/** What one act left. Exactly one of `evidence`, `skipped` and `problem` is not null. */
export type ActEvidence = {
  act: string
  port: number | null
  /** Things a reader must know, such as why another port than 8080 was used. */
  notes: string[]
  steps: Step[]
  /** What the experiment returned. */
  evidence: Json
  /** For each key of the evidence the numbers of the steps that it rests on. */
  sources: Record<string, number[]>
  /** The capability that is missing, and how that was found. */
  skipped: string | null
  /** Capabilities that only some checks need and this machine lacks, each with the reason. */
  lacking?: Record<string, string>
  /** `own`: the act ran in a network namespace of its own. */
  network?: 'own'
  /** When the processes of this act ended, in milliseconds since its start: the theories must know who is still there. */
  ends?: { pid: number; atMs: number }[]
  /** Of an act in which handed-in programs stood in: what was seen of them that is not as their roles say. */
  findings?: Finding[]
  /** Why no observation was made. */
  problem: string | null
  durationMs: number
}

/** An act of which nothing was seen, for this reason. */
export function unseenAct(act: string, problem: string): ActEvidence {
  return { act, port: null, notes: [], steps: [], evidence: null, sources: {}, skipped: null, problem, durationMs: 0 }
}

export type LabEvidence = { lab: string; round: number; acts: ActEvidence[]; durationMs: number }

/** The facts about a machine on which answers depend. They name no host and no user. */
export type HostFacts = {
  os: string
  kernel: string
  architecture: string
  node: string
  /** Where the Node comes from: brought along through npm, or the machine's own. */
  nodeOrigin: 'bundled' | 'system'
  libuv: string
  /** The range from which clients get their ports; `null` where it could not be read. */
  ephemeralRange: [number, number] | null
  /** Whether the harness runs with user id 0; `null` where there are no user ids. */
  superuser: boolean | null
}

export const SAVED_FORMAT = 'socket-labs-evidence'
/** Raised when a field changes its meaning or goes; a new field does not raise it. Version 1 had no answers. */
export const SAVED_VERSION = 2

/** What one check of a run came to, so that runs can be compared without the labs that made them. */
export type SavedAnswer = {
  lab: string
  act: string
  check: string
  round: number
  question: string
  verdict: Verdict
  /** Null where nothing was observed. */
  observed: string | null
  /** What was seen, or for skip and inconclusive the reason. */
  seen: string
  /** Null where no source speaks of that system. */
  expected: { outcomes: string[]; source: string } | null
}

/** A file written by `--save` and read by `--replay`, `--baseline` and `npm run compare`. docs/saved-runs.md has its schema. */
export type SavedRun = {
  format: typeof SAVED_FORMAT
  version: typeof SAVED_VERSION
  startedAt: string
  durationMs: number
  host: HostFacts
  /** Null in a file of version 1. */
  machine: Machine | null
  labs: LabEvidence[]
  /** Empty in a file of version 1. */
  answers: SavedAnswer[]
}
