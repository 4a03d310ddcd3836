/** What a reader makes of a tool's text, and the lines of that text. */

import type { Endpoint } from '../domain/endpoint.ts'
import type { Holder, Listing, SocketRow } from '../domain/socket-row.ts'

export type Reading = Pick<Listing, 'printed' | 'rows' | 'unread'>

/** Why a line, or a part of it, could not be read: completes "line 7 was not read: …". */
export type Unreadable = { why: string }

export const CUT_SHORT: Unreadable = { why: 'it seems to be cut short' }

export const OTHER_COLUMNS: Unreadable = { why: 'it has other columns than a row of this listing' }

/** The lines of a text, without trailing blanks (a carriage return is one) and without empty lines at the end. */
export function linesOf(text: string): string[] {
  const lines = text.split('\n').map((line) => line.trimEnd())
  while (lines.at(-1) === '') lines.pop()
  return lines
}

/** A row of which only the endpoints are known: everything else is what this listing does not say. */
export function bareRow(
  row: Pick<SocketRow, 'protocol' | 'family' | 'local' | 'peer' | 'state' | 'stateAsPrinted'>,
): SocketRow {
  return {
    ...row,
    holders: [],
    takesIPv4: null,
    uid: null,
    inode: null,
    receiveQueue: null,
    sendQueue: null,
    retransmits: null,
    device: null,
  }
}

/** A holder as a listing names it; an empty name is no name. */
export function holder(pid: string | number, command: string, fd: string | number | null): Holder {
  return { pid: Number(pid), command: command === '' ? null : command, fd: fd === null ? null : Number(fd) }
}

/** Listings write "no peer" as the wildcard address with port `*` or 0: nobody can be connected to port 0. */
export function peerOrNull(peer: Endpoint): Endpoint | null {
  return peer.port === 0 ? null : peer
}

/**
 * The kernel gives a long table in pieces, and may tell a socket twice when others come and go in between. A socket has
 * one inode; where that is not told, no two connections of TCP have the same two ends.
 */
export function eachOnce(rows: readonly SocketRow[]): SocketRow[] {
  const seen = new Set<string>()
  return rows.filter(({ protocol, family, local, peer, state, inode }) => {
    if (inode === null && (protocol !== 'tcp' || peer === null)) return true
    const key = inode === null ? JSON.stringify([family, local, peer, state]) : `${inode}`
    const isFirst = !seen.has(key)
    seen.add(key)
    return isFirst
  })
}
