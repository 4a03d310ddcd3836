/** One row type for every listing of sockets: lsof, ss, netstat and the kernel's own tables. */

import type { AddressFamily, Endpoint, Protocol } from './endpoint.ts'

/** TCP states as RFC 9293 names them, and the two kernel states that it does not know. */
export const TCP_STATES = [
  'ESTABLISHED',
  'SYN-SENT',
  'SYN-RECEIVED',
  'FIN-WAIT-1',
  'FIN-WAIT-2',
  'TIME-WAIT',
  'CLOSED',
  'CLOSE-WAIT',
  'LAST-ACK',
  'LISTEN',
  'CLOSING',
  'NEW-SYN-RECEIVED',
  'BOUND-INACTIVE',
] as const

export type TcpState = (typeof TCP_STATES)[number]

/**
 * A process that has the socket open. `fd` is its descriptor; a listing may know one and not the other. `user` is the
 * owner of the process as the listing prints it, a name or a number; it is read only where it is asked for.
 */
export type Holder = { pid: number; command: string | null; fd: number | null; user?: string }

/** What a listing says of one socket. `null` always means: this listing does not say. */
export type SocketRow = {
  protocol: Protocol
  family: AddressFamily
  /** The socket's own endpoint. The wildcard address is `0.0.0.0` or `::`; port 0 means that none is given yet. */
  local: Endpoint
  /** The other side; `null` where there is none (a listener, an unconnected UDP socket). */
  peer: Endpoint | null
  /** The TCP state; `null` for UDP, which has none, and where the listing shows none. */
  state: TcpState | null
  /** The state's spelling in this listing, such as `LISTEN`, `UNCONN`, `07`, or `''`. */
  stateAsPrinted: string
  /** Processes that hold the socket. Empty where the listing may not see them, or nobody does (TIME-WAIT). */
  holders: Holder[]
  /** For an IPv6 wildcard row: whether it also takes IPv4. Only ss tells; `null` elsewhere. */
  takesIPv4: boolean | null
  /** The owner of the socket, as a user id; `null` where the listing does not print it as a number. */
  uid: number | null
  inode: number | null
  /** Bytes waiting to be read, or for a listener the connections that wait to be accepted. */
  receiveQueue: number | null
  /** Bytes not yet acknowledged, or for a listener (ss only) the backlog. */
  sendQueue: number | null
  /** How often the kernel has sent its last segment again without an answer (proc tables only). */
  retransmits: number | null
  /** The network device that the socket is bound to (`SO_BINDTODEVICE`), or an address's zone. */
  device: string | null
}

export type ListingSource = 'lsof' | 'ss' | 'netstat' | 'proc'

/** What a listing is called in a sentence. The kernel's tables are read where no tool is installed. */
export const LISTING_NAMES: Readonly<Record<ListingSource, string>> = {
  lsof: 'lsof',
  ss: 'ss',
  netstat: 'netstat',
  proc: "the kernel's tables",
}

/** What one tool printed, and what it means. */
export type Listing = {
  source: ListingSource
  /** The command as a person would type it. */
  command: string
  /** The tool's own output, header and all, without trailing blanks. */
  printed: string[]
  rows: SocketRow[]
  /** Lines that look like a row and could not be read: never dropped in silence. */
  unread: string[]
}
