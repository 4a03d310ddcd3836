/** What a lab program says it did: one JSON line per event on its standard output. */

import type { Endpoint, Protocol } from './endpoint.ts'

/** The fields of Node's error object, as the program caught it. */
export type SystemError = {
  code: string
  /** The negative errno of the system call; Node passes on what libuv returned. */
  errno: number | null
  /** The call that Node names. It is `listen` for every failure inside `server.listen`, whatever call was refused. */
  syscall: string | null
  address: string | null
  port: number | null
  message: string
}

export type ProgramEvent =
  | { event: 'listening'; local: Endpoint }
  | { event: 'bound'; protocol: Protocol; local: Endpoint }
  | { event: 'refused'; error: SystemError }
  | { event: 'connected'; local: Endpoint; peer: Endpoint }
  | { event: 'accepted'; local: Endpoint; peer: Endpoint }
  | { event: 'received'; text: string; peer: Endpoint }

const EVENTS = new Set(['listening', 'bound', 'refused', 'connected', 'accepted', 'received'])

/** Reads one line of a program's output; `undefined` where the line is no event. */
export function readProgramEvent(line: string): ProgramEvent | undefined {
  if (!line.startsWith('{')) return undefined
  try {
    const value: unknown = JSON.parse(line)
    if (typeof value !== 'object' || value === null || !('event' in value)) return undefined
    // The line comes from our own program; a program that lies is caught by the kernel's tables, not by a schema.
    return EVENTS.has(String(value.event)) ? (value as ProgramEvent) : undefined
  } catch {
    return undefined
  }
}
