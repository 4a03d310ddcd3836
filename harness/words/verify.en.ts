/** What `npm run verify` says of a run: its table, its surprises with what may explain them, and its verdict. */

import { countCompared } from '../domain/comparison.ts'
import type { Standing } from '../domain/ledger.ts'
import type { Cause, RandomResult, Unsteady, Verification } from '../domain/verification.ts'
import type { Counts } from '../domain/verdict.ts'
import { standingsInWords } from './claims.en.ts'
import { inThousands } from './phrases.en.ts'

export const verifyHeadings = {
  surprises: 'Surprises',
  skipped: 'Skipped',
  unsteady: 'Unsteady: not the same answer each time',
  baseline: 'Against the baseline',
  random: 'Random sequences of socket calls',
} as const

export const tableColumns = {
  lab: 'lab',
  pass: 'pass',
  fail: 'FAIL',
  noted: 'noted',
  skip: 'skip',
  inconclusive: 'inconclusive',
  time: 'time',
} as const

/** For evidence told again from a file of an older version. */
export const NOT_LOOKED_FOR = 'The file does not say what machine this was, so no cause could be looked for.'

export function causeInWords(cause: Cause): string {
  return `${likely(cause)} because: ${asSentence(cause.found)} ${asSentence(cause.explains)}`
}

export function againInWords(cause: Cause): string {
  return `${likely(cause)} because, as above: ${asSentence(cause.found)}`
}

function likely({ isGuess }: Cause): string {
  return isGuess ? 'Perhaps' : 'Probably'
}

/** A remedy may end in a command, to which no full stop belongs. */
export function remedyInWords(remedy: string): string {
  return `What to do: ${remedy}`
}

export function sourceInWords(source: string): string {
  return `See ${asSentence(source)}`
}

export function roundsInWords(times: number, rounds: number): string {
  return `In ${times} of ${rounds} runs.`
}

export function askedInWords(file: string, line: number, lab: string): string {
  return `Asked in ${file}:${line}. All its steps: npm run lab ${lab}`
}

/** `3 checks of 07-open-and-closed, 16-inside-view: ss: not installed.` */
export function skippedInWords(checks: number, labs: readonly string[], why: string): string {
  return `${checksInWords(checks)} of ${labs.join(', ')}: ${asSentence(why)}`
}

/** `connected 2 times, ECONNREFUSED once`. */
export function unsteadyInWords({ lab, check, answers }: Unsteady): string {
  const told = answers.map(({ answer, count }) => `${answer} ${count === 1 ? 'once' : `${count} times`}`)
  return `${lab}: ${check}: ${told.join(', ')}.`
}

/** Nothing where no claim is asked. */
export function claimsInWords(counts: Readonly<Record<Standing, number>>): string {
  const all = Object.values(counts).reduce((sum, one) => sum + one, 0)
  if (all === 0) return ''
  const which = all === 1 ? 'The one claim' : `Of the ${all} claims`
  return `${which} of the documents that these labs ask, on this machine ${standingsInWords(counts)}. npm run claims tells each.`
}

export function shardInWords(shard: string): string {
  const [index = '', of = ''] = shard.split('/')
  return `This is part ${index} of ${of} of the labs.`
}

export function againFromSeedInWords({ sequences, seed }: RandomResult): string {
  return `The same again: npm run verify -- --random ${sequences} --seed ${seed}`
}

export function randomProblemInWords(problem: string): string {
  return `Random sequences came to no result: ${asSentence(problem)}`
}

/** The last line: what it all comes to. */
export function verifiedInWords(counts: Counts, { baseline, random, randomProblem, unsteady }: Verification): string {
  if (counts.fail > 0) {
    const asked = baseline === null ? 'as expected' : 'as the baseline has it'
    return `Not ${asked}: ${checksInWords(counts.fail)} failed.`
  }
  if (random !== null && random.disagreement !== null) return 'Not as expected: the kernel did otherwise than M8 says.'
  if (counts.inconclusive > 0) return `Not decided: ${checksInWords(counts.inconclusive)} came to no observation.`
  if (randomProblem !== undefined) return 'Not decided: random sequences came to no result.'
  if (baseline !== null && countCompared(baseline.checks).compared === 0) {
    return 'Not decided: the baseline and this run observed no check in common.'
  }
  if (counts.pass + counts.noted === 0) return 'Nothing was checked.'
  if (unsteady.length > 0) {
    return `Nothing failed, but ${checksInWords(unsteady.length)} did not always give the same answer.`
  }
  if (counts.pass === 0) return 'Nothing was judged: no source says what this system should do.'
  const as = baseline === null ? 'Sockets behave here as expected.' : 'What was seen is what the baseline has.'
  return `No surprise. ${as}`
}

export function checksInWords(count: number): string {
  return many(count, 'check')
}

function many(count: number, what: string): string {
  return `${inThousands(count)} ${what}${count === 1 ? '' : 's'}`
}

function asSentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`
}
