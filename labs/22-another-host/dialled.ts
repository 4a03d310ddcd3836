/** Reads what the dialler told: whom it dialled, what came of it, and who answered. */

import type { Said, Started } from '../../harness/lab.ts'

export type Dialled = { address: string; port: number; outcome: string; heard: string; connected: number }

export const dialledOf = ({ value }: Said) => value as Dialled

/** Whether this very process greeted the client: a byte that came is proof that the two were connected. */
export function isAnsweredBy(said: Said, { pid }: Started): boolean {
  const { outcome, heard } = dialledOf(said)
  return outcome === 'connected' && heard.endsWith(`process ${pid}`)
}

/** Which of them a process answered: `both`, `neither`, or one. A refusal is an answer; anything else is not listed. */
export function whichAnswered(
  first: Said,
  second: Said,
  by: Started,
): 'both' | 'first' | 'second' | 'neither' | 'other' {
  const answers = [first, second].map((said) => isAnsweredBy(said, by))
  const wasRefused = [first, second].map((said) => dialledOf(said).outcome === 'ECONNREFUSED')
  if (answers.some((isAnswered, index) => !isAnswered && !wasRefused[index])) return 'other'
  return answers[0] ? (answers[1] ? 'both' : 'first') : answers[1] ? 'second' : 'neither'
}
