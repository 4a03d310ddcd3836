/** Why an answer is none although one was read: what it rests on contradicts itself. Pure. */

import { isIP } from 'node:net'

import { formatEndpoint } from '../domain/endpoint.ts'
import type { Endpoint } from '../domain/endpoint.ts'
import type { ActEvidence, Step } from '../domain/evidence.ts'
import type { Started } from '../domain/observation.ts'
import { canonical } from '../theories/reach.ts'

/** An answer that no step of the experiment bears out, or one from listings that contradict each other, is none. */
export function doubtAbout({ steps }: ActEvidence, restsOn: readonly number[]): string | null {
  if (restsOn.length === 0) return 'the answer rests on no step of the experiment: return what the steps saw, whole'
  for (const step of steps) {
    if (step.kind === 'list' && restsOn.includes(step.number) && step.saw.disagreements.length > 0) {
      return `the listings of step ${step.number} disagree: ${step.saw.disagreements.join('; ')}`
    }
  }
  return null
}

/**
 * A right answer of an experiment that was not done as it was meant is right by chance: the client was refused, and the
 * server that it was to find was elsewhere, or nowhere. A wrong answer has one explanation more, and stays wrong.
 * `looked`: the steps on which answers rest that are as expected, so that a refusal among them is one that was meant.
 */
export function doubtAboutRight({ steps }: ActEvidence, looked: readonly number[]): string | null {
  for (const step of steps) {
    if (step.kind !== 'start' && step.kind !== 'proceed') continue
    const doubt = doubtAboutStart(step, looked.includes(step.number))
    if (doubt !== null) return `${step.saw.program} (process ${step.saw.pid}) ${doubt}`
  }
  return null
}

function doubtAboutStart(step: Step & { saw: Started }, isMeant: boolean): string | null {
  const { outcome, protocol, local, rows } = step.saw
  if (outcome.startsWith('E') && !isMeant) return `was refused with ${outcome}, which nobody expected here`
  if ((outcome !== 'listening' && outcome !== 'bound') || local === null) return null
  const where = formatEndpoint(local)
  const { address, port } = wantedBy(step, step.saw)
  if (port !== null && port !== 0 && port !== local.port) return `was to have port ${port}, and has ${where}`
  if (address !== null && canonical(address) !== canonical(local.address)) {
    return `was to have the address ${address}, and has ${where}`
  }
  if (outcome === 'bound' && protocol === 'tcp' && rows.length > 0) {
    return `says that ${where} is only bound, and the system's tables show that it listens`
  }
  return null
}

/** By its own word, which comes from before the call; a program that does not say it was told by its arguments. */
function wantedBy(step: Step, { asked }: Started): { [part in keyof Endpoint]: Endpoint[part] | null } {
  const words = step.kind === 'start' ? step.args : []
  const told = words.find((word) => /^\d+$/.test(word))
  const address = asked?.address ?? words.find((word) => isIP(word) !== 0) ?? null
  return { port: asked?.port ?? (told === undefined ? null : Number(told)), address: isFit(address) ? address : null }
}

/** A name stands for addresses that are looked up. */
function isFit(address: string | null): boolean {
  return address !== null && isIP(address) !== 0
}
