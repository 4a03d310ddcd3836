/** The bench of `npm run try` in English: what came of a step, and what the theories had said. */

import { formatEndpoint } from '../domain/endpoint.ts'
import { asJoined } from './phrases.en.ts'
import type { TheoryName } from '../domain/theory.ts'
import { THEORY_NAMES } from '../domain/theory.ts'
import type { Tried, TryStep } from '../domain/tried.ts'
import { refutationInWords } from './theories.en.ts'

export function benchInWords(port: number): string {
  return `Everything happens on port ${port}. A socket is in a process of its own, unless its step says otherwise.`
}

/** What was found before the step: processes that somebody else has ended. */
export function lostInWords({ lost }: Tried): string[] {
  return lost.map(({ step, pid, exitCode, signal }) => {
    const how = signal === null ? `with exit code ${exitCode}` : `by ${signal}`
    return `Process ${pid} of step ${step} was ended from outside, ${how}, and its sockets with it.`
  })
}

/** What happened, in a sentence or two. */
export function triedInWords(tried: Tried): string {
  const { asked, outcome, skipped, problem, pid, at } = tried
  if (outcome === null) return skipped === null ? `Not observed: ${problem}.` : `Skipped: ${skipped}.`
  switch (asked.do) {
    case 'open': {
      const where = at ? `${asked.protocol.toUpperCase()} ${formatEndpoint(at)}` : ''
      if (outcome === 'listening') return `Process ${pid} listens on ${where}.`
      if (outcome !== 'bound') return `The system refuses it: ${errorInWords(outcome)}.`
      return `Process ${pid} is bound to ${where}${asked.protocol === 'tcp' ? ' and does not listen' : ''}.`
    }
    case 'arrive':
      return arrivalInWords(asked, tried)
    case 'close':
      return `The socket of step ${asked.step} is closed; its process ${pid} stays.`
    case 'kill':
      return `Process ${pid} was ended with SIGKILL, and its sockets with it.`
  }
}

function arrivalInWords({ protocol, from }: TryStep & { do: 'arrive' }, { outcome, receiver, at }: Tried): string {
  const what = protocol === 'tcp' ? 'client' : 'datagram'
  if (receiver) {
    const verb = protocol === 'tcp' ? 'accepted' : 'received'
    return `The socket of step ${receiver.step} gets it: process ${receiver.pid} ${verb} the ${what}.`
  }
  if (outcome === 'ECONNREFUSED') return 'Nobody gets it: the client is refused with ECONNREFUSED.'
  if (outcome === 'silent') return 'There is no answer, and no error.'
  const own = 'its own address and port are the ones that it dials'
  if (outcome === 'connected' && protocol === 'tcp') {
    return `The client meets itself: ${own}, so its SYN comes back to it, and that makes a connection.`
  }
  if (outcome === 'received') return `The datagram comes back to its sender: ${own}.`
  if (outcome === 'EAFNOSUPPORT' && from)
    return `The system answers EAFNOSUPPORT: the client's end and the address are of two IP versions.`
  const whose = from && outcome !== 'ENETUNREACH' ? ` to a client that asks for ${from.address}` : ''
  const where = at ? ` on its way to ${formatEndpoint(at)}` : ''
  // A privileged port is refused to who wants to have it. A client is refused an address that stands for many.
  if (outcome === 'EACCES') return `The system answers${whose}${where}: EACCES, a broadcast address needs SO_BROADCAST.`
  return `The system answers${whose}${where}: ${errorInWords(outcome ?? '')}.`
}

const MEANINGS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the address and port are in use',
  EADDRNOTAVAIL: 'the address is not one that can be had here',
  EACCES: 'this user may not have this port',
  EINVAL: 'such a socket cannot have this address',
  ENOTSUP: 'this system does not have the option',
  EAFNOSUPPORT: 'this system does not have this IP version',
  ENETUNREACH: 'no route leads there',
}

function errorInWords(code: string): string {
  const meaning = MEANINGS[code]
  return meaning === undefined ? code : `${code}, ${meaning}`
}

/** `M4, M6, M7 and M8 had said so.`, and what the others had said; or why none was put to the test. */
export function foretoldInWords(tried: Tried): string[] {
  const { judged, refuted, outcome } = tried
  if (outcome === null) return []
  if (judged.length === 0) return [whyNoneJudged(tried)]
  const wrong = Map.groupBy(refuted, (one) => refutationInWords(one))
  const right = judged.filter((name) => refuted.every(({ theory }) => theory !== name))
  return [
    ...(right.length > 0 ? [`${namesInWords(right)} had said so.`] : []),
    ...[...wrong].map(([said, those]) => `${namesInWords(those.map(({ theory }) => theory))} ${said}.`),
  ]
}

function whyNoneJudged({ asked, outcome, predicted, isCertain }: Tried): string {
  if (asked.do === 'close' || asked.do === 'kill') return 'No theory speaks of an end.'
  if (!isCertain) return 'Nothing was foretold: since a step was not observed, it is not certain who holds what.'
  if (THEORY_NAMES.every((name) => predicted[name] === null)) return 'No theory speaks of it.'
  return outcome === 'silent' ? 'Silence puts no theory to the test.' : `No theory speaks of ${outcome} here.`
}

/** `M1 to M3, M5 and M8`. */
export function namesInWords(names: readonly TheoryName[]): string {
  const parts: TheoryName[][] = []
  for (const name of names) {
    const last = parts.at(-1)
    const isNext = last && THEORY_NAMES.indexOf(name) === THEORY_NAMES.indexOf(last.at(-1) ?? name) + 1
    if (isNext) last.push(name)
    else parts.push([name])
  }
  return asJoined(parts.flatMap((part) => (part.length > 2 ? [`${part[0]} to ${part.at(-1)}`] : part)))
}

export const tableHeading = 'Theories against steps'

export const tableLegend = 'o: it had said so, x: it had said otherwise, -: it said nothing of it'

/** The same for a terminal that is too narrow for the table. */
export function stepWrongInWords(typed: string, refuted: readonly TheoryName[]): string {
  return `${typed}: ${refuted.length === 0 ? 'none was wrong' : `${namesInWords(refuted)} ${refuted.length === 1 ? 'was' : 'were'} wrong`}.`
}
