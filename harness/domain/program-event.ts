/** What a lab program says it did: one JSON line per event on its standard output. */

import type { Endpoint, Protocol } from './endpoint.ts'
import type { Json } from './json.ts'

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

/** What a program asked of the system before it bound: what the theories judge. */
export type Asked = {
  protocol: Protocol
  address: string
  port: number
  /** Whether it also asks to listen; a UDP socket never does. */
  listens: boolean
  ipv6Only: boolean
  reusePort: boolean
  /** `SO_REUSEADDR` as the program asked for it: for UDP only, because Node always sets it for TCP (except on Windows). */
  reuseAddr: boolean
}

/** `pid` is the process that says it: the program that was started, or a process that it started in turn. */
export type ProgramEvent = { pid?: number } & (
  | { event: 'listening'; local: Endpoint; asked?: Asked }
  | { event: 'bound'; protocol: Protocol; local: Endpoint; asked?: Asked }
  | { event: 'refused'; error: SystemError; asked?: Asked }
  | { event: 'connected'; local: Endpoint; peer: Endpoint }
  // `socket` names the one of several sockets that got it.
  | { event: 'accepted'; local: Endpoint; peer: Endpoint; socket?: string }
  | { event: 'received'; text: string; peer: Endpoint; socket?: string }
  // It has no socket to begin with: it is there, and tells what it is asked.
  | { event: 'running' }
  // Anything that only the program itself can see, such as what getsockname(2) answered: `what` names it.
  | { event: 'saw'; what: string; value: Json }
)

const EVENTS = new Set(['listening', 'bound', 'refused', 'connected', 'accepted', 'received', 'running', 'saw'])

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
