/** Explains a malformed step: what is wrong, where in it, and what a step may be. */

import { isWildcard, unmapped } from '../domain/endpoint.ts'
import type { TryStep } from '../domain/tried.ts'
import { formatStep } from '../domain/tried.ts'
import { readLocalAddresses } from '../host/local-addresses.ts'
import { plain } from '../report/plain.ts'
import { displayWidth } from '../report/width.ts'
import { canonical } from '../theories/reach.ts'
import { Mistake } from '../try/grammar.ts'
import { readNext } from '../try/sequence.ts'
import { FIRST_WORDS, GRAMMAR } from '../try/vocabulary.ts'

/** Reads the step that comes after these. @throws Mistake, also for a client that would leave this machine. */
export function readFitting(text: string, earlier: readonly TryStep[]): TryStep {
  const step = readNext(text, earlier)
  if (step.do !== 'arrive' || isHere(step.address)) return step
  const what = `${step.address} is not an address of this machine, and nothing is sent elsewhere`
  throw new Mistake(text, what, { word: step.address, at: text.indexOf(step.address) })
}

function isHere(address: string): boolean {
  const own = unmapped(canonical(address))
  if (isWildcard(own) || own === '::1' || own.startsWith('127.')) return true
  return readLocalAddresses().localAddresses.some((one) => canonical(one) === own)
}

/** What is wrong, and the text with a mark below it, cut where `columns` are too few. */
export function marked({ text, message, at, length }: Mistake, number: number, columns = 80) {
  const [before, meant, after] = [text.slice(0, at), text.slice(at, at + length), text.slice(at + length)]
  // Three parts, an indent, and a mark on each side where something was left out.
  const isWhole = displayWidth(plain(text)) + 2 <= columns
  const most = isWhole ? Infinity : Math.max(4, Math.floor((columns - 5) / 3))
  const [left, middle, right] = [shown(before, -most), shown(meant, most), shown(after, most)]
  const mark = ' '.repeat(displayWidth(left)) + '^'.repeat(Math.max(1, displayWidth(middle)))
  return { what: `step ${number}: ${plain(message)}`, mark: `  ${left}${middle}${right}\n  ${mark}\n` }
}

export function explained(mistake: Mistake, number: number): string {
  const { what, mark } = marked(mistake, number)
  return `${what}\n\n${mark}\n${GRAMMAR}`
}

/** The last characters of a text where `most` is negative, else the first ones. A tab, or any other blank, takes one column. */
function shown(text: string, most: number): string {
  const line = plain(text.replaceAll(/\s/g, ' '))
  if (line.length <= Math.abs(most)) return line
  return most < 0 ? `…${line.slice(most)}` : `${line.slice(0, most)}…`
}

/** What a person wants to know whose steps were taken apart by the shell, or null. */
export function adviceOnQuotes(texts: readonly string[]): string | null {
  const isApart = texts.some((text) => text === '-' || FIRST_WORDS.some((word) => word === text))
  if (!isApart) return null
  return "Put quotes round each step, as in 'tcp 0.0.0.0' '-> 127.0.0.1': the shell splits at blanks, and takes > for a file to write."
}

/** The command that does these steps. Quotes keep the shell from taking an arrow for its own. */
export function commandFor(steps: readonly TryStep[]): string {
  return ['npm run try --', ...steps.map((step) => `'${formatStep(step)}'`)].join(' ')
}
