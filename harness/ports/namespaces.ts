/** The same port in the other network namespaces of this machine: containers, and networks made by unshare(1). */

import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

import type { Protocol } from '../domain/endpoint.ts'
import type { WhoElsewhere } from '../domain/ports-who.ts'
import { readKernelTables } from '../listing/kernel-tables.ts'

/**
 * One process of each namespace stands for all: its /proc/PID/net has the tables of its network. The namespaces of other
 * users' processes are seen by root alone.
 */
export function findElsewhere(port: number): WhoElsewhere[] {
  const own = namespaceOf('self')
  if (own === null) return []
  const members = new Map<string, number[]>()
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const namespace = namespaceOf(name)
    if (namespace === null || namespace === own) continue
    const known = members.get(namespace)
    if (known === undefined) members.set(namespace, [Number(name)])
    else known.push(Number(name))
  }
  return [...members.values()].flatMap((pids) => holderAmong(pids, port))
}

function namespaceOf(pid: string): string | null {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`)
  } catch {
    return null
  }
}

function holderAmong(pids: readonly number[], port: number): WhoElsewhere[] {
  const [first] = pids
  if (first === undefined) return []
  const rows = tablesOf(first, port, pids).filter(({ peer, state }) => peer === null && state !== 'TIME-WAIT')
  if (rows.length === 0) return []
  const holder = rows.flatMap(({ holders }) => holders)[0]
  const protocols = [...new Set(rows.map(({ protocol }): Protocol => protocol))]
  const told = holder ?? { pid: first, command: commandOf(first) }
  return [{ pid: told.pid, command: told.command, protocols }]
}

function tablesOf(member: number, port: number, pids: readonly number[]) {
  try {
    return readKernelTables({ port, pids, namespaceOf: member })?.rows ?? []
  } catch {
    return [] // The process ended while it was read.
  }
}

function commandOf(pid: number): string | null {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trimEnd()
  } catch {
    return null
  }
}
