/** One look at the sockets of a machine: taken now on this one, or read from a text that somebody pasted. */

import type { Protocol } from './endpoint.ts'
import type { SocketRow } from './socket-row.ts'

/** Every form of listing that is read, and what it is called in a sentence. */
export const LISTING_FORMATS = {
  lsof: 'lsof',
  'lsof-fields': 'lsof -F',
  ss: 'ss',
  'netstat-linux': 'netstat of Linux',
  'netstat-bsd': 'netstat of a BSD or macOS',
  'netstat-windows': 'netstat of Windows',
  fstat: 'fstat',
  sockstat: 'sockstat',
  proc: "the kernel's tables",
  'sock-diag': "the kernel's own answer (sock_diag)",
  nmap: 'nmap',
  'nmap-grepable': 'nmap -oG',
  'nmap-xml': 'nmap -oX',
} as const

export type ListingFormat = keyof typeof LISTING_FORMATS

/** A line that could not be read. `line` counts from 1 over the whole text; `why` completes "line 7 was not read: …". */
export type UnreadLine = { line: number; text: string; why: string }

/** What a listing cannot say, or this user may not see. Whoever explains the rows says it beside them. */
export type Blind =
  /** It names no process at all (BSD netstat, the tables alone). */
  | 'processes'
  /** Some rows have no process, and the listing has others: more rights would show them. */
  | 'some-processes'
  /** Every row is held by one ordinary user: lsof then leaves out the sockets of others (root sees them). */
  | 'other-users'
  /** IPv6 wildcard rows do not say whether they take IPv4. */
  | 'dual-stack'
  /** It shows no state (fstat). */
  | 'states'
  /** It was asked for listeners, or for one protocol or family only: others may be there. */
  | 'connections'
  | 'tcp'
  | 'udp'
  | 'IPv4'
  | 'IPv6'

/** The words of nmap for a port: six states, two of them undecided. */
export const PORT_STATES = ['open', 'closed', 'filtered', 'unfiltered', 'open|filtered', 'closed|filtered'] as const

export type PortState = (typeof PORT_STATES)[number]

/**
 * `service`: the name that the scanner's own list has for the number: nobody asked the program. Only with `-sV` the scanner
 * talks to the port: then the name is its guess, and `version` is what else it made of the answers.
 */
export type ScannedPort = {
  protocol: Protocol
  port: number
  state: PortState
  service: string | null
  version?: string
}

/**
 * What a scan said of one host; `address` is `''` where the output does not name it. `notShown`: ports of which only the
 * number is told; `protocol` where that is told.
 */
export type ScannedHost = {
  address: string
  names: string[]
  ports: ScannedPort[]
  notShown: { state: PortState; count: number; protocol: Protocol | null }[]
  /** It answered nothing: no port of it was asked. */
  isDown?: true
}

/** What a listing may hold beside the sockets that are asked about: counted, since it is understood. */
export const LEFT_OUT = [
  /** Files, pipes, directories, terminals (lsof without `-i`, fstat). */
  'files',
  /** Sockets of the UNIX domain. */
  'unix-sockets',
  /** Sockets of other protocols and domains: raw, ICMP, netlink, packet, SCTP. */
  'other-sockets',
  /** TCP and UDP sockets of which the listing gives no address (lsof: `protocol: TCP`): not bound, or only bound. */
  'sockets-without-address',
] as const

export type LeftOut = { kind: (typeof LEFT_OUT)[number]; count: number }

/**
 * One listing. An address of a row may be a host name (`localhost`) where the listing prints names. `from` and `to` are lines
 * of the pasted text, from 1; `null` for a look at this machine.
 */
export type ReadListing = {
  format: ListingFormat
  /** The command as a person would type it, where it is known. */
  command: string | null
  lines: { from: number; to: number } | null
  rows: SocketRow[]
  /** Of a scan; empty for a listing of sockets. */
  hosts: ScannedHost[]
  unread: UnreadLine[]
  /** Lines that were understood and are no rows. Empty where there are none. */
  leftOut: LeftOut[]
  blind: Blind[]
}

/** What was made of a whole text. `unread`: its lines that stand outside every listing. No listing at all is a result too. */
export type ReadText = { listings: ReadListing[]; unread: UnreadLine[] }
