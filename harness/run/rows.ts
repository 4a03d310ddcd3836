/** What the operating system's tables say now about one port, and whose sockets those are. */

import type { AddressFamily, Protocol } from '../domain/endpoint.ts'
import { Inconclusive } from '../domain/inconclusive.ts'
import type { SocketRow } from '../domain/socket-row.ts'
import { readKernelTables } from '../listing/kernel-tables.ts'
import { listSockets } from '../listing/list.ts'
import type { StageContext } from './stage-context.ts'

/**
 * Narrows a look: the kernel needs about a millisecond for each of its four tables. `namespaceOf` looks at the tables
 * of this process's network instead of our own.
 */
type Table = { protocol?: Protocol; family?: AddressFamily; namespaceOf?: number }

/** Whose programs an act has, and whether its network is its own. */
type Whose = Pick<StageContext, 'cast' | 'network'>

/** The rows with this local port, with those of their holders that are among the processes named, or with all. */
export async function allRowsOnPort(port: number, pids?: readonly number[], table: Table = {}): Promise<SocketRow[]> {
  // The kernel's tables are quick; a tool is asked only where there are none, and it would tell of our own network.
  const tables = readKernelTables({ port, ...(pids && { pids }), ...table })
  if (!tables && table.namespaceOf !== undefined) throw new Inconclusive('the tables of the second network are gone')
  const listing = tables ?? (await listSockets({ port })).shown
  return listing.rows.filter((row) => row.local.port === port)
}

/** The rows that block or serve somebody: TCP listeners and UDP sockets. */
export async function rowsOnPort(port: number, pids?: readonly number[], table: Table = {}): Promise<SocketRow[]> {
  return (await allRowsOnPort(port, pids, table)).filter(isOpen)
}

/**
 * Why a port has a past, or null. Connections in TIME-WAIT stay for a minute: they are listed, and keep alive what the
 * kernel noted of the port under SO_REUSEPORT (inet_csk_update_fastreuse), which decides who may join.
 */
export async function whyNotFresh(port: number): Promise<string | null> {
  return (await allRowsOnPort(port, [])).length > 0 ? 'connections of before are left on it' : null
}

/** A TCP listener or a UDP socket: what answers on a port. */
export function isOpen({ protocol, state }: SocketRow): boolean {
  return protocol === 'udp' || state === 'LISTEN'
}

/** Whether one of these processes holds the socket. */
export function heldBy(row: SocketRow, pids: readonly number[]): boolean {
  return row.holders.some(({ pid }) => pids.includes(pid))
}

/**
 * Of these rows the ones that none of our programs holds, nor what they started: a stranger took the port. In a network
 * of its own nobody else can be, and a holder that has ended since, as in a chain of forks, is no stranger. Only this
 * process may hold what an act that is over left behind.
 */
export function foreignRows(rows: readonly SocketRow[], { cast, network }: Whose): SocketRow[] {
  if (network === 'own') return rows.filter((row) => heldBy(row, [process.pid]))
  const foreign = rows.filter((row) => !heldBy(row, cast.pids))
  // Looking through all processes for descendants takes longer, and is seldom needed.
  const family = foreign.length === 0 ? [] : cast.family()
  return foreign.filter((row) => !heldBy(row, family))
}

/** Rows of sockets that belong to none of our programs, nor to what they started: a stranger took the port. */
export async function strangersOnPort(port: number, whose: Whose, table: Table = {}): Promise<SocketRow[]> {
  const { cast } = whose
  const rows = await rowsOnPort(port, cast.pids, table)
  if (rows.every((row) => heldBy(row, cast.pids))) return []
  return foreignRows(await rowsOnPort(port, [...cast.family(), process.pid], table), whose)
}
