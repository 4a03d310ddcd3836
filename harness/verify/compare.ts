/** Holds saved runs side by side: what each answered to every check, and what differs between their machines. Pure. */

import type { ComparedAnswer, ComparedCheck, ComparedRun, Comparison, Likeness } from '../domain/comparison.ts'
import type { SavedAnswer, SavedRun } from '../domain/evidence.ts'
import type { Verdict } from '../domain/verdict.ts'
import { compareFacts } from './compare-facts.ts'

/** What is compared of a run: everything but the evidence, which is most of its file. */
type Answered = Pick<SavedRun, 'startedAt' | 'host' | 'machine' | 'answers'>

export function compareRuns(saved: readonly { label: string; saved: Answered }[]): Comparison {
  const runs = saved.map(({ label, saved: { startedAt, host, machine } }): ComparedRun => ({
    label,
    startedAt,
    host,
    machine,
  }))
  return { runs, checks: compareChecks(saved.map((one) => one.saved)), facts: compareFacts(runs) }
}

type Asked = { of: SavedAnswer; answers: SavedAnswer[][] }

/** In the order of the labs, whose names begin with their numbers; within a lab as the runs have them. */
function compareChecks(runs: readonly Pick<SavedRun, 'answers'>[]): ComparedCheck[] {
  const asked = new Map<string, Asked>()
  for (const [index, { answers }] of runs.entries()) {
    for (const answer of answers) {
      const key = JSON.stringify([answer.lab, answer.check])
      const one = asked.get(key) ?? { of: answer, answers: runs.map(() => []) }
      one.answers[index]?.push(answer)
      asked.set(key, one)
    }
  }
  return [...asked.values()]
    .sort((a, b) => (a.of.lab < b.of.lab ? -1 : a.of.lab > b.of.lab ? 1 : 0))
    .map(({ of: { lab, act, check, question }, answers }) => {
      const merged = answers.map(mergeRounds)
      return { lab, act, check, question, likeness: likenessOf(merged), answers: merged }
    })
}

/** What matters most comes first. A check that was skipped in one round and observed in another one was observed. */
const GRAVEST: readonly Verdict[] = ['fail', 'inconclusive', 'noted', 'pass', 'skip']

/** One answer for all rounds of a check. */
function mergeRounds(rounds: readonly SavedAnswer[]): ComparedAnswer | null {
  const verdict = GRAVEST.find((one) => rounds.some((round) => round.verdict === one))
  if (verdict === undefined) return null
  const byOutcome = new Map<string, SavedAnswer[]>()
  for (const round of rounds) {
    if (round.observed !== null) byOutcome.set(round.observed, [...(byOutcome.get(round.observed) ?? []), round])
  }
  const frequent = [...byOutcome].sort(([, a], [, b]) => b.length - a.length)
  const told = frequent[0]?.[1][0] ?? rounds.find((round) => round.verdict === verdict)
  return { verdict, observed: frequent.map(([outcome]) => outcome), seen: told?.seen ?? '' }
}

/** Outcomes are compared as a set: how often each came in how many rounds is a matter of chance. */
function likenessOf(answers: readonly (ComparedAnswer | null)[]): Likeness {
  const observed = answers.flatMap((answer) => (answer && answer.observed.length > 0 ? [answer.observed] : []))
  if (observed.length === 0) return 'unobserved'
  if (new Set(observed.map((outcomes) => JSON.stringify(outcomes.toSorted()))).size > 1) return 'differs'
  return observed.length === answers.length ? 'same' : 'not-everywhere'
}
