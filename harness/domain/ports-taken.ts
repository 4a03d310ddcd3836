/** What was listening when somebody looked: one look at a machine, kept so that it can be compared with another one. */

import type { AddressFamily, Protocol } from './endpoint.ts'
import type { ListingFormat } from './look.ts'
import type { SocketRow } from './socket-row.ts'

/** A protocol over a version of IP. */
export type Cover = `${Protocol} ${AddressFamily}`

export const COVERS: readonly Cover[] = ['tcp IPv4', 'tcp IPv6', 'udp IPv4', 'udp IPv6']

/**
 * The machine, without its name, its addresses and its users. `machine` stands for its machine-id(5), from which it is
 * made by a one-way function; `null` where it has none.
 */
export type TakenHost = { os: string; kernel: string; architecture: string; machine: string | null }

export type Taken = {
  /** ISO 8601. Of a listing in a file it is when that was read: the listing itself does not say. */
  takenAt: string
  /** `null`: a listing that somebody pasted, of whatever machine. */
  host: TakenHost | null
  /** Empty where nothing was recognised. */
  sources: { format: ListingFormat; command: string | null }[]
  /** What the listings were asked for. A socket of another kind is unknown, and not closed. */
  covers: Cover[]
  /** The only user whose sockets are shown (lsof without the rights of root); `null` where others are shown too. */
  onlyUser: string | null
  /** Whether a wildcard address without a device is surely bound to none: ss tells the device, most others do not. */
  tellsDevices: boolean
  /** The ports that the system gives to who asks for none; `null` where not known. */
  ephemeralRange: [number, number] | null
  /** Names of users, by their numbers, as far as they occur. */
  userNames: Record<string, string>
  /** What waits for whoever comes, and no connections. What changes from look to look is left out (`null`). */
  rows: SocketRow[]
}

export const SNAPSHOT_FORMAT = 'socket-labs-ports-snapshot'
export const SNAPSHOT_VERSION = 1

/** A file written by `npm run ports -- --snapshot FILE`. */
export type Snapshot = { format: typeof SNAPSHOT_FORMAT; version: typeof SNAPSHOT_VERSION } & Taken
