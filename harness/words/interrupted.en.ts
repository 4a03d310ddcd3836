/** What is said of a run that was told to end before it was done. */

import { numbersInWords } from './en.ts'
import { asJoined } from './phrases.en.ts'

/** One lab: which of its acts, by number, and whether these are all. */
export type Part = { lab: string; acts: number[]; isWhole: boolean }

/** Of a long list the first ones stand for all. */
const MOST_NAMED = 6

export function doneInWords(parts: readonly Part[]): string {
  return parts.length === 0 ? 'No act was done to its end.' : `Done: ${partsInWords(parts)}.`
}

export function notDoneInWords(parts: readonly Part[]): string {
  return parts.length === 0 ? 'All acts were done to their ends.' : `Not done: ${partsInWords(parts)}.`
}

function partsInWords(parts: readonly Part[]): string {
  const named = parts.length > MOST_NAMED ? parts.slice(0, MOST_NAMED - 1) : parts
  const words = named.map(({ lab, acts, isWhole }) => (isWhole ? lab : `${numbersInWords('act', acts)} of ${lab}`))
  const others = parts.length - named.length
  return asJoined(others === 0 ? words : [...words, `${others} more`])
}

/** `running`: the processes that were seen to run still; undefined where the system does not tell. */
export function leftInWords(running: readonly number[] | undefined): string {
  if (running === undefined) return 'Its programs were ended. This system does not show whether one of them still runs.'
  if (running.length > 0) return `Of its programs these still run: ${numbersInWords('process', running, 'processes')}.`
  return 'All programs that it had started have ended, and their ports are free again.'
}
