/** What stands together in a list of ports: the sockets of one service, who holds them, and from where it is reached. */

import type { AddressFamily, Protocol } from './endpoint.ts'
import type { SocketRow } from './socket-row.ts'

/**
 * From where sockets can be reached by their addresses alone: a packet filter may still stand between. Of several sockets
 * the widest counts. `group` is a multicast address, `nobody` a socket without a port.
 * `families` are the versions of IP over which it is so; `perhaps` those of which the listing does not tell (an IPv6
 * wildcard row that may be dual-stack or not).
 */
export type Reach = {
  kind: 'nobody' | 'this-machine' | 'group' | 'one-interface' | 'every-address'
  families: AddressFamily[]
  perhaps: AddressFamily[]
  /** Of `one-interface` and `group`; the wildcard address of a socket that is bound to a device is not among them. */
  addresses: string[]
  /** The devices that a socket is bound to, the zones of its addresses, and the devices known to have an address. */
  devices: string[]
}

/** A process that holds a socket of the service. `null`: the listing does not say, or this user may not see it. */
export type ServiceProcess = {
  pid: number
  command: string | null
  user: string | null
  /** Whether its program file is gone from the disk (Linux: /proc/PID/exe ends in "(deleted)"); `null`: not known. */
  isFileGone: boolean | null
}

export type ServiceSocket = {
  protocol: Protocol
  family: AddressFamily
  /** `address` may be the wildcard; `device` as in the row. */
  address: string
  device: string | null
  /** `null` for UDP, which has no such state, and where the listing shows no states: then TCP may be bound only. */
  state: 'LISTEN' | null
  takesIPv4: boolean | null
  pids: number[]
  /** The owner of the socket. Often seen where the process is not. `owner` is the name, where that is known. */
  uid: number | null
  owner: string | null
  /** How many rows of the listing say the same (several sockets under SO_REUSEPORT). */
  sockets: number
}

/** The things that deserve a look, each with its reason in `harness/words/`. */
export const CONCERNS = [
  'login-in-clear',
  'files-for-anyone',
  'display',
  'remote-calls',
  'database',
  'debugger',
  'two-programs',
  'no-port',
  'privileged-by-ordinary-user',
  'file-gone',
] as const

export type Concern = (typeof CONCERNS)[number]

/** Why a service deserves a look. `usually`: what has such a number or program name as a rule, where that is the reason. */
export type Raised = { concern: Concern; usually: string | null }

/** One service: one number, held by one set of processes, over one or both protocols and families. */
export type Service = {
  port: number
  protocols: Protocol[]
  /** What services(5) calls the number: a name of the number, not of the program. */
  usualName: string | null
  sockets: ServiceSocket[]
  processes: ServiceProcess[]
  /** The widest of all its sockets. */
  reach: Reach
  /** By protocol, the widest first: what differs between the versions of IP stands apart. */
  reachOver: Partial<Record<Protocol, Reach[]>>
  concerns: Raised[]
}

/**
 * A row that is no service. `served` and `calling` are connections: this end has the port of a service, or is a client's.
 * `closing`: the connection is on its way to its end, or the kernel alone still remembers it. `perhaps-client`: a UDP
 * socket without a peer on a port as clients get them. `not-listening`: a TCP socket that has a port and does not listen.
 */
export const CLIENT_KINDS = ['served', 'calling', 'closing', 'perhaps-client', 'not-listening'] as const

export type ClientRow = {
  row: SocketRow
  kind: (typeof CLIENT_KINDS)[number]
  /** The port of a service that a holder of this row has as well: a server may ask others, as a client. */
  alsoServes: number | null
}
