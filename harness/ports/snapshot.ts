/**
 * Snapshots: a look at the open ports, as a file. To write one, open the file first (`openFile` in
 * harness/cli/sink.ts, so that it appears whole or not at all), then look, then
 * `await sink.write(snapshotText(takenOf([listing], {…}))); sink.finish()`.
 */

import type { ReadListing } from '../domain/look.ts'
import type { Snapshot, Taken } from '../domain/ports-taken.ts'
import { SNAPSHOT_FORMAT, SNAPSHOT_VERSION } from '../domain/ports-taken.ts'
import { readListings } from '../listing/recognise.ts'
import { whyNoSnapshot } from './snapshot-shape.ts'
import { takenOf } from './taken.ts'
import { Unfit } from './unfit.ts'

export function snapshotText(taken: Taken): string {
  const snapshot: Snapshot = { format: SNAPSHOT_FORMAT, version: SNAPSHOT_VERSION, ...taken }
  return `${JSON.stringify(snapshot, null, 2)}\n`
}

/**
 * The look that a file holds: a snapshot, or any listing that is recognised. `name` is what messages call it. `takenAt`
 * is when a listing counts as taken, since it does not say.
 * @throws Unfit where the text holds neither.
 */
export function readTaken(text: string, name: string, takenAt: string): Taken {
  if (text.trim() === '') throw new Unfit(`${name} is empty: it holds neither a snapshot nor a listing`)
  return text.trimStart().startsWith('{') ? readSnapshot(text, name) : readListing(text, name, takenAt)
}

/** Whether a text begins as a snapshot does. A list of what is expected never does. */
export function looksLikeSnapshot(text: string): boolean {
  return text.trimStart().startsWith('{')
}

function readSnapshot(text: string, name: string): Taken {
  const value = parsed(text, name)
  const { format, version, ...taken } = value as Partial<Snapshot>
  if (format !== SNAPSHOT_FORMAT) {
    throw new Unfit(`${name} is JSON, and no snapshot; --snapshot FILE writes one, from a listing that is piped in too`)
  }
  if (version !== SNAPSHOT_VERSION) {
    throw new Unfit(`${name} is a snapshot of version ${version}, and only version ${SNAPSHOT_VERSION} is read here`)
  }
  const why = whyNoSnapshot(taken)
  if (why !== null) throw new Unfit(`${name} is a snapshot that was changed by hand or damaged: ${why}`)
  return taken as Taken
}

function parsed(text: string, name: string): object {
  try {
    return JSON.parse(text) as object
  } catch {
    const isCut = !text.trimEnd().endsWith('}')
    throw new Unfit(`${name} begins as a snapshot does, and ${isCut ? 'is cut short' : 'is no valid JSON'}`)
  }
}

function readListing(text: string, name: string, takenAt: string): Taken {
  const { listings } = readListings(text)
  return takenOf(socketListings(listings, name), { takenAt, host: null })
}

/**
 * The listings of a text that tell of sockets.
 * @throws Unfit where there is none.
 */
export function socketListings(listings: readonly ReadListing[], name: string): ReadListing[] {
  if (listings.length === 0) throw new Unfit(`${name} holds neither a snapshot nor a listing that is known`)
  const found = listings.filter(({ hosts, format }) => hosts.length === 0 && !format.startsWith('nmap'))
  if (found.length === 0) {
    throw new Unfit(`${name} is a scan: it tells the ports of an address, not the sockets of a machine; see --scan`)
  }
  return found
}
