/** What one step of an experiment saw. These objects are the evidence: plain JSON, filled in by the stage. */

import type { Endpoint, Protocol } from './endpoint.ts'
import type { Json } from './json.ts'
import type { ScannedHost } from './look.ts'
import type { Asked, SystemError } from './program-event.ts'
import type { ListingSource, SocketRow } from './socket-row.ts'

/** The symbolic name of a system call's error, such as `EADDRINUSE`. */
export type ErrorCode = `E${string}`

/** A program that was started, and what came of its socket. */
export type Started = {
  program: string
  pid: number
  /**
   * `connected`: a client program. `bound`: a UDP socket, or a TCP socket that does not listen. `running`: no socket yet.
   */
  outcome: 'listening' | 'bound' | 'connected' | 'running' | ErrorCode
  protocol: Protocol | null
  local: Endpoint | null
  /** The row of the operating system's tables that confirms it; for `EADDRINUSE` the rows of those who hold the port. */
  rows: SocketRow[]
  error: SystemError | null
  /** What it asked for, where it says so; null for clients and for programs that do not say. */
  asked?: Asked | null
}

/** A client's attempt to connect. */
export type Connected = {
  outcome: 'connected' | 'timed-out' | ErrorCode
  to: Endpoint
  /** The client's own endpoint. */
  local: Endpoint | null
  /** What the server sent first. */
  heard: string
  /** What confirms a connection: a byte that came, or its row in the operating system's tables. */
  confirmedBy: 'byte' | 'row' | null
  /** The program that accepted it, by its own word; of a program with several sockets also which one. */
  servedBy: { program: string; pid: number; socket?: string } | null
  /** The accepted socket's two ends, as the server's accept reported them. */
  seenByServer: { local: Endpoint; peer: Endpoint } | null
  /** The client had chosen the endpoint that it dialled for its own end, and was connected to itself. */
  metItself?: true
}

/** A datagram that was sent. */
export type Sent = {
  outcome: 'received' | 'silent' | ErrorCode
  to: Endpoint
  local: Endpoint | null
  text: string
  /** The receiver's answer. */
  heard: string
  receivedBy: { program: string; pid: number; socket?: string } | null
  seenByServer: { text: string; peer: Endpoint } | null
  /** The sender had chosen the endpoint that it dialled for its own end, and got its own datagram. */
  metItself?: true
}

/** The operating system's own view of the act's port. */
export type Listed = {
  source: ListingSource
  command: string
  printed: string[]
  rows: SocketRow[]
  /** Rows of every tool that was asked, for checks that compare them. */
  others: { source: ListingSource; command: string; printed: string[]; rows: SocketRow[] }[]
  absent: { source: ListingSource; reason: string }[]
  /** Where two listings contradict each other about this port. Checks that rest on such a listing are inconclusive. */
  disagreements: string[]
}

/** A listing in the format of another system, read from a file of the lab. It is nobody's view of this machine. */
export type Recorded = {
  format: 'fstat' | 'netstat'
  /** The file, as a person would name it in the project's folder. */
  file: string
  printed: string[]
  rows: SocketRow[]
  /** Lines about TCP or UDP sockets that could not be read. */
  unread: string[]
}

/** How a process ended. */
export type Ended = { program: string; pid: number; exitCode: number | null; signal: string | null }

/** Which members of a group served how many of the connections. */
export type Tally = { connections: number; servedBy: { program: string; pid: number; connections: number }[] }

/** What a tool of the machine printed. */
export type Ran = {
  /** The command as a person would type it. */
  command: string
  exitCode: number | null
  /** Its lines, standard output first, then standard error; without trailing blanks. */
  printed: string[]
  /** Whether it was ended because it took too long. */
  timedOut: boolean
  /** What a scanner said of each host: of nmap only. */
  hosts?: ScannedHost[]
}

/** What a program said of something that only it could see. */
export type Said = { program: string; pid: number; what: string; value: Json }

/** What came of asking a range of ports from outside. */
export type Scanned = {
  protocol: Protocol
  address: string
  from: number
  to: number
  /** Ports that answered: a TCP handshake, or a datagram that came back. */
  open: number[]
  /** How many were refused: a RST, or ICMP port unreachable. */
  closed: number
  /** Ports from which nothing came: filtered, or for UDP perhaps open. */
  silent: number[]
  /** Ports on which the scanner's own socket met itself; these are closed, and are not among `open`. */
  metItself: number[]
}

/** A program that was stopped with SIGSTOP, or let go on with SIGCONT. */
export type Paused = { program: string; pid: number; state: string | null }
