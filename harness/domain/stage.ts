/** What an experiment can do. Every call is one numbered step of the narration and of the evidence. */

import type { Connected, Ended, Listed, Sent, Started, Tally } from './observation.ts'
import type { ListingSource } from './socket-row.ts'

export type Stage = {
  /** The port of this act: the documents' 8080 where it is free, another one where it is not. */
  readonly port: number

  /** The range from which this system gives clients their ports; `null` where it does not tell. */
  readonly ephemeralRange: [number, number] | null

  /**
   * Starts a program of `labs/programs` as a process of its own and waits until it is ready or refused.
   * `listening` and `bound` count when the operating system's tables show the row; `EADDRINUSE` when they show a holder.
   *
   * @throws Inconclusive when the program says nothing usable, ends early, or contradicts the tables.
   */
  start(program: string, ...args: (string | number)[]): Promise<Started>

  /** The same as another user. Needs the capability `another-user`. */
  startAsAnotherUser(program: string, ...args: (string | number)[]): Promise<Started>

  /** Connects over TCP to the act's port, hears what the server says first, and closes. */
  connect(address: string): Promise<Connected>

  /** Connects `count` times, one after the other, and counts who served. */
  connectMany(address: string, count: number): Promise<Tally>

  /** Sends one datagram to the act's port and waits for an answer, an error, or silence. */
  send(address: string, text: string): Promise<Sent>

  /** Lists the sockets of the act's port with every tool that is there; shows the preferred one, where it is. */
  list(preferred?: ListingSource): Promise<Listed>

  /** Tells a program to go on to its next step: a bound socket to listen. */
  proceed(started: Started): Promise<Started>

  /** Waits for a program to end by itself. */
  ended(started: Started): Promise<Ended>

  /** Ends a program with SIGTERM, as `kill PID` does, and waits for its end. */
  stop(started: Started): Promise<Ended>

  /** Ends a program with SIGKILL, as `kill -9 PID` does, and waits for its end. */
  kill(started: Started): Promise<Ended>
}
