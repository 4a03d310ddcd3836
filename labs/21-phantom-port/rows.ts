/** Finds the rows of clients in a listing, and reads what a program tells of its ends. */

import type { Listed, Said, SocketRow } from '../../harness/lab.ts'

/** A program's word on its own end. */
export function ownEnd({ value }: Said): { address: string; port: number } {
  return value as { address: string; port: number }
}

/** The row of a UDP client, which is known by its port. */
export function rowOf(client: Said, { rows }: Listed): SocketRow | undefined {
  return rows.find(({ protocol, local }) => protocol === 'udp' && local.port === ownEnd(client).port)
}

/** A socket that is still there after its program has ended is the same one, and not another on the same port. */
export function survivor(client: Said, during: Listed, after: Listed): SocketRow | undefined {
  const [before, later] = [rowOf(client, during), rowOf(client, after)]
  return before && later && isOne(before, later) ? later : undefined
}

/** By the inode, where the listing tells it, as lsof does. ss does not: then by a process that has had it all the time. */
function isOne(before: SocketRow, later: SocketRow): boolean {
  if (before.inode !== null && later.inode !== null) return before.inode === later.inode
  const pids = new Set(before.holders.map(({ pid }) => pid))
  return later.holders.length === 0 || later.holders.some(({ pid }) => pids.has(pid))
}

/** How a listing of all sockets has a UDP client. */
export function listedAs(client: Said, listed: Listed): 'like-a-server' | 'with-its-peer' | 'not-listed' {
  const row = rowOf(client, listed)
  return !row ? 'not-listed' : row.peer === null ? 'like-a-server' : 'with-its-peer'
}

/** What a scanner called open, and from which port of its own it was connected there. */
export function openFor({ value }: Said): { port: number; from: number }[] {
  return value as { port: number; from: number }[]
}

export const tcpRows = ({ rows }: Listed) => rows.filter(({ protocol }) => protocol === 'tcp')

/** The connections of a port of which both ends are the same. */
export function ownPeers(listed: Listed): SocketRow[] {
  return tcpRows(listed).filter(({ local, peer }) => peer?.port === local.port && peer.address === local.address)
}
