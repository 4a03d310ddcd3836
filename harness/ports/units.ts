/** The services of a look, over each protocol by itself: what opens, closes and moves as a whole. */

import { isPerhapsClient } from '../domain/clients.ts'
import { NOTHING_KNOWN } from '../domain/about.ts'
import type { OpenUnit } from '../domain/ports-change.ts'
import type { Cover, Taken } from '../domain/ports-taken.ts'
import { reachesOf, widestOf } from '../domain/reach.ts'
import type { Service, ServiceSocket } from '../domain/service.ts'
import { servicesOf } from '../domain/services.ts'
import type { SocketRow } from '../domain/socket-row.ts'

export function coverOf({ protocol, family }: Pick<SocketRow, 'protocol' | 'family'>): Cover {
  return `${protocol} ${family}`
}

/** Only of sockets that `isWanted`. They are in the order of their numbers. */
export function unitsOf(taken: Taken, isWanted: (row: SocketRow) => boolean = () => true): OpenUnit[] {
  const rows = taken.rows.filter(isWanted)
  const userNames = new Map(Object.entries(taken.userNames).map(([uid, name]) => [Number(uid), name]))
  // Without a range nothing counts as a client's here: an open port is held against the open ports of another look.
  const { services } = servicesOf(rows, { ...NOTHING_KNOWN, userNames, ephemeralRange: null })
  const byPort = Map.groupBy(rows, ({ local }) => local.port)
  return services.flatMap((service) => {
    const some = byPort.get(service.port) ?? []
    return service.protocols.map((protocol) => unitOf(service, protocol, some, taken))
  })
}

function unitOf(
  service: Service,
  protocol: OpenUnit['protocol'],
  rows: readonly SocketRow[],
  { ephemeralRange }: Taken,
): OpenUnit {
  const sockets = service.sockets.filter((socket) => socket.protocol === protocol)
  const pids = new Set(sockets.flatMap((socket) => socket.pids))
  const own = rows.filter((row) => sockets.some((socket) => isSame(row, socket)))
  const backlogs = own.flatMap(({ state, sendQueue }) => (state === 'LISTEN' && sendQueue !== null ? sendQueue : []))
  const reaches = reachesOf(service.port, sockets)
  const held = new Set(rows.map(coverOf)).size
  const about = { ...NOTHING_KNOWN, ephemeralRange }
  return {
    ...service,
    protocol,
    protocols: [protocol],
    sockets,
    processes: service.processes.filter(({ pid }) => pids.has(pid)),
    reach: widestOf(reaches),
    reachOver: { [protocol]: reaches },
    backlogs: [...new Set(backlogs)].sort((a, b) => a - b),
    isPerhapsClient: own.length > 0 && own.every((row) => isPerhapsClient(row, held, about)),
  }
}

function isSame(row: SocketRow, socket: ServiceSocket): boolean {
  return (
    row.protocol === socket.protocol &&
    row.family === socket.family &&
    row.local.address === socket.address &&
    row.device === socket.device &&
    row.uid === socket.uid
  )
}
