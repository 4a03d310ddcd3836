/** A role: a program of a lab whose place a handed-in program can take, which knows nothing of this harness. */

import type { Protocol } from './endpoint.ts'

export type Role = {
  /** `server`: it gets a port and is dialled. `client`: it gets a server's address and port, and dials it. */
  part: 'server' | 'client'
  protocol: Protocol
  /** The address that the program gets in HOST: a server binds it, a client dials it. */
  address: string
  /** What it has to ask of its socket before it binds. */
  options: readonly ('reusePort' | 'ipv6Only')[]
  /** How many clients a server serves before it ends by itself, one for the servers of the documents. */
  serves: number
}

/** By the name of the program in labs/programs. */
export type Roles = Readonly<Record<string, Role>>

/** What a student is told of a role, in one language. */
export type RoleText = {
  /** One line: what the program is. */
  title: string
  /** What it must do, a sentence each; the last says how it ends. */
  task: readonly string[]
}

/** What was seen of a handed-in program that is not as its role says. Closed, because each has its explanation. */
export const FINDINGS = [
  'cannot-be-started',
  'does-not-build',
  'does-not-listen',
  'listens-elsewhere',
  'another-address',
  'another-protocol',
  'ipv4-only',
  'loopback-only',
  'takes-ipv4-too',
  'ipv6-only',
  'address-in-use',
  'option-after-bind',
  'address-in-time-wait',
  'shares-its-port',
  'ended-early',
  'crashed',
  'only-prints',
  'never-accepts',
  'resets-the-client',
  'waits-for-the-client',
  'does-not-end',
  'leaves-a-child',
  'does-not-read',
  'does-not-answer',
  'does-not-connect',
  'chooses-its-port',
  'closes-first',
  'too-much-output',
  'too-much-memory',
  'too-much-time',
  'too-many-processes',
] as const

/** A program that took too much was stopped in the midst of what it did: nothing else that was seen of it counts. */
export const TOO_MUCH: readonly FindingKind[] = [
  'too-much-output',
  'too-much-memory',
  'too-much-time',
  'too-many-processes',
]

export type FindingKind = (typeof FINDINGS)[number]

/** One such finding, with what it rests on: everything in it was seen from outside. */
export type Finding = {
  kind: FindingKind
  role: string
  /** Facts for its text, such as `{ told: 17722, found: '127.0.0.1:8000' }`. */
  facts: Readonly<Record<string, string | number>>
}
