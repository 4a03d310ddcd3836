/** Reads the rows of a listing: who listens, and whose a connection is. */

import { openRows } from '../../harness/lab.ts'
import type { Listed, SocketRow, Started } from '../../harness/lab.ts'

type Process = { pid: number }

/** The processes of all descriptors of all sockets that listen. */
function listeningPids(listed: Listed): number[] {
  return openRows(listed).flatMap(({ holders }) => holders.map(({ pid }) => pid))
}

/** How the listing shows a socket that a parent made and a child should have inherited. */
export function howShared(listed: Listed, parent: Process, child: Process) {
  const pids = listeningPids(listed)
  if (!pids.includes(parent.pid)) return 'other'
  if (!pids.includes(child.pid)) return 'parent-only'
  return openRows(listed).length === 1 ? 'one-socket' : 'two-sockets'
}

/** How many holders the listing shows for what listens. */
export function howManyHolders(listed: Listed) {
  if (openRows(listed).length === 0) return 'no-row'
  return (['other', 'one-holder', 'two-holders'] as const)[listeningPids(listed).length] ?? 'other'
}

/** The server's end of a client's connection, in one of the listings that were asked. */
export function connectionOf(client: Started, listed: Listed, source: Listed['source']): SocketRow | undefined {
  const listing = [listed, ...listed.others].find((one) => one.source === source)
  return listing?.rows.find(({ peer }) => peer !== null && peer.port === client.local?.port)
}

export const OWNERS = ['no-process', 'a-process', 'no-row'] as const

/**
 * Whose the server's end of a connection is, by the kernel's table and the descriptors of all processes. Where there is
 * an inode, some process may have the socket, though it was not found.
 */
export function ownerOf(client: Started, listed: Listed, state: string): (typeof OWNERS)[number] | 'other' {
  const row = connectionOf(client, listed, 'proc')
  if (!row) return 'no-row'
  if (row.holders.length > 0) return 'a-process'
  return row.inode === null && row.state === state ? 'no-process' : 'other'
}

/** Which of the two tools has the server's end of a connection. */
export function toolsThatShow(client: Started, listed: Listed) {
  const [ss, lsof] = [connectionOf(client, listed, 'ss'), connectionOf(client, listed, 'lsof')]
  return ss ? (lsof ? 'both' : 'ss-only') : lsof ? 'other' : 'neither'
}
