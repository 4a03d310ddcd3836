/** What grading comes to: the record of one item, of one submission, and of a class. Every report renders these. */

import type { HostFacts } from './evidence.ts'
import type { Finding } from './role.ts'

/** `shown`; `after-due`: nothing of it until the due date; `points-only`: its points, and neither name nor text. */
export const VISIBILITIES = ['shown', 'after-due', 'points-only'] as const

export type Visibility = (typeof VISIBILITIES)[number]

/** Of an item that tells of others as well. `points-after-due`: nothing until the due date, and then the points alone. */
export type ItemVisibility = Visibility | 'points-after-due'

/** What may be seen of an item that tells of two: no more than of either, at any time. */
export function stricter(one: ItemVisibility, other: ItemVisibility): ItemVisibility {
  const both = [one, other]
  const isLater = both.some((each) => each === 'after-due' || each === 'points-after-due')
  const isBare = both.some((each) => each === 'points-only' || each === 'points-after-due')
  if (isLater) return isBare ? 'points-after-due' : 'after-due'
  return isBare ? 'points-only' : 'shown'
}

export const PARTS = ['prediction', 'program'] as const

/** A check can be answered twice: by the student beforehand, and by the student's programs. */
export type Part = (typeof PARTS)[number]

/**
 * `partial`: some of the points. `skip`: this machine cannot ask, or the item rests on one that was not passed.
 * `inconclusive`: the grader did not get to an observation; no points are lost, and a person has to look.
 */
export type GradedVerdict = 'pass' | 'partial' | 'fail' | 'skip' | 'inconclusive'

export type GradedItem = {
  /** `LAB/CHECK/PART`: the same for every submission. */
  id: string
  lab: string
  labTitle: string
  act: string
  check: string
  part: Part
  question: string
  verdict: GradedVerdict
  /** Whole numbers. A skip for the machine's sake and an inconclusive item have 0 of 0: nobody loses by them. */
  points: number
  maxPoints: number
  /** In words, for whoever reads the report: what is right, what was handed in or done, and why the points are lost. */
  expected: string
  observed: string
  why: string
  /** For a prediction the outcome that was named; null where none was. */
  predicted: string | null
  /** What the student wrote about the check, at the first item of it; null where nothing was. No points depend on it. */
  explanation: string | null
  /** The outcome that this machine showed, or that came of the program; null where none was observed. */
  outcome: string | null
  /** The roles whose programs took part. */
  roles: string[]
  findings: Finding[]
  /** The item on which it rests, where that was not passed. */
  restsOn: string | null
  visibility: ItemVisibility
  /** Relative to the project: where the check is declared. */
  file: string
  line: number
  durationMs: number
}

export type GradedSubmission = {
  /** The folder's name: data of a student, to be escaped by every format. */
  name: string
  /** The author's id as handed in; null where it could not be read. */
  author: string | null
  /** Why nothing of it could be graded, in a sentence; its items then have no points. */
  problem: string | null
  /** Remarks that cost nothing, such as a prediction for a check that does not exist. */
  notes: string[]
  items: GradedItem[]
  points: number
  maxPoints: number
  /** What the programs of each role printed, cut at a few lines; data of a student. */
  printed: { role: string; text: string; cut: boolean }[]
  /** Whether the grading got to its end. A report that is written before has `false`. */
  finished: boolean
  durationMs: number
}

/** What the sandbox promises on this machine. */
export type SandboxFacts = {
  kind: 'bubblewrap' | 'util-linux' | 'none'
  /** Each promise, whether it is kept here, and how, or why not. */
  promises: { what: string; kept: boolean; how: string }[]
}

/** The run of the grader that the reports speak of. */
export type GradingRun = {
  host: HostFacts
  /** In UTC, ISO 8601. */
  startedAt: string
  labs: { id: string; title: string }[]
  sandbox: SandboxFacts
  /** The due date of the rubric, ISO 8601, or null. */
  due: string | null
}

/** One item over a whole class. */
export type ItemStatistics = {
  id: string
  question: string
  part: Part
  maxPoints: number
  graded: number
  passed: number
  /** Mean share of the points, 0 to 1; null where nobody was graded. */
  meanShare: number | null
  /** The outcome that wrong predictions named most often, and how often. */
  commonestWrong: { outcome: string; choice: string; count: number } | null
}

export const GRADEBOOK_FORMAT = 'socket-labs-gradebook'
/** Raised when a field changes its meaning or goes; a new field does not raise it. */
export const GRADEBOOK_VERSION = 1

export type Gradebook<Submissions extends Iterable<GradedSubmission> = GradedSubmission[]> = {
  run: GradingRun
  submissions: Submissions
  statistics: ItemStatistics[]
}

/** Whose submissions are read one after the other, as often as somebody wants to: those of a class lie on disk. */
export type AnyGradebook = Gradebook<Iterable<GradedSubmission>>
