/** What an experiment can do. Every call is one numbered step of the narration and of the evidence. */

import type { Endpoint, Protocol } from './endpoint.ts'
import type { Capability } from './lab.ts'
import type {
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
} from './observation.ts'
import type { ListingSource } from './socket-row.ts'

export type Stage = {
  /** The port of this act: the documents' 8080 where it is free, another one where it is not. */
  readonly port: number

  /** The range from which this system gives clients their ports; `null` where it does not tell. */
  readonly ephemeralRange: [number, number] | null

  /** Whether the person asked for the long form with `--full`. Only for an act with `longForm: true`. */
  readonly full: boolean

  /** Whether this machine has it, for what only some checks of an act need. */
  has(capability: Capability): boolean

  /** Another port of this act, leased, free, and without connections of before. In a network of its own: the next number. */
  anotherPort(): Promise<number>

  /**
   * Starts a program of `labs/programs` as a process of its own and waits until it is ready or refused.
   * `listening` and `bound` count when the operating system's tables show the row; `EADDRINUSE` when they show a holder.
   * A program is TypeScript, or Python (`NAME.py`) for what Node cannot ask of the system.
   *
   * @throws Inconclusive when the program says nothing usable, ends early, or contradicts the tables.
   */
  start(program: string, ...args: (string | number)[]): Promise<Started>

  /** The same as another user. Needs the capability `another-user`. */
  startAsAnotherUser(program: string, ...args: (string | number)[]): Promise<Started>

  /**
   * Connects over TCP to the act's port, or another one, hears what the server says first, and closes.
   * `from` chooses the client's own address, port, or both: then EADDRINUSE and EADDRNOTAVAIL are observations.
   */
  connect(address: string, options?: { port?: number; from?: Partial<Endpoint> }): Promise<Connected>

  /** Connects `count` times, one after the other, and counts who served. */
  connectMany(address: string, count: number, options?: { port?: number }): Promise<Tally>

  /**
   * Sends one datagram to the act's port, or another one, and waits for an answer, an error, or silence.
   * `from` chooses the sender's own address, port, or both: then EADDRINUSE and EADDRNOTAVAIL are observations.
   */
  send(address: string, text: string, options?: { port?: number; from?: Partial<Endpoint> }): Promise<Sent>

  /**
   * Lists the sockets of the act's port, of another one, or of all, with every tool that is there; shows the preferred
   * one, where it is. With `all` nobody is a stranger: the machine has other sockets. What is shown are listeners and
   * UDP sockets; with `connections` also the connections of these ports.
   */
  list(preferred?: ListingSource, options?: { port?: number | 'all'; connections?: boolean }): Promise<Listed>

  /**
   * Asks every port of a range, all 65,536 unless told otherwise, from outside: with a TCP connect each, or a datagram.
   * Only for an act with a network of its own: a scan must not meet another lab's server.
   */
  scan(protocol: Protocol, address: string, range?: { from: number; to: number }): Promise<Scanned>

  /** Runs a tool of the machine, such as `nmap` or `ip`, and keeps what it prints. A tool that is absent: Inconclusive. */
  run(tool: string, ...args: (string | number)[]): Promise<Ran>

  /** Reads a listing in the format of a BSD's fstat or netstat from a file beside the lab: `new URL('./a.txt', import.meta.url)`. */
  read(format: Recorded['format'], file: URL): Promise<Recorded>

  /** Waits until a program tells what it saw under this name: the next such word, or the first one. */
  said(started: Started, what: string): Promise<Said>

  /** Types a line into a program, and waits until it then tells what it saw under this name. */
  ask(started: Started, line: string, what: string): Promise<Said>

  /** Tells a program to go on to its next step: a bound socket to listen, or, with a line, to open one more socket. */
  proceed(started: Started, line?: string): Promise<Started>

  /** Stops a program where it stands with SIGSTOP, as Ctrl-Z does: it runs no more, and its sockets stay. */
  pause(started: Started): Promise<Paused>

  /** Lets a paused program go on, with SIGCONT. */
  resume(started: Started): Promise<Paused>

  /** Waits for a program to end by itself. */
  ended(started: Started): Promise<Ended>

  /** Ends a program with SIGTERM, as `kill PID` does, and waits for its end. */
  stop(started: Started): Promise<Ended>

  /** Ends a program with SIGKILL, as `kill -9 PID` does, and waits for its end. */
  kill(started: Started): Promise<Ended>

  /**
   * A second host: another network namespace, joined to this one by a veth pair. For an act with a network of its own
   * and the capability `neighbour`. The same host at every call.
   */
  neighbour(): Promise<Neighbour>

  /** Says how far a long experiment is, for a person who waits. Not part of the evidence. */
  progress(done: number, total: number, what: string): void
}

/** A second host, made of a network namespace. */
export type Neighbour = {
  /** Its own address on the wire between the two, and the first host's: 192.0.2.2 and 192.0.2.1 (RFC 5737). */
  readonly address: string
  readonly oursOnTheWire: string
  /** The network devices at both ends. */
  readonly device: string
  readonly ourDevice: string
  /** Starts a program there. */
  start(program: string, ...args: (string | number)[]): Promise<Started>
  /** Runs a tool there. */
  run(tool: string, ...args: (string | number)[]): Promise<Ran>
}
