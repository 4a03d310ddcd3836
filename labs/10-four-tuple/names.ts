/** Reads what the programs tell after a call: what came of it, and the two names of the socket. */

import { formatEndpoint } from '../../harness/lab.ts'
import type { Json, Listed, Said, SocketRow, Started } from '../../harness/lab.ts'

export type Endpoint = SocketRow['local']

/** What getsockname(2) and getpeername(2) answered: an endpoint, or the error's name. */
export type Names = { own: Endpoint | string; peer: Endpoint | string }

/** What the programs tell; each tells a part of it. */
type Told = Names & { outcome: string; send: string; receive: string }

/** The programs are this lab's own: what they tell has these parts. */
export const told = ({ value }: { value: Json }) => value as unknown as Told

/** What each connection of the server has heard; its client writes the name of its own end. */
export const heardBy = ({ value }: Said) => value as unknown as (Names & { text: string })[]

export const isEndpoint = (name: Names['own']): name is Endpoint => typeof name !== 'string'

/** A socket without an address answers 0.0.0.0 and port 0. */
export const isGiven = (name: Names['own']): name is Endpoint => isEndpoint(name) && name.port !== 0

/** As a sentence has it: `127.0.0.1:8080`, or `ENOTCONN`. */
export const inWords = (name: Names['own']) => (isEndpoint(name) ? formatEndpoint(name) : name)

/** What came of a call: `ok` goes by another word. */
export function outcomeOf<O extends string>(said: Said, ok: O): O | `E${string}` | 'other' {
  const { outcome } = told(said)
  return outcome === 'ok' ? ok : outcome.startsWith('E') ? (outcome as `E${string}`) : 'other'
}

/** What bind gave to a socket that had nothing. */
export function afterBind(fresh: Said, bound: Said, address: string) {
  const { own, peer } = told(bound)
  if (isGiven(told(fresh).own)) return 'other'
  if (!isGiven(own)) return 'nothing'
  return inWords(own) !== address ? 'other' : isEndpoint(peer) ? 'both-ends' : 'own-end'
}

/** What connect gave to a socket that was never bound. */
export function afterConnect(fresh: Said, connected: Said) {
  const { own, peer } = told(connected)
  if (isGiven(told(fresh).own)) return 'other'
  if (!isGiven(peer)) return outcomeOf(connected, 'own-end')
  return isGiven(own) ? 'both-ends' : 'other-end'
}

type Accept = Record<'connected' | 'accepted' | 'listener', Said> & { listed: Listed }

/** Whose peer the client is after accept. The listener's row in the tables has to agree. */
export function afterAccept({ connected, accepted, listener, listed }: Accept) {
  if (isEndpoint(told(listener).peer)) return 'the-listener'
  const [client, server] = [told(connected), told(accepted)]
  const isMirrored = inWords(client.own) === inWords(server.peer) && inWords(client.peer) === inWords(server.own)
  const isListed = listed.rows.some(({ state, peer }) => state === 'LISTEN' && peer === null)
  return isMirrored && isListed ? 'a-new-socket' : 'other'
}

/** In what the server's sockets differ, and whether each one heard its own client. */
export function difference(heard: Said, port: number) {
  const names = heardBy(heard)
  if (names.some(({ own }) => !isEndpoint(own) || own.port !== port)) return 'in-the-port'
  if (new Set(names.map(({ peer }) => inWords(peer))).size < names.length) return 'in-nothing'
  return names.every(({ peer, text }) => inWords(peer) === text) ? 'in-the-peer' : 'other'
}

type ByName = Record<'byName' | 'heard' | 'againByName', Said> & { port: number }

/** A second connection of one four-tuple, dialled by a name that leads to the same address. */
export function dialledByName({ port, byName, heard, againByName }: ByName) {
  const hosts = new Set(heardBy(heard).map(({ peer }) => (isEndpoint(peer) ? peer.address : peer)))
  const isSameServer = inWords(told(byName).peer) === `127.0.0.1:${port}` && hosts.size === 1
  return isSameServer ? outcomeOf(againByName, 'connected') : 'other'
}

/** What works on all of these sockets, though none is connected. */
export function whatWorks(...sockets: Said[]) {
  const outcomes = sockets.map(told).flatMap(({ send, receive }) => [send, receive])
  if (outcomes.every((outcome) => outcome === 'ok')) return 'both'
  return outcomes.includes('ok') ? 'one-of-the-two' : 'neither'
}

type Life = { program: Started; rival: Said; again: Said }

/** Whether a socket still has its port when its connection has ended: then it cannot bind again, and no other can. */
export function keeps({ rival, again }: Life) {
  const [theirs, ours] = [told(rival).outcome, told(again).outcome]
  if (theirs === 'ok' && ours === 'ok') return 'free'
  return theirs === 'EADDRINUSE' && ours === 'EINVAL' ? 'kept' : 'other'
}

/** And whether it then connects again from there: not at once, but after it has been disconnected. */
export function keepsForGood(life: Life, atOnce: Said, later: Said) {
  const isSameEnd = succeeded(later) && inWords(told(later).own) === inWords(life.program.local ?? '')
  return keeps(life) !== 'kept' || (!succeeded(atOnce) && isSameEnd) ? keeps(life) : 'other'
}

export const succeeded = (said: Said) => told(said).outcome === 'ok'

/** The peers of all connections with this port, by the listing that knows most of them. */
export function peersOf(listed: Listed): Endpoint[] {
  return [listed, ...listed.others]
    .map(({ rows }) => rows.flatMap(({ state, peer }) => (state === 'ESTABLISHED' && peer ? [peer] : [])))
    .reduce((most, peers) => (peers.length > most.length ? peers : most), [])
}

/** What came of a connection whose own end another one has already; the tables have to show both. */
export function fromTheSameEnd(said: Said, own: Endpoint, listed: Listed) {
  if (!succeeded(said)) return outcomeOf(said, 'other')
  return inWords(told(said).own) === inWords(own) && peersOf(listed).length === 2 ? 'connected' : 'other'
}
