/** What the operating system's tables say now about one port, and whose sockets those are. */

import type { SocketRow } from '../domain/socket-row.ts'
import type { Cast } from './cast.ts'
import { readKernelTables } from '../listing/kernel-tables.ts'
import { listSockets } from '../listing/list.ts'

/** The rows with this local port. The processes named are those whose sockets can be told from others'. */
export async function allRowsOnPort(port: number, pids: readonly number[]): Promise<SocketRow[]> {
  // The kernel's tables take a few milliseconds; a tool is asked only where there are none.
  const listing = readKernelTables({ port, pids: [...pids], holders: true }) ?? (await listSockets({ port })).shown
  return listing.rows.filter((row) => row.local.port === port)
}

/** The rows that block or serve somebody: TCP listeners and UDP sockets. */
export async function rowsOnPort(port: number, pids: readonly number[]): Promise<SocketRow[]> {
  return (await allRowsOnPort(port, pids)).filter((row) => row.protocol === 'udp' || row.state === 'LISTEN')
}

/** Whether one of these processes holds the socket. */
export function heldBy(row: SocketRow, pids: readonly number[]): boolean {
  return row.holders.some(({ pid }) => pids.includes(pid))
}

/** Rows of sockets that belong to none of our programs, nor to what they started: a stranger took the port. */
export async function strangersOnPort(port: number, cast: Cast): Promise<SocketRow[]> {
  const foreign = (await rowsOnPort(port, cast.pids)).filter((row) => !heldBy(row, cast.pids))
  if (foreign.length === 0) return []
  // Looking through all processes for descendants takes longer, and is seldom needed.
  const family = cast.family()
  return (await rowsOnPort(port, family)).filter((row) => !heldBy(row, family))
}
