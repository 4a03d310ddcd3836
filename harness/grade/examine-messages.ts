/** What the grader and its process in a network of its own say to each other, about one submission. */

import type { SandboxFacts } from '../domain/graded.ts'
import type { Role } from '../domain/role.ts'
import type { FoundSandbox } from '../process/sandbox.ts'
import type { Performance } from './performances.ts'

/** A handed-in program: the words that build it, if any, and those that run it. */
export type HandedIn = { run: readonly string[]; build: readonly string[] | null }

/** One act to perform, with the roles in which handed-in programs are to stand in. */
export type ActToPerform = { lab: string; act: string; port: number; roles: readonly string[] }

export type Printed = { role: string; text: string; cut: boolean }

export type ToExaminer =
  /** What the next submission will need, before anything of it is known: a place for its copy, and labs to load. */
  | { tell: 'prepare'; stage: string; labs: string; ids: readonly string[] }
  | {
      tell: 'examine'
      runId: string
      /** The submission's folder; it is copied before anything of it is started. */
      folder: string
      /** An empty folder for the copy, the one of `prepare` if that came before. */
      stage: string
      /** Where the labs lie. */
      labs: string
      roles: Readonly<Record<string, Role>>
      programs: Readonly<Record<string, HandedIn>>
      acts: readonly ActToPerform[]
      /** The machine's speed as it is known so far, from which the limits follow. */
      slowestStartMs: number
      /** Without a sandbox nothing of the submission is started. */
      requireSandbox: boolean
      /** What an earlier submission's process has found on this machine. */
      sandbox: FoundSandbox | null
    }
  | { tell: 'stop'; why: string }

export type FromExaminer =
  | { say: 'sandbox'; facts: SandboxFacts; found: FoundSandbox | null }
  /** Why the folder was not taken: its programs are not started. */
  | { say: 'refused'; why: string }
  /** A build that failed, with what it said last; its role then has no program. */
  | { say: 'unbuilt'; role: string; why: string }
  | ({ say: 'performed'; lab: string; printed: Printed[] } & Performance)
  /** `problem`: what the grader itself could not do; what was not performed is then inconclusive. */
  | { say: 'examined'; problem: string | null; slowestStartMs: number }
