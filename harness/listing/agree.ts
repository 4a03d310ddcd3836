/** Holds listings of one port against each other, and says in plain English where they contradict one another. */

import { formatEndpoint } from '../domain/endpoint.ts'
import type { Listing, ListingSource, SocketRow } from '../domain/socket-row.ts'

const NAMES: Record<ListingSource, string> = {
  lsof: 'lsof',
  ss: 'ss',
  netstat: 'netstat',
  proc: "the kernel's own table",
}

/** What one listing says of one local endpoint: how many sockets, how many with a known holder, and which processes. */
type Claim = { listing: Listing; sockets: number; held: number; pids: number[] }

/**
 * Compares the LISTEN and UDP rows of a port: protocol, family, address, number of sockets, and process ids where both
 * sides know some. Connections are left out, since they come and go between two looks.
 *
 * What a listing cannot know is no contradiction: lsof goes from process to process, so it need not show a socket for
 * which no listing knows a holder; netstat names one process per socket, so it need not name the others.
 */
export function disagreements(listings: readonly Listing[], port: number): string[] {
  const compared = listings.map((listing) => ({ listing, rows: listing.rows.filter((row) => isCompared(row, port)) }))
  const keys = new Set(compared.flatMap(({ rows }) => rows.map(endpointText)))
  return [...keys].sort().flatMap((key) => {
    const claims = compared.map(({ listing, rows }) => {
      const here = rows.filter((row) => endpointText(row) === key)
      const pids = new Set(here.flatMap(({ holders }) => holders.map(({ pid }) => pid)))
      const held = here.filter(({ holders }) => holders.length > 0).length
      return { listing, sockets: here.length, held, pids: [...pids].sort((a, b) => a - b) }
    })
    return differencesAt(key, claims)
  })
}

function isCompared({ protocol, state, local }: SocketRow, port: number): boolean {
  return local.port === port && (protocol === 'udp' || state === 'LISTEN')
}

/** lsof prints the wildcard address `::ffff:0.0.0.0` as `*`, like `::`: the two are compared as one. */
function endpointText({ protocol, family, local }: SocketRow): string {
  const address = local.address === '::ffff:0.0.0.0' ? '::' : local.address
  return `${protocol.toUpperCase()} ${formatEndpoint({ ...local, address })} (${family})`
}

function differencesAt(key: string, claims: readonly Claim[]): string[] {
  const showing = claims.filter(({ sockets }) => sockets > 0)
  const isHeld = claims.some(({ held }) => held > 0)
  const hiding = claims.filter(({ sockets, listing }) => sockets === 0 && (listing.source !== 'lsof' || isHeld))
  if (hiding.length > 0) {
    const shown = sentenceList(showing.map(({ listing }) => NAMES[listing.source]))
    const missing = sentenceList(hiding.map(({ listing }) => NAMES[listing.source] + unreadNote(listing)))
    return [`${key} is shown by ${shown}, and not by ${missing}.`]
  }
  return [...countDifference(key, showing), ...pidDifference(key, showing)]
}

function unreadNote({ unread }: Listing): string {
  return unread.length === 0 ? '' : ` (lines that could not be read: ${unread.length})`
}

function countDifference(key: string, claims: readonly Claim[]): string[] {
  const complete = claims.filter(({ listing }) => listing.source !== 'lsof').map(({ sockets }) => sockets)
  const most = Math.max(...complete)
  const leastForLsof = Math.max(...claims.map(({ held }) => held))
  const isDifferent = claims.some(({ listing, sockets }) =>
    listing.source === 'lsof' ? sockets < leastForLsof || (complete.length > 0 && sockets > most) : sockets < most,
  )
  if (!isDifferent) return []
  const counts = claims.map(({ listing, sockets }) => `${NAMES[listing.source]} shows ${sockets}`)
  return [`The number of sockets at ${key} differs: ${sentenceList(counts)}.`]
}

function pidDifference(key: string, claims: readonly Claim[]): string[] {
  const knowing = claims.filter(({ pids }) => pids.length > 0)
  const complete = knowing.filter(({ listing }) => listing.source !== 'netstat')
  const first = complete[0]?.pids ?? knowing[0]?.pids ?? []
  const isDifferent =
    complete.some(({ pids }) => pids.join() !== first.join()) ||
    knowing.some(({ pids }) => pids.some((pid) => !first.includes(pid)))
  if (!isDifferent) return []
  const said = knowing.map(({ listing, pids }) => {
    return `${pids.length === 1 ? 'process' : 'processes'} ${sentenceList(pids.map(String))} by ${NAMES[listing.source]}`
  })
  return [`The holder of ${key} differs: ${sentenceList(said)}.`]
}

/** `a`, `a and b`, `a, b and c`. */
function sentenceList(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`
}
