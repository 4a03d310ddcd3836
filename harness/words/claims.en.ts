/** What came of the documents' claims, in English: whether each holds here, why it was not tested, and the evidence. */

import type { Finding, LedgerRow, Standing } from '../domain/ledger.ts'
import { LISTING_NAMES } from '../domain/socket-row.ts'
import { asJoined, observedInWords } from './en.ts'

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
export function whyNotTested({ findings }: LedgerRow): string {
  if (findings.length === 0) return 'no check asks it'
  const open = findings.filter(({ holds }) => holds === null)
  const reasons = [...new Set(open.map(whyOpen))].join('; ')
  return open.length < findings.length ? `not all of it: what was tested holds, but ${reasons}` : reasons
}

export function whyOpen({ lab, shownBy, result }: Finding): string {
  if (result === null) return `${lab} was not run`
  if (result.verdict === 'skip') return `skipped for want of ${withoutStop(result.seen)}`
  if (result.observed === null) return `nothing was observed: ${withoutStop(result.seen)}`
  if (shownBy === null) return 'what was observed does not decide it'
  return `it speaks of ${LISTING_NAMES[shownBy]}, and another listing was shown`
}

/** Up to this many characters an evidence may have more than one sentence. */
const ONE_LINE = 140

/** What a check saw, in one line: its first sentence, and as many of those after it as there is room for. */
export function evidenceInWords({ result }: Finding): string {
  if (result === null || result.observed === null) return ''
  let line = ''
  for (const sentence of sentencesOf(observedInWords(result))) {
    if (line !== '' && line.length + 1 + sentence.length > ONE_LINE) break
    line = line === '' ? sentence : `${line} ${sentence}`
  }
  return line
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

const LANGUAGES = new Intl.DisplayNames(['en'], { type: 'language' })

/** `Russian`, for `ru`. */
export function languageInWords(code: string): string {
  return LANGUAGES.of(code) ?? code
}
