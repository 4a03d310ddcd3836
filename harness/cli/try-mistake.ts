/** Explains a malformed step: what is wrong, where in it, and what a step may be. */

import { networkInterfaces } from 'node:os'

import { isWildcard, unmapped } from '../domain/endpoint.ts'
import type { TryStep } from '../domain/tried.ts'
import { canonical } from '../theories/reach.ts'
import { formatStep, GRAMMAR, Mistake } from '../try/grammar.ts'
import { readNext } from '../try/sequence.ts'

/** Reads the step that comes after these. @throws Mistake, also for a client that would leave this machine. */
export function readFitting(text: string, earlier: readonly TryStep[]): TryStep {
  const step = readNext(text, earlier)
  if (step.do !== 'arrive' || isHere(step.address)) return step
  const what = `${step.address} is not an address of this machine, and nothing is sent elsewhere`
  throw new Mistake(text, what, { word: step.address, at: text.indexOf(step.address) })
}

function isHere(address: string): boolean {
  const plain = unmapped(canonical(address))
  if (isWildcard(plain) || plain === '::1' || plain.startsWith('127.')) return true
  return Object.values(networkInterfaces()).some((all) => all?.some((one) => canonical(one.address) === plain))
}

/** The text with a mark below the mistake. */
export function explained({ text, message, at, length }: Mistake, number: number): string {
  // A tab, or any other blank, takes one column here.
  const line = text.replaceAll(/\s/g, ' ')
  return `step ${number}: ${message}\n\n  ${line}\n  ${' '.repeat(at)}${'^'.repeat(length)}\n\n${GRAMMAR}`
}

/** The command that does these steps. Quotes keep the shell from taking an arrow for its own. */
export function commandFor(steps: readonly TryStep[]): string {
  return ['npm run try --', ...steps.map((step) => `'${formatStep(step)}'`)].join(' ')
}
