/** What listings and programs say of sockets, brought into one form: the sockets of which a picture can be drawn. */

import { formatEndpoint, isWildcard, unmapped } from '../../domain/endpoint.ts'
import type { Endpoint, Protocol } from '../../domain/endpoint.ts'
import type { SocketRow } from '../../domain/socket-row.ts'

/** `since` and `left`: the steps with which it is known to have the socket open, and no longer; null while it has. */
export type Who = { pid: number; name: string; since: number; left: number | null }

export type Held = {
  protocol: Protocol
  local: Endpoint
  onNeighbour: boolean
  state: 'listening' | 'bound'
  /** Of a socket on `::`; null where nothing tells. */
  takesIPv4: boolean | null
  /** Null where the program does not tell. */
  reusePort: boolean | null
  /** The other side of a UDP socket that is connected. */
  peer: Endpoint | null
  /** The network device that it is bound to. */
  device: string | null
  holders: Who[]
  inode: number | null
  /** The number of the step with which it came, and after which it was gone; `seen`: it was there before, unseen. */
  from: number
  isFirst: 'bound' | 'seen'
  /** The step with which a socket that was only bound began to listen. */
  listensFrom: number | null
  until: number | null
}

/** A bind or listen that was refused, and who held the place, as far as the tables show it. */
export type Refusal = {
  step: number
  protocol: Protocol
  wanted: Endpoint
  takesIPv4: boolean
  onNeighbour: boolean
  /** `server4 (7)`, or a client that had chosen its own end. */
  who: string
  pid: number | null
  code: string
  holders: string[]
}

/** What came to a port, or did not get there. */
export type Arrival = {
  step: number
  protocol: Protocol
  to: Endpoint
  outcome: 'arrived' | 'refused' | 'silent' | 'failed'
  text: string
  /** Who got it; null where nobody did, or nobody told. */
  pid: number | null
}

/** Whether the row is a socket's that can be found by strangers: a listener, or a UDP socket. */
export function isPlace({ protocol, state }: SocketRow): boolean {
  return protocol === 'udp' || state === 'LISTEN'
}

export function isSame(held: Held, { protocol, local, inode, holders }: SocketRow): boolean {
  if (held.protocol !== protocol || formatEndpoint(held.local) !== formatEndpoint(local)) return false
  if (held.inode !== null && inode !== null) return held.inode === inode
  return holders.length === 0 || holders.some(({ pid }) => held.holders.some((one) => one.pid === pid))
}

/** Whether a packet to this address can come to the socket. */
export function covers({ local, takesIPv4 }: { local: Endpoint; takesIPv4: boolean | null }, to: Endpoint): boolean {
  const address = unmapped(to.address)
  if (local.port !== to.port) return false
  if (!isWildcard(local.address)) return unmapped(local.address) === address
  const isIPv6 = address.includes(':')
  return local.address === '::' ? isIPv6 || takesIPv4 === true : !isIPv6
}

/** `::` for `0:0:0:0:0:0:0:0`: a program may have asked for it in any spelling. */
export function canonical(address: string): string {
  return /^[0:]+:[0:]*$/.test(address) ? '::' : address
}
