/** The theories in English: what each says, and by which observation it fell. */

import { formatEndpoint } from '../domain/endpoint.ts'
import type { Receiver, Refutation, TheoryName, TheoryResult } from '../domain/theory.ts'
import type { Asked } from '../domain/program-event.ts'
import { asJoined } from './phrases.en.ts'

/** What each theory says of a system. The first seven are the documents' own, in the order in which they are given up. */
const theoryWords: Readonly<Record<TheoryName, { name: string; says: string }>> = {
  M1: {
    name: 'one table',
    says: 'The system has one table from port to process: who has a port has it over TCP and UDP.',
  },
  M2: { name: 'a table per protocol', says: 'TCP and UDP have a table each, and each port in it has one process.' },
  M3: {
    name: 'lists of sockets',
    says: 'A port has a list of sockets, which share it where all of them ask for that; their addresses do not matter.',
  },
  M4: {
    name: 'keyed by address and port',
    says: 'Each address has its own ports, and a wildcard address is just one more address.',
  },
  M5: { name: 'wildcards overlap', says: 'A wildcard address stands for every address, of whichever IP version.' },
  M6: {
    name: 'IP versions',
    says: 'A wildcard address stands for every address of its IP version, and :: for those of IPv4 too unless it opts out.',
  },
  M7: {
    name: 'connected sockets first',
    says: 'As M6; and before that, a packet goes to the connected socket that has exactly its four-tuple.',
  },
  M8: {
    name: 'the rules of this system',
    says: 'What the system does, with options, users and states, as its source code has it.',
  },
}

/** `said that a socket may not listen on TCP 127.0.0.1:8080; it may`. */
export function refutationInWords(refutation: Refutation): string {
  if (refutation.question === 'bind') {
    const { asked, said, saw } = refutation
    const call = asked.listens ? 'listen on' : 'be bound to'
    const claim = said === 'ok' ? `may ${call}` : `may not ${call}`
    const answer = saw === 'ok' ? 'it may' : `the system answered ${saw}`
    return `said that a socket ${claim} ${socketInWords(asked)}; ${answer}`
  }
  const { protocol, to, said, saw } = refutation
  const packet = `${protocol === 'tcp' ? 'a TCP client of' : 'a datagram to'} ${formatEndpoint(to)}`
  const claim = said.length === 0 ? `nobody gets ${packet}` : `${packet} is for ${said.map(receiver).join(' or ')}`
  return `said that ${claim}; ${saw === null ? 'it was refused' : `${receiver(saw)} got it`}`
}

/** `said that …; it may (act 1, step 2)`. */
export function observationInWords(refutation: Refutation, act: number): string {
  return `${refutationInWords(refutation)} (act ${act}, step ${refutation.step})`
}

/** `M1 and M2 are refuted: they said that …`. */
export function refutedInWords(theories: readonly TheoryName[], observation: string): string {
  const who = asJoined(theories)
  return theories.length === 1 ? `${who} is refuted: it ${observation}.` : `${who} are refuted: they ${observation}.`
}

/** `M1, one table: the system has …`, and how often it was refuted. */
export function theoryInWords({ theory, refutedBy }: TheoryResult): string {
  const { name, says } = theoryWords[theory]
  const more = Math.max(0, refutedBy.length - 1)
  const further = more === 0 ? '' : more === 1 ? ' One more step refutes it.' : ` ${more} more steps refute it.`
  return `${theory}, ${name}: ${says}${further}`
}

function receiver({ program, pid }: Receiver): string {
  return `${program} (process ${pid})`
}

function socketInWords(asked: Asked): string {
  const options = (['ipv6Only', 'reusePort', 'reuseAddr'] as const).filter((name) => asked[name])
  const where = `${asked.protocol.toUpperCase()} ${formatEndpoint(asked)}`
  return options.length === 0 ? where : `${where} with ${options.join(' and ')}`
}

export const theoryHeading = 'Theories'

export const tableHeading = 'Theories against labs'

export const tableLegend = 'x: refuted, o: asked and not refuted, -: not asked'

/** `Not refuted here: M6, M7, M8. Not asked: M3.` */
export function restInWords(stood: readonly TheoryName[], unasked: readonly TheoryName[]): string {
  const sentences = []
  if (stood.length > 0) sentences.push(`Not refuted here: ${stood.join(', ')}.`)
  if (unasked.length > 0) sentences.push(`Nothing here was of a kind of which they speak: ${unasked.join(', ')}.`)
  return sentences.join(' ')
}

export const systemIsASurprise =
  'M8 is meant to say what this system does, and was refuted: either these rules have an error, or this system is a surprise. Please report it.'
