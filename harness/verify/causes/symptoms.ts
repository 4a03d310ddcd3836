/** Symptoms: questions to a surprise, from which the known causes choose. */

import { isWildcard } from '../../domain/endpoint.ts'
import type { Started } from '../../domain/observation.ts'
import type { Refusal, Surprise } from './surprise.ts'
import { allRefusals, reasonOf, refusals } from './surprise.ts'

export type Symptom = (surprise: Surprise) => boolean

type Where = Partial<Pick<Refusal, 'call'>> & { at?: (refusal: Refusal) => boolean }

/** Something was refused with one of these errors, against what was expected. */
export function refused(codes: readonly string[], { call, at = () => true }: Where = {}): Symptom {
  return (surprise) =>
    refusals(surprise).some((one) => {
      const isOfCall = call === undefined || one.call === call || one.call === 'unknown'
      return codes.includes(one.code) && isOfCall && at(one)
    })
}

/** The reason why nothing was observed has these words. */
export function says(words: RegExp): Symptom {
  return (surprise) => words.test(reasonOf(surprise))
}

/** The check asks about this. Its id is for ever, and its question may be told otherwise. */
export function asksAbout(words: RegExp): Symptom {
  return ({ result }) => words.test(result.id)
}

export function anyOf(...symptoms: readonly Symptom[]): Symptom {
  return (surprise) => symptoms.some((one) => one(surprise))
}

export function allOf(...symptoms: readonly Symptom[]): Symptom {
  return (surprise) => symptoms.every((one) => one(surprise))
}

/** Something was observed, and another thing was expected. */
export const failed: Symptom = ({ result }) => result.verdict === 'fail'

export const isLoopback = (address: string | null): boolean =>
  address === null || address === '::1' || /^(?:::ffff:)?127\./.test(address) || isWildcard(address)

export const isIPv6 = ({ address }: Refusal): boolean => address !== null && address.includes(':')

/** What a program has opened, as far as the answer rests on it. */
export function startedIn({ steps }: Surprise): Started[] {
  return steps.flatMap((step) => (step.kind === 'start' || step.kind === 'proceed' ? [step.saw] : []))
}

/** A socket was opened where the expectation has an error for it. */
export function openedInsteadOf(code: string, which: (started: Started) => boolean): Symptom {
  return (surprise) => {
    const { result } = surprise
    if (result.verdict !== 'fail' || result.expected?.outcomes.includes(code) !== true) return false
    return startedIn(surprise).some((one) => one.error === null && one.local !== null && which(one))
  }
}

/** Packets over the loopback interface got no answer. */
export const unanswered: Symptom = anyOf(
  refused(['timed-out', 'silent', 'ETIMEDOUT'], { at: ({ address }) => isLoopback(address) }),
  says(/connection \d+ of \d+: timed-out/),
)

/** A connection was refused while a program of the lab listened at that endpoint: the act's own steps show both. */
export const refusedByAListener: Symptom = (surprise) =>
  allRefusals(surprise).some((one) => {
    if (one.call !== 'connect' || one.code !== 'ECONNREFUSED' || one.step === null) return false
    return (surprise.act?.steps ?? []).some(({ number, ...step }) => {
      if (step.kind !== 'start' || step.saw.outcome !== 'listening' || number > Number(one.step)) return false
      const { local, pid } = step.saw
      if (local?.port !== one.port || !(local.address === one.address || isWildcardFor(local.address, one)))
        return false
      return !hasEnded(surprise, pid, Number(one.step))
    })
  })

/** A dual-stack listener may refuse IPv4 for reasons of its own, so each wildcard counts for its own family alone. */
function isWildcardFor(local: string, refusal: Refusal): boolean {
  return isWildcard(local) && local.includes(':') === isIPv6(refusal)
}

function hasEnded({ act }: Surprise, pid: number, before: number): boolean {
  return (act?.steps ?? []).some(
    (step) =>
      step.number < before &&
      (step.kind === 'stop' || step.kind === 'kill' || step.kind === 'ended') &&
      step.pid === pid,
  )
}

/** The answer rests on what was listed, or on what a tool printed. */
export const restsOnAListing: Symptom = ({ steps }) => steps.some(({ kind }) => kind === 'list')
