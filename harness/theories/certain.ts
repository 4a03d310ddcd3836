/** What of an act is certain enough to be judged: who holds more than they said, and whether a tool changed the system. */

import { isIP } from 'node:net'

import { unmapped } from '../domain/endpoint.ts'
import type { Endpoint, Protocol } from '../domain/endpoint.ts'
import type { ActEvidence, Step } from '../domain/evidence.ts'
import type { Started } from '../domain/observation.ts'
import type { Asked } from '../domain/program-event.ts'
import type { SocketRow } from '../domain/socket-row.ts'
import type { CallOutcome } from '../domain/theory.ts'
import { canonical } from './reach.ts'

/** The documents' servers take one client, or one datagram, and end. */
export const SERVES_ONCE = /^server[1-8]$/

const nameOf = (pid: number, protocol: Protocol, address: string, port: number) =>
  [pid, protocol, canonical(address), port].join(' ')

/**
 * Ports on which somebody holds a socket that nobody told of: a second one of a program, or one that a child got from
 * its parent. Nothing is judged there.
 */
export function portsWithMoreThanWasSaid({ steps }: ActEvidence): Set<number> {
  const said = new Set<string>()
  const saidByAnybody = new Set<string>()
  for (const { pid, protocol, address, port } of steps.flatMap(toldOf)) {
    said.add(nameOf(pid, protocol, address, port))
    saidByAnybody.add(nameOf(0, protocol, address, port))
  }
  const isSaid = ({ holders, protocol, local: { address, port } }: SocketRow) =>
    // A user may not see who holds a socket of another user.
    holders.length === 0
      ? saidByAnybody.has(nameOf(0, protocol, address, port))
      : holders.every(({ pid }) => said.has(nameOf(pid, protocol, address, port)))
  const rows = steps.flatMap(rowsOf).filter((row) => isOpen(row) && !isSaid(row))
  return new Set(rows.map(({ local }) => local.port))
}

function toldOf(step: Step) {
  if (step.kind !== 'start' && step.kind !== 'proceed') return []
  const { pid, protocol, local, asked } = step.saw
  return asked && local && protocol ? [{ pid, protocol, ...local }] : []
}

function rowsOf(step: Step): readonly SocketRow[] {
  if (step.kind === 'start' || step.kind === 'proceed') return step.saw.rows
  return step.kind === 'list' ? [step.saw, ...step.saw.others].flatMap(({ rows }) => rows) : []
}

const isOpen = ({ protocol, state, peer }: SocketRow) =>
  protocol === 'tcp' ? state === 'LISTEN' : peer === null || peer.port === 0

/** What a tool may have done to the system: `filters`, packets may be dropped; `settings`, its rules may be others. */
export function changedBy(step: Step): 'filters' | 'settings' | null {
  if (step.kind !== 'run') return null
  const { command } = step.saw
  if (/\bsysctl\b/.test(command)) return 'settings'
  if (/\b(nft|iptables|ip6tables|tc)\b/.test(command)) return 'filters'
  return /\bip\b.*\b(add|del|delete|replace|change|set|flush)\b/.test(command) ? 'settings' : null
}

/**
 * Nothing where the program did not say it, or where what it got shows that it asked for something else. Of addresses
 * with a zone no theory knows.
 */
export function askedFor({ asked, local }: Started): Asked | null {
  if (!asked || !isIP(asked.address) || asked.address.includes('%')) return null
  if (local && asked.port !== 0 && local.port !== asked.port) return null
  return { ...asked, address: canonical(asked.address) }
}

/** A UDP socket that the tables show with a peer: its program has connected it. */
export function connectedRow({ protocol, rows }: Started): { local: Endpoint; peer: Endpoint } | null {
  const [row, ...more] = protocol === 'udp' ? rows.filter((one) => !isOpen(one)) : []
  return row?.peer && more.length === 0 ? { local: row.local, peer: row.peer } : null
}

/** A client, and a program that only runs, ask for no socket of which theories speak. */
export function callOutcome({ outcome }: Started): CallOutcome | null {
  if (outcome === 'connected' || outcome === 'running') return null
  return outcome === 'listening' || outcome === 'bound' ? 'ok' : outcome
}

/** An address that belongs to every machine of its own. */
export function isLoopback(address: string): boolean {
  const plain = unmapped(canonical(address))
  return plain.startsWith('127.') || ['::1', '::', '0.0.0.0'].includes(plain)
}
