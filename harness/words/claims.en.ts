/** What came of the documents' claims, in English: whether each holds here, why it was not tested, and the evidence. */

import type { Finding, LedgerRow, OpenAnswers, Standing } from '../domain/ledger.ts'
import { decidingOf, openOf } from '../domain/ledger.ts'
import { LISTING_NAMES } from '../domain/socket-row.ts'
import { observedInWords } from './en.ts'
import { asJoined } from './phrases.en.ts'

export const standingWords: Record<Standing, string> = {
  holds: 'holds here',
  'does-not-hold': 'does not hold here',
  'holds-with-condition': 'holds with a condition',
  'not-tested': 'not tested here',
  definition: 'a definition',
}

/** As a column headed `Here it` reads on. */
export const standingAfterIt: Record<Standing, string> = {
  holds: 'holds',
  'does-not-hold': 'does not hold',
  'holds-with-condition': 'holds with a condition',
  'not-tested': 'was not tested',
  definition: 'is a definition',
}

/** `it holds unless the socket takes IPv6 only`; or, without words for the condition, by what it is to be judged. */
export function conditionInWords({ exceptions }: LedgerRow): string {
  if (exceptions.length > 0) return `it holds unless ${exceptions.join(', or ')}`
  return 'some checks bear it out and others do not'
}

/** Why a claim is open: of every check that did not answer it the reason, each reason once. */
export function whyNotTested(row: LedgerRow): string {
  const { findings } = row
  if (findings.length === 0) return 'no check asks it'
  const open = openOf(row)
  return open.length < findings.length ? `what was tested holds, but ${openChecks(open)}` : reasonsIn(open)
}

/** That checks which did not answer it might have changed the answer; nothing where every check did. */
export function mayChangeInWords(row: LedgerRow): string {
  const open = openOf(row)
  if (open.length === 0 || row.standing === 'not-tested') return ''
  return `this may change: ${openChecks(open)}`
}

/** `1 check is open (skipped for want of ss: …)`. */
function openChecks(open: readonly Finding[]): string {
  return `${open.length === 1 ? '1 check is' : `${open.length} checks are`} open (${reasonsIn(open)})`
}

/** Labs that were not run are one reason, however many they are. */
function reasonsIn(open: readonly Finding[]): string {
  const absent = [...new Set(open.filter(({ result }) => result === null).map(({ lab }) => lab))]
  const others = open.filter(({ result }) => result !== null).map(whyOpen)
  const notRun = `${asJoined(absent)} ${absent.length === 1 ? 'was' : 'were'} not run`
  return [...new Set(absent.length === 0 ? others : [...others, notRun])].join('; ')
}

export function whyOpen({ lab, shownBy, result }: Finding): string {
  if (result === null) return `${lab} was not run`
  if (result.verdict === 'skip') return `skipped for want of ${withoutStop(result.seen)}`
  if (result.observed === null) return `nothing was observed: ${withoutStop(result.seen)}`
  if (shownBy === null) return 'what was observed does not decide it'
  return `it speaks of ${LISTING_NAMES[shownBy]}, and another listing was shown`
}

/** Up to this many characters an evidence may have more than one sentence. */
const ONE_LINE = 180
/** The same for each of several that stand together. */
const ONE_OF_SEVERAL = 120

/** What a check saw, in one line: its first sentence, and as many of those after it as there is room for. */
export function evidenceInWords({ result }: Finding, room = ONE_LINE): string {
  if (result === null || result.observed === null) return ''
  let line = ''
  for (const sentence of sentencesOf(observedInWords(result))) {
    if (line !== '' && line.length + 1 + sentence.length > room) break
    line = line === '' ? sentence : `${line} ${sentence}`
  }
  return line
}

/** What decides that a claim holds, or that it does not: for each lab what its deciding checks saw. */
export function decidingInWords(row: LedgerRow, holds: boolean): { lab: string; seen: string }[] {
  const deciding = decidingOf(row, holds)
  const room = deciding.length > 1 ? ONE_OF_SEVERAL : ONE_LINE
  return [...new Set(deciding.map(({ lab }) => lab))].map((lab) => {
    const own = deciding.filter((finding) => finding.lab === lab)
    return { lab, seen: own.map((finding) => evidenceInWords(finding, room)).join(' ') }
  })
}

/** A sentence ends with a mark before a blank; the dots inside of 127.0.0.1 end none. */
function sentencesOf(text: string): string[] {
  return text
    .replace(/\s+/g, ' ')
    .trim()
    .split(/(?<=[.!?]) (?=\S)/)
}

function withoutStop(text: string): string {
  return text.replace(/\.$/, '')
}

/** `12 hold, 3 do not hold, 1 holds with a condition and 2 were not tested`. */
export function standingsInWords(counts: Readonly<Record<Standing, number>>): string {
  const words: [Standing, string, string][] = [
    ['holds', 'holds', 'hold'],
    ['does-not-hold', 'does not hold', 'do not hold'],
    ['holds-with-condition', 'holds with a condition', 'hold with a condition'],
    ['not-tested', 'was not tested', 'were not tested'],
    ['definition', 'is a definition', 'are definitions'],
  ]
  const parts = words.filter(([standing]) => counts[standing] > 0)
  return asJoined(parts.map(([standing, one, many]) => `${counts[standing]} ${counts[standing] === 1 ? one : many}`))
}

/** `5 answers are open because of skips: 3 were not tested and 2 may change`; nothing where there is none. */
export function openInWords({ notTested, mayChange }: OpenAnswers, why: string): string {
  const parts = [
    notTested === 0 ? [] : `${notTested} ${notTested === 1 ? 'was' : 'were'} not tested`,
    mayChange === 0 ? [] : `${mayChange} may change`,
  ].flat()
  const all = notTested + mayChange
  return all === 0 ? '' : `${all} ${all === 1 ? 'answer is' : 'answers are'} open ${why}: ${asJoined(parts)}`
}

export const BECAUSE_OF_SKIPS = 'because of skips'
export const FOR_OTHER_REASONS = 'for other reasons'

const LANGUAGES = new Intl.DisplayNames(['en'], { type: 'language' })

/** `Russian`, for `ru`. */
export function languageInWords(code: string): string {
  return LANGUAGES.of(code) ?? code
}
