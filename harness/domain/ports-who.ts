/** Who has a port here, as plain data: sockets and processes, who is connected, and what else could refuse the number. */

import type { AddressFamily, Endpoint, Protocol } from './endpoint.ts'
import type { ListingFormat } from './look.ts'
import type { TcpState } from './socket-row.ts'

/** `null` always means: not known, or this user may not see it. */
export type WhoProcess = {
  pid: number
  /** Which process started it, or adopted it since. */
  parent: number | null
  command: string | null
  /** Its words, as it was started. */
  commandLine: string[] | null
  user: string | null
  /** When the process was started: its socket is no older, unless it was handed over. */
  startedAt: string | null
  isFileGone: boolean | null
  /** The service of systemd that it belongs to, such as `ssh.service`; it may be started again when it ends. */
  unit: { name: string; isOfUser: boolean } | null
}

/**
 * A socket that has the number for itself: a listener, a UDP socket, one that is only bound, or a client's end of a
 * connection (`peer` is not null).
 */
export type WhoSocket = {
  protocol: Protocol
  family: AddressFamily
  address: string
  device: string | null
  peer: Endpoint | null
  state: TcpState | null
  takesIPv4: boolean | null
  pids: number[]
  /** The owner of the socket: seen where the process is not. */
  owner: string | null
  /** Of a listener: connections that wait to be accepted, and the backlog. The kernel lets one more wait than that. */
  waiting: number | null
  backlog: number | null
}

/** A connection to a listener here. `there`: the process at the other end, where that is on this machine. */
export type WhoConnection = {
  local: Endpoint
  peer: Endpoint
  state: TcpState | null
  pids: number[]
  there: { pid: number; command: string | null } | null
}

/** The same number in another network namespace. It is in nobody's way here. */
export type WhoElsewhere = { pid: number; command: string | null; protocols: Protocol[] }

export type Who = {
  port: number
  /** From where the answer comes. */
  format: ListingFormat
  /** The usual names of the number. */
  usualNames: Partial<Record<Protocol, string>>
  sockets: WhoSocket[]
  processes: WhoProcess[]
  connections: WhoConnection[]
  /** Connections that no process has any more. `longestMs`: until the last one is forgotten, where the kernel tells. */
  timeWait: { count: number; longestMs: number | null }
  elsewhere: WhoElsewhere[]
  rules: WhoRules
}

/** What else decides whether this user gets the number here. `null`: not known on this system. */
export type WhoRules = {
  isSuperuser: boolean | null
  /** Of a user namespace that somebody made: user 0 there has its rights over networks that were made in it, and no others. */
  isUserNamespace: boolean | null
  /** The first port that any user may have. */
  unprivilegedPortStart: number | null
  /** From which clients get their ports: then a client may have the number for a while. */
  ephemeralRange: readonly [number, number] | null
  /** Whether the kernel keeps it from clients (ip_local_reserved_ports): who asks for it by number gets it. */
  isReserved: boolean | null
  hasIPv6: boolean | null
  /** Whether a TCP socket that is bound and does not listen would be seen: /proc/net has none, the kernel tells since 6.8. */
  seesBoundOnly: boolean
}
