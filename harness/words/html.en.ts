/** What the pages say of themselves: headings, and the sentences with which a verdict begins. */

import type { Comparison } from '../domain/comparison.ts'
import { countCompared } from '../domain/comparison.ts'
import type { Counts, Verdict } from '../domain/verdict.ts'

export const pageWords = {
  project: 'Socket labs',
  skip: 'To the content',
  contents: 'On this page',
  notWhole: 'Not whole',
  madeBy: 'Written by the socket labs. This file asks for nothing from a network and runs no program.',
} as const

export const runHeadings = {
  surprises: 'Surprises',
  lab: 'The lab',
  labs: 'Labs',
  theories: 'Theories',
  claims: 'What the documents say',
  machine: 'Where this was seen',
  remember: 'Remember',
  byHand: 'By hand',
} as const

export const countWords: Readonly<Record<Verdict, string>> = {
  fail: 'failed',
  inconclusive: 'inconclusive',
  pass: 'passed',
  noted: 'noted',
  skip: 'skipped',
}

/** The first words of a report. What failed outweighs what was not observed. */
export function verdictInWords(counts: Counts): string {
  const { pass, fail, noted, inconclusive, skip } = counts
  const all = pass + fail + noted + skip + inconclusive
  if (fail > 0) return fail === 1 && all > 1 ? '1 check failed' : `${fail} of ${checks(all)} failed`
  if (inconclusive > 0) return `${checks(inconclusive)} could not be observed`
  if (pass + noted === 0) return 'Nothing was checked'
  if (pass === all) return all === 1 ? 'The check passed' : `All ${all} checks passed`
  return 'Nothing failed'
}

export function checks(count: number): string {
  return `${count} ${count === 1 ? 'check' : 'checks'}`
}

export function interruptedInWords(by: string): string {
  return `Interrupted by ${by}`
}

export function notWholeInWords(planned: number, answered: number): string {
  const open = planned - answered
  const missing = open > 0 ? ` ${open} of ${checks(planned)} ${open === 1 ? 'has' : 'have'} no answer.` : ''
  return `The run did not come to its end: this report is not whole.${missing}`
}

export function replayedInWords(startedAt: string): string {
  return `Told again from evidence saved on ${startedAt}. No socket was opened.`
}

export const noRunInWords = 'The run ended before anything was seen'

export const noSurpriseInWords = 'Every check that could be asked got the answer that was expected.'

export const surpriseWords = {
  unsteady: 'Unsteady',
  unsteadyIntro: 'These checks did not give the same answer each time.',
  baseline: 'Against the baseline',
  random: 'Random sequences',
  probably: 'Probably because',
  perhaps: 'Perhaps because',
  remedy: 'What to do',
} as const

/** Of something that is told once: how many of the surprises below it may explain. */
export function explainsInWords(surprises: number): string {
  return `This may explain ${surprises} of the surprises below.`
}

export const checkWords = {
  expected: 'Expected',
  wanted: 'Should have been',
  observed: 'Observed',
  found: 'But was',
  why: 'Why',
  skipped: 'Skipped',
  unobserved: 'Nothing was observed',
  predicted: 'You said',
  right: 'That is right.',
  wrong: 'That is not what happened.',
  undecided: 'That is not decided.',
} as const

export const actWords = {
  sequence: 'What happened, from top to bottom',
  sockets: 'Which socket held what',
} as const

export function actNumberInWords(number: number, of: number): string {
  return of === 1 ? 'The only act' : `Act ${number} of ${of}`
}

export function portInWords(port: number): string {
  return `port ${port}`
}

export function stepCountInWords(count: number): string {
  return count === 1 ? 'The step in words, with its command' : `The ${count} steps in words, with their commands`
}

/** A later round of a lab that gave the same answers as the first one. */
export const sameAsFirstRound =
  'All answers are those of the first run of this lab; its steps and drawings stand there.'

export const actNotEnded = 'The act did not come to its end.'

export function skippedInWords(reason: string): string {
  return `Skipped: ${reason}`
}

export function unseenInWords(reason: string): string {
  return `Nothing was observed: ${reason}`
}

export function foundInSeconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`
}

export const tableWords = {
  lab: 'Lab',
  answers: 'Answers',
  claim: 'Claim',
  says: 'What it says',
  here: 'Here it',
  checks: 'Checks',
  check: 'Check',
  setting: 'Setting',
  value: 'Value',
  usual: 'Usual',
  fact: 'Fact',
  tool: 'Tool',
  version: 'Version',
} as const

/** `2026-11-22 11:47 UTC`, from ISO 8601. */
export function timeInWords(iso: string): string {
  const found = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)/.exec(iso)
  return found ? `${found[1]} ${found[2]} UTC` : iso
}

export function printedInWords(step: number): string {
  return `What step ${step} printed`
}

/** The marks of the table of theories: how each looks, and what it is read as. */
export const theoryMarks = {
  says: 'What each of them says',
  of: { x: ['x', 'refuted'], o: ['o', 'asked and not refuted'], '-': ['none', 'not asked'] },
} as const

export const claimsCaution =
  'Only claims that these checks ask are here. With all labs, npm run claims tells of every claim of the documents.'

export const machineWords = {
  system: 'System',
  distribution: 'Distribution',
  surroundings: 'Around it',
  interposed: 'In between',
  loopback: 'Loopback',
  openFiles: 'Open files',
  cores: 'Cores',
  clientPorts: 'Client ports',
  user: 'User',
  settings: 'Settings of the kernel',
  protocols: 'Protocols, found by trying',
  rights: 'Rights, found by trying',
  tools: 'Tools',
  lacking: 'What labs ask for and this machine lacks',
  works: 'yes',
  worksNot: 'no',
  up: 'up',
  down: 'down',
} as const

export function settingInWords(value: string | null): string {
  return value ?? 'not shown here'
}

export function filesInWords({ soft, hard }: { soft: number | 'unlimited'; hard: number | 'unlimited' }): string {
  return `${soft}, at most ${hard}`
}

export function userInWords(superuser: boolean): string {
  return superuser ? 'the superuser' : 'an ordinary user'
}

export const matrixWords = {
  machine: 'Machine',
  run: 'Run',
  sameFacts: (count: number) => `${count} ${count === 1 ? 'fact that does' : 'facts that do'} not differ`,
  open: (count: number) => `${checks(count)} not observed everywhere`,
  alike: (count: number) => `${checks(count)} with the same answer`,
} as const

export function comparedVerdict({ checks: all }: Comparison): { words: string; verdict: Verdict } {
  const { compared, differing } = countCompared(all)
  if (compared === 0) return { words: 'Nothing was compared', verdict: 'inconclusive' }
  if (differing === 0) return { words: 'No answer differs', verdict: 'pass' }
  return { words: differing === 1 ? '1 answer differs' : `${differing} answers differ`, verdict: 'fail' }
}

export function timesInWords(count: number): string {
  return count === 1 ? 'once' : count === 2 ? 'twice' : `${count} times`
}

/** `2/3` */
export function shardInWords(shard: string): string {
  const [part, of] = shard.split('/')
  return `This is part ${part} of ${of}: the other labs are in the other parts.`
}
