/** The ports of a machine from outside, beside the list of its sockets: where the two fit, and where and why they do not. */

import type { Protocol } from './endpoint.ts'
import type { Holder, SocketRow } from './socket-row.ts'

/** A range of ports, both ends included. */
export type AskedPorts = { from: number; to: number }

/** One address over one protocol: how each port answered. `problem`: why nothing is known; the lists are empty then. */
export type ScanOfAddress = {
  address: string
  protocol: Protocol
  open: number[]
  closed: number
  silent: number[]
  problem: string | null
}

/**
 * A port that is open although no listed socket takes what is sent there.
 * - `ended-meanwhile`: asked once more it was closed.
 * - `hidden`: the listing shows the sockets of one user only.
 * - `not-in-the-tables`: the kernel's own, or a packet filter passes it on to a socket in another network namespace (as
 *   container engines do).
 */
export const NOT_LISTED = ['ended-meanwhile', 'hidden', 'not-in-the-tables'] as const

/**
 * A listed socket that was not reached at an address.
 * - `other-address`, `other-family`: it is bound elsewhere.
 * - `device`: it is bound to a network device, and the address that was asked is another one's.
 * - `group`: it takes what is sent to a multicast group.
 * - `silent-udp`: nothing came back: it does not answer a question that it does not know, or a filter drops it.
 * - `other-source`: the same as `silent-udp`, of a socket with the wildcard address that answered at another address. It
 *   answers from the address that the routes choose, and who asked is told of answers from the asked one only.
 * - `backlog-full`: as many connections wait to be accepted as may.
 * - `filtered`: nothing came back, and a listener would have answered.
 * - `refused`: it is listed before and after, and the answer was a refusal: a packet filter can send one.
 * - `ended-meanwhile`: it was listed once only.
 */
export const NOT_REACHED = [
  'other-address',
  'other-family',
  'device',
  'group',
  'silent-udp',
  'other-source',
  'backlog-full',
  'filtered',
  'refused',
  'ended-meanwhile',
] as const

export type NotListed = (typeof NOT_LISTED)[number]
export type NotReached = (typeof NOT_REACHED)[number]

/** One number, one program and one finding, at one or several addresses. */
export type Finding = {
  protocol: Protocol
  port: number
  /** Of the sockets that it is about; empty where none is listed, or their holders are hidden. */
  holders: Holder[]
  /** Where the sockets are bound; empty where none is listed. */
  bound: { address: string; device: string | null }[]
  /** Which of the scanned addresses it is about. */
  at: string[]
} & (
  | { kind: 'open-and-listed' }
  | { kind: 'open-not-listed'; why: NotListed }
  | { kind: 'listed-not-reached'; why: NotReached }
)

export type OutsideView = {
  ports: AskedPorts[]
  scans: ScanOfAddress[]
  findings: Finding[]
  /** Nothing came back, and no socket is listed there: a filter, or for UDP a socket in another network namespace. */
  silent: { protocol: Protocol; address: string; ports: number[] }[]
  /** Open sockets that were listed before the scan or after it, and not both times. */
  shortLived: { socket: SocketRow; seen: 'before' | 'after' }[]
  /** Addresses of this machine that were left out: link-local ones, which are dialled with their zone. */
  leftOut: string[]
}
