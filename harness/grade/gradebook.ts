/** The gradebook of a class: made from graded submissions, and put together from those of many machines. */

import type { Gradebook, GradedSubmission, GradingRun, SandboxFacts } from '../domain/graded.ts'
import { statisticsOf } from './statistics.ts'

/** Ordered by name, whichever was graded first. */
export function gradebookOf(run: GradingRun, submissions: readonly GradedSubmission[]): Gradebook {
  const ordered = submissions.toSorted((one, other) => compare(one.name, other.name))
  return { run, submissions: ordered, statistics: statisticsOf(ordered) }
}

/** By code points: the order must not depend on the language of a machine. */
function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}

/** One class out of the shards of it; or in a sentence why they are none. */
export function mergeGradebooks(books: readonly Gradebook[]): { gradebook: Gradebook } | { problem: string } {
  const [first, ...others] = books
  if (first === undefined) return { problem: 'there is no gradebook to merge' }
  const problem = others.map((other) => whyNotOneClass(first, other)).find((why) => why !== null)
  if (problem !== undefined) return { problem }
  const submissions = books.flatMap((book) => book.submissions)
  const twice = firstTwice(submissions.map(({ name }) => name))
  if (twice !== null) return { problem: `the submission ${JSON.stringify(twice)} is in the gradebooks twice` }
  const different = firstWithOtherItems(submissions)
  if (different !== null) return { problem: different }
  return { gradebook: gradebookOf(runOf(first.run, books), submissions) }
}

function whyNotOneClass({ run: one }: Gradebook, { run: other }: Gradebook): string | null {
  const labs = ({ labs: all }: GradingRun) => all.map(({ id }) => id).join(', ') || 'none'
  if (labs(one) !== labs(other)) return `the gradebooks have other labs: ${labs(one)}; and ${labs(other)}`
  if (one.due === other.due) return null
  return `the gradebooks have other due dates: ${one.due ?? 'none'}; and ${other.due ?? 'none'}`
}

function firstTwice(names: readonly string[]): string | null {
  const seen = new Set<string>()
  return names.find((name) => seen.size === seen.add(name).size) ?? null
}

/** A submission that could not be read, or was not graded to its end, may have fewer. */
function firstWithOtherItems(submissions: readonly GradedSubmission[]): string | null {
  const [first, ...others] = submissions.filter(({ problem, finished }) => finished && problem === null)
  if (first === undefined) return null
  const ids = ({ items }: GradedSubmission) => items.map(({ id }) => id).join('\n')
  const wanted = ids(first)
  const other = others.find((one) => ids(one) !== wanted)
  if (other === undefined) return null
  return `the submissions ${JSON.stringify(first.name)} and ${JSON.stringify(other.name)} were graded by other items`
}

/** The first machine stands for all; it began when the first of them did, and promises what all of them promise. */
function runOf(run: GradingRun, books: readonly Gradebook[]): GradingRun {
  const [startedAt = run.startedAt] = books.map((book) => book.run.startedAt).sort(compare)
  return { ...run, startedAt, sandbox: weakest(books.map((book) => book.run.sandbox)) ?? run.sandbox }
}

const KINDS: readonly SandboxFacts['kind'][] = ['none', 'util-linux', 'bubblewrap']

function weakest(all: readonly SandboxFacts[]): SandboxFacts | null {
  const [least] = all.toSorted((one, other) => KINDS.indexOf(one.kind) - KINDS.indexOf(other.kind))
  if (least === undefined) return null
  const broken = all.flatMap(({ promises }) => promises.filter(({ kept }) => !kept))
  const promises = least.promises.map((promise) => broken.find(({ what }) => what === promise.what) ?? promise)
  return { kind: least.kind, promises }
}
