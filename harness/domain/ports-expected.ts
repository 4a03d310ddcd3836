/** What should be open on a machine, and how that fits what is. */

import type { Protocol } from './endpoint.ts'
import type { PortsDiff } from './ports-change.ts'
import type { Cover } from './ports-taken.ts'
import type { SocketRow } from './socket-row.ts'

/** Where a line of the list allows a port to be open; anything else is an address. */
export const PLACES = ['anywhere', 'loopback', 'every-address', 'one-interface'] as const

export type Place = (typeof PLACES)[number]

/** One line of the list. `line` counts from 1; 0 where it comes from a snapshot. */
export type Expected = {
  line: number
  protocol: Protocol
  port: number
  where: Place | { address: string }
  /** `null`: whichever. */
  program: string | null
  /** It may be open, and need not be. */
  isOptional: boolean
}

/** What a socket has that no line asks for; `line` is one of the same protocol and number, where there is one. */
export type TooMuch = { socket: SocketRow; line: Expected | null }

/** `cannot-tell`: nothing is wrong as far as the listing tells, and it does not tell enough. */
export type ExpectVerdict = 'matches' | 'differs' | 'cannot-tell'

export type ExpectResult = {
  /** How many lines are met. */
  met: number
  missing: Expected[]
  tooMuch: TooMuch[]
  /** Lines of which the listing does not tell enough, with the reason. */
  unclear: { expected: Expected; why: 'not-asked-for' | 'other-users' | 'program-hidden' }[]
  /** What the listing was not asked for: there may be more. */
  notAsked: Cover[]
  /** The only user whose sockets it shows; `null` where others are shown too. */
  onlyUser: string | null
  /** Sockets that look like clients of somebody: not held against the list. */
  clients: SocketRow[]
}

/** What came of `--expect`: a list is held against sockets, a snapshot against another look. */
export type ExpectOutcome =
  | { kind: 'list'; verdict: ExpectVerdict; result: ExpectResult }
  | { kind: 'snapshot'; verdict: ExpectVerdict; diff: PortsDiff }
