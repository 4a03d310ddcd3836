/** What the tab key offers at the prompt of `npm run try`. Pure. */

import type { TryStep } from '../domain/tried.ts'
import { FIRST_WORDS } from '../try/vocabulary.ts'
import { readNext } from '../try/sequence.ts'

/** The words at the prompt that are no step. */
const PROMPT_WORDS = ['help', 'theories', 'table', 'steps', 'end']

const ADDRESSES = ['127.0.0.1', '127.0.0.2', '0.0.0.0', '::', '::1', '::ffff:127.0.0.1']
const USERS = ['nobody', 'root']

/** The words that could stand here, and the part of the line that they complete: as readline wants them. */
export function complete(line: string, steps: readonly TryStep[]): [string[], string] {
  const words = line.split(/\s+/)
  const begun = words.pop() ?? ''
  const fitting = candidates(words.filter(Boolean), steps).filter((word) => word.startsWith(begun))
  return [fitting.map((word) => `${word} `), begun]
}

function candidates(before: readonly string[], steps: readonly TryStep[]): string[] {
  const [first] = before
  const last = before.at(-1)
  if (first === undefined || last === undefined) return [...FIRST_WORDS, ...PROMPT_WORDS]
  if (before.length === 1 && ['tcp', 'udp', '->'].includes(last)) return ADDRESSES
  if (last === 'from') return ADDRESSES
  if (last === 'as') return USERS
  if (last === 'close' || last === 'kill') return numbersFor((number) => `${last} ${number}`, steps)
  if (last === 'in') return numbersFor((number) => `tcp 127.0.0.1 in ${number}`, steps)
  return optionsOf(first).filter((word) => !before.includes(word))
}

function optionsOf(first: string): string[] {
  if (first === 'tcp') return ['ipv6Only', 'reusePort', 'bound', 'as', 'in']
  if (first === 'udp') return ['ipv6Only', 'reusePort', 'reuseAddr', 'as', 'in']
  return first === '->' ? ['udp', 'from'] : []
}

/** The steps that such a step may name now. */
function numbersFor(typed: (number: number) => string, steps: readonly TryStep[]): string[] {
  const numbers = steps.map((_step, index) => index + 1)
  return numbers.filter((number) => fits(typed(number), steps)).map(String)
}

function fits(text: string, steps: readonly TryStep[]): boolean {
  try {
    readNext(text, steps)
    return true
  } catch {
    return false
  }
}
