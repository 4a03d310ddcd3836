/** What every layout of a comparison shows: who answered alike, and what was not observed by whom and why. */

import type { ComparedAnswer, ComparedCheck, ComparedFact, Comparison } from '../domain/comparison.ts'
import { isObserved } from '../domain/comparison.ts'
import { NOT_KNOWN, openGroupInWords, openInWords, outcomeInWords } from '../words/compare.en.ts'

export type AnswerGroup = { labels: string[]; words: string; answer: ComparedAnswer | null }

/** The runs by what they answered; most runs first, so that those that stand alone come last. */
export function answerGroups({ answers }: ComparedCheck, labels: readonly string[]): AnswerGroup[] {
  const groups = new Map<string, AnswerGroup>()
  for (const [index, answer] of answers.entries()) {
    // One outcome may pass on one system and fail on another one: these are told apart.
    const key = JSON.stringify([answer?.verdict, outcomeInWords(answer)])
    const group = groups.get(key) ?? { labels: [], words: outcomeInWords(answer), answer }
    group.labels.push(labels[index] ?? '')
    groups.set(key, group)
  }
  return [...groups.values()].sort((a, b) => b.labels.length - a.labels.length)
}

export type FactGroup = { labels: string[]; value: string }

export function factGroups({ values }: ComparedFact, labels: readonly string[]): FactGroup[] {
  const groups = new Map<string, FactGroup>()
  for (const [index, one] of values.entries()) {
    const value = one ?? NOT_KNOWN
    const group = groups.get(value) ?? { labels: [], value }
    group.labels.push(labels[index] ?? '')
    groups.set(value, group)
  }
  return [...groups.values()].sort((a, b) => b.labels.length - a.labels.length)
}

/** Why checks were not observed everywhere: for each reason how many checks, and in which runs. Most checks first. */
export function openReasons({ checks, runs }: Comparison): string[] {
  const reasons = new Map<string, { checks: Set<string>; runs: Set<number> }>()
  for (const { check, answers } of checks) {
    for (const [index, answer] of answers.entries()) {
      if (isObserved(answer)) continue
      const why = openInWords(answer)
      const reason = reasons.get(why) ?? { checks: new Set(), runs: new Set() }
      reason.checks.add(check)
      reason.runs.add(index)
      reasons.set(why, reason)
    }
  }
  return [...reasons]
    .sort(([, a], [, b]) => b.checks.size - a.checks.size)
    .map(([why, reason]) =>
      openGroupInWords(
        reason.checks.size,
        runs.flatMap(({ label }, index) => (reason.runs.has(index) ? [label] : [])),
        why,
      ),
    )
}

/** Differing checks, and all others. */
export function splitChecks({ checks }: Comparison): { differing: ComparedCheck[]; others: ComparedCheck[] } {
  return {
    differing: checks.filter(({ likeness }) => likeness === 'differs'),
    others: checks.filter(({ likeness }) => likeness !== 'differs'),
  }
}
