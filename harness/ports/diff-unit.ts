/** What is different between two looks at one service. */

import type { AddressFamily } from '../domain/endpoint.ts'
import type { Change, OpenUnit, Side } from '../domain/ports-change.ts'
import type { Taken } from '../domain/ports-taken.ts'
import { isHostName, isLoopback, reachesOf, widestOf } from '../domain/reach.ts'
import type { Reach, ServiceSocket } from '../domain/service.ts'
import { areAlike, ownersOf } from './diff-owner.ts'

/** `programUnknown`: the look that does not name the program; where neither does, the first. */
export type Compared = { changes: Change[]; programUnknown: Side | null }

/** What both looks can tell. */
export type Knowing = { alike: boolean; devices: boolean }

export function knowingOf(before: Taken, after: Taken): Knowing {
  return { alike: areAlike(before, after), devices: before.tellsDevices && after.tellsDevices }
}

export function compareUnits(before: OpenUnit, after: OpenUnit, { alike, devices }: Knowing): Compared {
  const owners = ownersOf(before, after, alike)
  const changes: Change[] = [...placeChanges(placeOf(before, devices), placeOf(after, devices)), ...owners.changes]
  if (hasOtherBacklogs(before, after)) changes.push('backlog')
  return { changes, programUnknown: owners.unknownIn }
}

type Place = { sockets: ServiceSocket[]; reaches: Reach[]; families: AddressFamily[]; perhaps: AddressFamily[] }

/** A device that only one of the looks can tell is left out of both. */
function placeOf({ port, sockets: all }: OpenUnit, tellsDevices: boolean): Place {
  const sockets = tellsDevices ? all : all.map((socket) => ({ ...socket, device: null }))
  const reaches = reachesOf(port, sockets)
  const families = reaches.flatMap((reach) => reach.families)
  return { sockets, reaches, families, perhaps: reaches.flatMap(({ perhaps }) => perhaps) }
}

function placeChanges(before: Place, after: Place): Change[] {
  const families: Change[] = hasOtherFamilies(before, after) ? ['families'] : []
  if (hasNames(before) || hasNames(after)) return families
  const both = before.families.filter((family) => after.families.includes(family))
  const isMoved =
    widestOf(before.reaches).kind !== widestOf(after.reaches).kind ||
    both.some((family) => kindOver(before, family) !== kindOver(after, family))
  if (isMoved) return ['reach', ...families]
  const isElsewhere = both.some((family) => addressesOver(before, family) !== addressesOver(after, family))
  return isElsewhere && families.length === 0 ? ['addresses'] : families
}

/** For sure: what one has cannot be what the other one perhaps has. */
function hasOtherFamilies(before: Place, after: Place): boolean {
  const isIn = (one: Place, other: Place) =>
    one.families.every((family) => other.families.includes(family) || other.perhaps.includes(family))
  return !isIn(before, after) || !isIn(after, before)
}

function kindOver({ reaches }: Place, family: AddressFamily): Reach['kind'] | undefined {
  return reaches.find(({ families }) => families.includes(family))?.kind
}

/** The addresses and devices to which the sockets of a family are bound, as one text. */
function addressesOver({ sockets }: Place, family: AddressFamily): string {
  const own = sockets.filter((socket) => socket.family === family)
  return [...new Set(own.map(({ address, device }) => `${address}%${device}`))].sort().join()
}

/** A host name is some address, and which one the listing does not say. */
function hasNames({ sockets }: Place): boolean {
  return sockets.some(({ address }) => isHostName(address) && !isLoopback(address))
}

function hasOtherBacklogs(before: OpenUnit, after: OpenUnit): boolean {
  if (before.backlogs.length === 0 || after.backlogs.length === 0) return false
  return before.backlogs.join() !== after.backlogs.join()
}
