/** One line per row, for tests that read whole listings: `tcp 0.0.0.0:22 LISTEN 1/sshd`. */

import { formatEndpoint } from '../../harness/domain/endpoint.ts'
import type { ReadListing } from '../../harness/domain/look.ts'
import type { SocketRow } from '../../harness/domain/socket-row.ts'
import { readListings } from '../../harness/listing/recognise.ts'

export function brief({ protocol, local, peer, state, holders, device }: SocketRow): string {
  const words = [
    protocol,
    formatEndpoint(local) + (device === null ? '' : `%${device}`),
    ...(peer === null ? [] : ['>', formatEndpoint(peer)]),
    ...(state === null ? [] : [state]),
    ...holders.map(({ pid, command, user }) => `${user === undefined ? '' : `${user}:`}${pid}/${command ?? ''}`),
  ]
  return words.join(' ')
}

/** The one listing of a text, in short. Fails where there is another number of listings, or a line outside them. */
export function readOne(text: string) {
  const { listings, unread } = readListings(text)
  const [listing] = listings as [ReadListing]
  if (listings.length !== 1 || unread.length > 0) {
    throw new Error(`${listings.length} listings, and outside them: ${JSON.stringify(unread)}`)
  }
  const { format, rows, hosts, leftOut, blind, command } = listing
  const left = Object.fromEntries(leftOut.map(({ kind, count }) => [kind, count]))
  const unreadLines = listing.unread.map(({ line, why }) => `${line}: ${why}`)
  return { format, command, rows: rows.map(brief), full: rows, hosts, left, blind, unread: unreadLines }
}
