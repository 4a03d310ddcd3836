/** The words of a lab in one language, typed by the lab: a missing text does not compile. */

import type { Act, Lab } from './lab.ts'

/** A text, or a text made from the evidence. */
export type Text<E> = string | ((evidence: E) => string)

export type OutcomeText<E> = {
  /** The answer as a choice of the quiz: `It is refused.` */
  choice: string
  /** What was seen, when this is what was observed. */
  seen: Text<E>
  /** Why it is so. */
  why: Text<E>
  /** Why many people expect this answer where it is not the right one. */
  expectedBecause?: string
}

export type CheckText<E, Outcome extends string> = {
  question: string
  outcomes: { [V in Outcome]: OutcomeText<E> }
}

export type ActText<E, C extends Record<string, readonly string[]>> = {
  title: string
  /** What this act does and why, in one to three sentences. */
  intro: string
  checks: { [K in keyof C]: CheckText<E, C[K][number]> }
}

export type Narration<L extends Lab> = {
  title: string
  /** One line for the list of labs. */
  summary: string
  acts: { [A in keyof L['acts']]: L['acts'][A] extends Act<infer E, infer C> ? ActText<E, C> : never }
  /** What to remember: one to four sentences. */
  remember: readonly string[]
}

export type AnyNarration = {
  title: string
  summary: string
  // oxlint-disable-next-line typescript/no-explicit-any -- the words of any lab
  acts: Record<string, ActText<any, Record<string, readonly string[]>>>
  remember: readonly string[]
}
