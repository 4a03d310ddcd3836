/** What `npm run compare` says of saved runs side by side, in English. */

import type { ComparedAnswer, ComparedRun, Comparison } from '../domain/comparison.ts'
import { countCompared, isObserved } from '../domain/comparison.ts'
import { hostInWords } from './en.ts'
import { asJoined } from './phrases.en.ts'

export const compareTitle = 'Machines compared'

export const compareHeadings = {
  machines: 'Machines',
  differing: 'Answers that differ',
  seen: 'What was seen',
  alike: 'Other answers',
  facts: 'Facts about the machines that differ',
  allFacts: 'Facts about the machines',
  open: 'Not observed everywhere',
} as const

export const compareColumns = { lab: 'Lab', check: 'Check', fact: 'Fact', question: 'Question' } as const

/** A run that does not have a check at all. */
export const NOT_ASKED = 'not asked'
/** A fact that a run does not know. */
export const NOT_KNOWN = 'not known'

/** More names than these say less than how many there are. */
const MOST_NAMED = 8

/** `debian and macos`; of many the first ones, and how many more. */
export function labelsInWords(labels: readonly string[]): string {
  if (labels.length <= MOST_NAMED) return asJoined(labels)
  return asJoined([...labels.slice(0, MOST_NAMED - 1), `${labels.length - MOST_NAMED + 1} more`])
}

/** The verdict of the comparison, and what else there is to know of its size. */
export function comparedInWords({ runs, checks }: Comparison): string {
  const { compared, differing, open } = countCompared(checks)
  if (compared === 0) return 'Nothing was compared: no check was observed by two of the runs.'
  const among = runs.length === 2 ? labelsInWords(runs.map(({ label }) => label)) : `${runs.length} machines`
  const many =
    differing === 0 ? 'No answer differs' : differing === 1 ? '1 answer differs' : `${differing} answers differ`
  const rest =
    open === 0 ? '' : ` ${open} of all ${checks.length} checks ${open === 1 ? 'was' : 'were'} not observed everywhere.`
  const who = runs.length === 2 ? 'both' : 'two at least'
  return `${many} between ${among}, of ${compared} that ${who} observed.${rest}`
}

/** `Linux 6.18.0 on x64, Node 26.10.0 (brought along), libuv 1.52.1; saved 2026-11-22 10:00 UTC`. */
export function runInWords({ host, machine, startedAt }: ComparedRun): string {
  const at = startedAt.replace(/^(\S{10})T(\d\d:\d\d).*Z$/, '$1 $2 UTC')
  const unknown = machine === null ? '; its settings are not in the file' : ''
  return `${hostInWords(host)}; ${at}${unknown}`
}

/** What a cell of the matrix says: an outcome, or several where it was not always the same. */
export function outcomeInWords(answer: ComparedAnswer | null): string {
  if (answer === null) return NOT_ASKED
  return isObserved(answer) ? answer.observed.join(' or ') : answer.verdict
}

/** What was seen of one outcome, as a sentence. */
export function answerInWords(answer: ComparedAnswer | null): string {
  if (answer === null) return 'This check is not in its file.'
  const { observed, seen, verdict } = answer
  const text = seen === '' ? '' : ` ${seen}`
  if (observed.length === 0) return verdict === 'skip' ? `Skipped for want of${text}` : `Nothing was observed:${text}`
  if (observed.length > 1) return `Not always the same; most often:${text === '' ? ` ${observed[0]}` : text}`
  return text === '' ? `${observed[0]}, which is none of the answers that this lab knows.` : text.trimStart()
}

/** Why a check was not observed, without the name of the run. */
export function openInWords(answer: ComparedAnswer | null): string {
  if (answer === null) return 'not in the file'
  return answer.verdict === 'skip' ? `skipped for want of ${answer.seen}` : `inconclusive: ${answer.seen}`
}

/** `8 checks in elsewhere: skipped for want of …`. */
export function openGroupInWords(checks: number, labels: readonly string[], why: string): string {
  return `${checks} ${checks === 1 ? 'check' : 'checks'} in ${labelsInWords(labels)}: ${why}`
}

export function moreReasonsInWords(count: number): string {
  return `${count} further ${count === 1 ? 'reason' : 'reasons'}`
}

export const noFactDiffers = 'No fact that these files know differs.'

export const moreMachinesInWords = (count: number) => `${count} more`
