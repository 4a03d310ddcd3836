/** The gradebook of a class: made from graded submissions, and put together from those of many machines. */

import type { AnyGradebook, GradedSubmission, GradingRun, SandboxFacts } from '../domain/graded.ts'
import { statisticsOf } from './statistics.ts'

/** A submission of a class, which lies on disk: read when it is wanted, and forgotten. */
export type Kept = { name: string; read: () => GradedSubmission }

/** What one machine graded of a class. */
export type Shard = { run: GradingRun; submissions: readonly Kept[] }

/** Ordered by name, whichever was graded first. */
export function gradebookOf(run: GradingRun, kept: readonly Kept[]): AnyGradebook {
  const submissions = reading(kept.toSorted((one, other) => compare(one.name, other.name)))
  return { run, submissions, statistics: statisticsOf(submissions) }
}

function reading(kept: readonly Kept[]): Iterable<GradedSubmission> {
  return {
    *[Symbol.iterator]() {
      for (const { read } of kept) yield read()
    },
  }
}

/** By code points: the order must not depend on the language of a machine. */
function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}

/** One class out of the shards of it; or in a sentence why they are none. */
export function mergeGradebooks(shards: readonly Shard[]): { gradebook: AnyGradebook } | { problem: string } {
  const [first, ...others] = shards
  if (first === undefined) return { problem: 'there is no gradebook to merge' }
  const problem = others.map((other) => whyNotOneClass(first, other)).find((why) => why !== null)
  if (problem !== undefined) return { problem }
  const kept = shards.flatMap(({ submissions }) => submissions)
  const twice = firstTwice(kept.map(({ name }) => name))
  if (twice !== null) return { problem: `the submission ${JSON.stringify(twice)} is in the gradebooks twice` }
  const different = firstWithOtherItems(reading(kept))
  if (different !== null) return { problem: different }
  return { gradebook: gradebookOf(runOf(first.run, shards), kept) }
}

function whyNotOneClass({ run: one }: Shard, { run: other }: Shard): string | null {
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
function firstWithOtherItems(submissions: Iterable<GradedSubmission>): string | null {
  let first: { name: string; ids: string } | null = null
  for (const { name, items, problem, finished } of submissions) {
    if (!finished || problem !== null) continue
    const ids = items.map(({ id }) => id).join('\n')
    first ??= { name, ids }
    if (first.ids !== ids)
      return `the submissions ${JSON.stringify(first.name)} and ${JSON.stringify(name)} were graded by other items`
  }
  return null
}

/** The first machine stands for all; it began when the first of them did, and promises what all of them promise. */
function runOf(run: GradingRun, shards: readonly Shard[]): GradingRun {
  const [startedAt = run.startedAt] = shards.map((shard) => shard.run.startedAt).sort(compare)
  return { ...run, startedAt, sandbox: weakest(shards.map((shard) => shard.run.sandbox)) ?? run.sandbox }
}

const KINDS: readonly SandboxFacts['kind'][] = ['none', 'util-linux', 'bubblewrap']

function weakest(all: readonly SandboxFacts[]): SandboxFacts | null {
  const [least] = all.toSorted((one, other) => KINDS.indexOf(one.kind) - KINDS.indexOf(other.kind))
  if (least === undefined) return null
  const broken = all.flatMap(({ promises }) => promises.filter(({ kept }) => !kept))
  const promises = least.promises.map((promise) => broken.find(({ what }) => what === promise.what) ?? promise)
  return { kind: least.kind, promises }
}
