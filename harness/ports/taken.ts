/** Makes of listings one look that can be kept and compared: what was open, and what the listings leave untold. */

import type { About } from '../domain/about.ts'
import { NOTHING_KNOWN } from '../domain/about.ts'
import { isWildcard } from '../domain/endpoint.ts'
import type { ReadListing } from '../domain/look.ts'
import type { Cover, Taken, TakenHost } from '../domain/ports-taken.ts'
import { COVERS } from '../domain/ports-taken.ts'
import { isOpen } from '../domain/services.ts'
import type { Holder, SocketRow } from '../domain/socket-row.ts'
import { usualEphemeralRange } from './usual-range.ts'

export type Taking = {
  takenAt: string
  /** `null` for a pasted listing. For this machine see `readTakenHost` in `taken-host.ts`. */
  host: TakenHost | null
  about?: About
}

/**
 * Several listings count as one look: `ss -ltn` and `ss -lun` tell of the same machine, one after the other. Scans among
 * them tell of no sockets, and are passed over.
 */
export function takenOf(listings: readonly ReadListing[], { takenAt, host, about = NOTHING_KNOWN }: Taking): Taken {
  const told = listings.filter(({ hosts }) => hosts.length === 0)
  const rows = told.flatMap((listing) => listing.rows)
  const open = rows.filter(isOpen)
  const kept = open.map((row) => keptOf(row, about))
  const [first] = told
  const usual = first === undefined ? null : usualEphemeralRange(first.format, first.rows)
  const [from, to] = about.ephemeralRange ?? usual ?? []
  return {
    takenAt,
    host,
    sources: told.map(({ format, command }) => ({ format, command })),
    covers: COVERS.filter((cover) => told.some((listing) => covers(listing, cover))),
    onlyUser: onlyUserOf(told),
    tellsDevices: told.length > 0 && told.every(tellsDevices),
    ephemeralRange: from === undefined || to === undefined ? null : [from, to],
    userNames: namesOf(kept, about),
    rows: kept,
  }
}

/** A listing without a row of a kind may not have been asked for it; where the question is known, `blind` says so. */
function covers({ blind }: ReadListing, cover: Cover): boolean {
  return !blind.some((one) => cover.split(' ').includes(one))
}

function onlyUserOf(listings: readonly ReadListing[]): string | null {
  if (listings.length === 0 || !listings.every(({ blind }) => blind.includes('other-users'))) return null
  return listings[0]?.rows.flatMap(({ holders }) => holders.flatMap(({ user }) => user ?? []))[0] ?? null
}

/** The kernel tells it where it is asked, and ss prints `%eth0` after the address. Most listings have no room for it. */
function tellsDevices({ format, rows }: ReadListing): boolean {
  return (
    format === 'ss' ||
    format === 'sock-diag' ||
    rows.some(({ device, local }) => device !== null && isWildcard(local.address))
  )
}

function keptOf(row: SocketRow, about: About): SocketRow {
  const isListener = row.state === 'LISTEN'
  return {
    ...row,
    holders: row.holders.map((one) => keptHolder(one, about)),
    inode: null,
    receiveQueue: null,
    // Of a listener it is the backlog, where the listing tells that; of others it is a matter of the moment.
    sendQueue: isListener ? row.sendQueue : null,
    retransmits: null,
  }
}

/** Without its descriptor: a program that is started again may have another number for the same socket. */
function keptHolder({ pid, command, user }: Holder, { processes }: About): Holder {
  const facts = processes?.get(pid)
  const owner = user ?? facts?.user ?? facts?.uid?.toString()
  return { pid, command, fd: null, ...(owner === undefined ? {} : { user: owner }) }
}

function namesOf(rows: readonly SocketRow[], { userNames }: About): Record<string, string> {
  const numbers = new Set(rows.flatMap(({ uid }) => uid ?? []))
  return Object.fromEntries(
    [...numbers].flatMap((uid) => {
      const name = userNames?.get(uid)
      return name === undefined ? [] : [[uid, name]]
    }),
  )
}
