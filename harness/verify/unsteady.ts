/** Finds the checks that did not give the same answer in every round. */

import type { SavedAnswer } from '../domain/evidence.ts'
import type { Unsteady } from '../domain/verification.ts'

type Answer = Pick<SavedAnswer, 'lab' | 'check' | 'question' | 'verdict' | 'observed'>

/** In the order of the labs. What an interruption left open is no answer: leave it out. */
export function findUnsteady(answers: readonly Answer[]): Unsteady[] {
  const byCheck = Map.groupBy(answers, ({ lab, check }) => `${lab} ${check}`)
  return [...byCheck.values()].flatMap((rounds) => {
    const [first] = rounds
    const counted = counts(rounds)
    if (!first || counted.length < 2) return []
    return [{ lab: first.lab, check: first.check, question: first.question, answers: counted }]
  })
}

/** Two answers that are both expected are two answers still. */
function counts(rounds: readonly Answer[]): Unsteady['answers'] {
  const byAnswer = Map.groupBy(rounds, ({ observed, verdict }) => observed ?? verdict)
  return [...byAnswer].map(([answer, { length: count }]) => ({ answer, count })).toSorted((a, b) => b.count - a.count)
}
