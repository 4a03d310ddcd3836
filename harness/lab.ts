/** All that a lab may import: how to declare one, how to write its words, and the reading of rows. */

import type { Json } from './domain/json.ts'
import type { Act, AnyAct, Lab } from './domain/lab.ts'
import type { ScannedPort } from './domain/look.ts'
import type { ErrorCode, Listed, Ran, Started } from './domain/observation.ts'
import { LISTING_NAMES } from './domain/socket-row.ts'
import type { SocketRow } from './domain/socket-row.ts'

export type { Narration } from './domain/narration.ts'
export type { Json } from './domain/json.ts'
export type { Claim } from './domain/ledger.ts'
export type {
  Connected,
  Ended,
  Listed,
  Paused,
  Ran,
  Recorded,
  Said,
  Scanned,
  Sent,
  Started,
  Tally,
} from './domain/observation.ts'
export type { PortState, ScannedPort } from './domain/look.ts'
export type { Roles, RoleText } from './domain/role.ts'
export type { SocketRow } from './domain/socket-row.ts'
export { formatEndpoint } from './domain/endpoint.ts'
export type { Service } from './domain/service.ts'
export { servicesOf } from './domain/services.ts'

/** Declares one act. The types of the evidence and of the outcomes follow from what is written in it. */
export function act<E extends Json, const C extends Record<string, readonly string[]>>(declared: Act<E, C>): Act<E, C> {
  return declared
}

/** Declares a lab: one to five acts, narrated in this order. */
export function defineLab<const A extends Record<string, AnyAct>>(lab: Lab<A>): Lab<A> {
  return lab
}

/** What a client's connect(2) can come to: the outcomes of a check about one. */
export const CONNECT = ['connected', 'ECONNREFUSED', 'timed-out'] as const

/** What a server's listen can come to, where the question is whether the port is in use. */
export const LISTEN = ['listening', 'EADDRINUSE'] as const

/** What a datagram can come to. */
export const SEND = ['received', 'ECONNREFUSED', 'silent'] as const

/** What the start of a TCP server came to. */
export function listenOutcome({ outcome }: Started): 'listening' | ErrorCode | 'other' {
  return outcome === 'listening' || outcome.startsWith('E') ? (outcome as 'listening' | ErrorCode) : 'other'
}

/** What the start of a program came to that binds and does not listen: a UDP socket, or a TCP socket not yet. */
export function bindOutcome({ outcome }: Started): 'bound' | ErrorCode | 'other' {
  return outcome === 'listening' || outcome === 'connected' || outcome === 'running' ? 'other' : outcome
}

/** The rows of TCP listeners and UDP sockets: what answers on a port, without the connections on it. */
export function openRows({ rows }: Listed): SocketRow[] {
  return rows.filter(({ protocol, state }) => protocol === 'udp' || state === 'LISTEN')
}

/** What the listing is called within a sentence: `lsof`, `ss`, `netstat` or `the kernel's tables`. */
export function listingName({ source }: Pick<Listed, 'source'>): string {
  return LISTING_NAMES[source]
}

/** The ports that nmap showed, of all hosts that it was asked for. */
export function scannedPorts({ hosts = [] }: Ran): ScannedPort[] {
  return hosts.flatMap(({ ports }) => ports)
}

const CLOSING = new Set<SocketRow['state']>(['FIN-WAIT-1', 'FIN-WAIT-2', 'CLOSE-WAIT', 'CLOSING', 'LAST-ACK'])
const LOOKS = 20

/**
 * Looks again while the two ends of a connection are closing. The kernel may lose the last FIN between two processors, as
 * it says itself (net/ipv4/tcp_input.c, tcp_rcv_state_process: "We still can lose it now"), and sends it again after 200 ms.
 */
export async function whenClosed(look: () => Promise<Listed>): Promise<Listed> {
  for (let looks = 1; ; looks++) {
    const listed = await look()
    if (looks === LOOKS || !listed.rows.some(({ state }) => CLOSING.has(state))) return listed
  }
}
