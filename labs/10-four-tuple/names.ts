/** Reads what the programs of this lab tell after a call: what came of it, and the two names of the socket. */

import { formatEndpoint } from '../../harness/lab.ts'
import type { Json, Listed, Said, SocketRow } from '../../harness/lab.ts'

export type Endpoint = SocketRow['local']

/** What getsockname(2) and getpeername(2) answered: an endpoint, or the name of the error. */
export type Names = { own: Endpoint | string; peer: Endpoint | string }

export type Call = Names & { outcome: string }

/** What one of the server's connections has heard. */
export type Heard = Names & { text: string }

/** What sending and receiving came to on a socket that is not connected. */
export type Tried = Names & { send: string; receive: string }

/** A program's word is JSON; what is in it is written in the program. */
export const told = <T = Call>({ value }: { value: Json }): T => value as unknown as T

export const isEndpoint = (name: Names['own']): name is Endpoint => typeof name !== 'string'

/** Whether it is an endpoint with a port: a socket without an address answers 0.0.0.0 and port 0. */
export const isGiven = (name: Names['own']): name is Endpoint => isEndpoint(name) && name.port !== 0

/** As a sentence has it: `127.0.0.1:8080`, or `ENOTCONN`. */
export const inWords = (name: Names['own']) => (isEndpoint(name) ? formatEndpoint(name) : name)

export const areSame = (one: Names['own'], other: Names['own']) => inWords(one) === inWords(other)

/** The connections of the listing that knows most of them: some show those of other processes, some do not. */
export function connectionsOf(listed: Listed): SocketRow[] {
  const all = [listed, ...listed.others].map(({ rows }) => rows.filter(({ state }) => state === 'ESTABLISHED'))
  return all.reduce((most, rows) => (rows.length > most.length ? rows : most), [])
}

/** What came of a call, as an outcome: the error's name, or what is told otherwise. */
export const outcomeOf = <O extends string>(said: Said, ok: O): O | `E${string}` | 'other' => {
  const { outcome } = told(said)
  return outcome === 'ok' ? ok : outcome.startsWith('E') ? (outcome as `E${string}`) : 'other'
}

/** The address without the port, which for a client is another one each time. */
export const hostOf = (name: Names['own']) => (isEndpoint(name) ? name.address : name)

/** What works on all of these sockets, though none is connected. */
export function whatWorks(...sockets: Said[]): 'neither' | 'both' | 'one-of-the-two' {
  const outcomes = sockets.map((one) => told<Tried>(one)).flatMap(({ send, receive }) => [send, receive])
  if (outcomes.every((outcome) => outcome === 'ok')) return 'both'
  return outcomes.includes('ok') ? 'one-of-the-two' : 'neither'
}

/** Whether a socket still has its port when its connection has ended: then it cannot bind again, and no other can. */
export function keeps({ rival, again }: { rival: Said; again: Said }): 'free' | 'kept' | 'other' {
  const [theirs, ours] = [told(rival).outcome, told(again).outcome]
  if (theirs === 'ok' && ours === 'ok') return 'free'
  return theirs === 'EADDRINUSE' && ours === 'EINVAL' ? 'kept' : 'other'
}
