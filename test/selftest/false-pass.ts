/**
 * Finds passes that a lie may have made. The harness is never lied to: what its own sockets, the system's tables and
 * the end of a process show is true under every lie. Most lies change what a program asks for; what it then says of
 * the answer is true as well. Only where a lie replaces an answer may the program's own word about it be false, and a
 * pass that rests on such a word is false.
 */

import type { ActEvidence, Step } from '../../harness/domain/evidence.ts'
import type { Lie } from '../../harness/domain/lie.ts'
import type { CheckResult } from '../../harness/domain/verdict.ts'
import type { Call } from '../lies/calls.ts'

/** The words that each lie makes false, as `wordOf` writes them. A lie that is not named replaces no answer. */
const FALSE_WORDS: Partial<Record<Lie | Call, RegExp>> = {
  'bind-denied': /: EACCES$|: opened$|: one more bind$/,
  'option-before-bind': /: IPV6_V6ONLY/,
  'interfaces-hidden': /^machine: interfaces$/,
  'names-misled': /^machine: localhost$/,
  'services-shifted': /^services: services$/,
  'network-unchanged': /^(ip|nft) /,
  'route-kept': /^ip route del/,
  'closed-called-open': /^nmap /,
  bind: /: bound$|: bind$|: one more bind$/,
  listen: /: listener?$|: listening$/,
  connect: /: connected?$|: dialled$/,
  setsockopt: /: IPV6_V6ONLY/,
}

/** Looked at by a person: the answer is not read off the part of the word that is false. */
const JUDGED: readonly { lie: Lie | Call; check: string; why: string }[] = [
  {
    lie: 'closed-called-open',
    check: 'service-column-of-nmap-names-the-program',
    why: 'the lie changes what nmap says of the state; the answer is read off its column of services',
  },
]

/** What the verdict has from the programs alone: nobody else could have seen it. */
export function wordsAlone({ steps }: ActEvidence, restsOn: readonly number[]): string[] {
  return [...new Set(steps.filter(({ number }) => restsOn.includes(number)).flatMap((step) => wordOf(step) ?? []))]
}

/** The false words that a pass rests on. */
export function falseWords(lie: Lie | Call, result: CheckResult, act: ActEvidence): string[] {
  const pattern = FALSE_WORDS[lie]
  const isJudged = JUDGED.some((one) => one.lie === lie && one.check === result.id)
  if (result.verdict !== 'pass' || pattern === undefined || isJudged) return []
  return wordsAlone(act, result.restsOn).filter((word) => pattern.test(word))
}

function wordOf(step: Step): string | null {
  if (step.kind === 'said') return `${step.saw.program}: ${step.saw.what}`
  if (step.kind === 'run') return step.saw.command
  if (step.kind !== 'start' && step.kind !== 'proceed') return null
  const { program, outcome, protocol } = step.saw
  // A listener has its row, EADDRINUSE the holder's. Of a bound TCP socket and of other errors there is no row.
  const isShown = ['EADDRINUSE', 'running', 'listening', 'connected'].includes(outcome)
  return isShown || (outcome === 'bound' && protocol === 'udp') ? null : `${program}: ${outcome}`
}
