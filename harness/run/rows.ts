/** What the operating system's tables say now about one port, and whose sockets those are. */

import type { SocketRow } from '../domain/socket-row.ts'
import { readKernelTables } from '../listing/kernel-tables.ts'
import { listSockets } from '../listing/list.ts'

/** The rows with this local port that block or serve somebody: TCP listeners and UDP sockets. */
export async function rowsOnPort(port: number, pids: readonly number[]): Promise<SocketRow[]> {
  // The kernel's tables take a few milliseconds; a tool is asked only where there are none.
  const listing = readKernelTables({ port, pids: [...pids], holders: true }) ?? (await listSockets({ port })).shown
  return listing.rows.filter((row) => row.local.port === port && (row.protocol === 'udp' || row.state === 'LISTEN'))
}

/** Whether one of these processes holds the socket. */
export function heldBy(row: SocketRow, pids: readonly number[]): boolean {
  return row.holders.some(({ pid }) => pids.includes(pid))
}

/** Rows of sockets that belong to nobody among our programs: a stranger took the port. */
export async function strangersOnPort(port: number, pids: readonly number[]): Promise<SocketRow[]> {
  return (await rowsOnPort(port, pids)).filter((row) => !heldBy(row, pids))
}
