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
  const byPlace = new Map([...byPort].map(([port, some]) => [port, placesOf(some)]))
  return services.flatMap((service) => {
    const places = byPlace.get(service.port) ?? placesOf([])
    return service.protocols.map((protocol) => unitOf(service, protocol, places, taken))
  })
}

/** The rows of one number, by where they are bound. `held`: over how many protocols and versions of IP it is held. */
type Places = { rows: Map<string, SocketRow[]>; held: number }

function placesOf(rows: readonly SocketRow[]): Places {
  const byPlace = Map.groupBy(rows, ({ protocol, family, local, device, uid }) =>
    [protocol, family, local.address, device, uid].join(' '),
  )
  return { rows: byPlace, held: new Set(rows.map(coverOf)).size }
}

function unitOf(service: Service, protocol: OpenUnit['protocol'], places: Places, { ephemeralRange }: Taken): OpenUnit {
  const sockets = service.sockets.filter((socket) => socket.protocol === protocol)
  const pids = new Set(sockets.flatMap((socket) => socket.pids))
  const own = sockets.flatMap((socket) => rowsAt(socket, places))
  const backlogs = own.flatMap(({ state, sendQueue }) => (state === 'LISTEN' && sendQueue !== null ? sendQueue : []))
  const reaches = reachesOf(service.port, sockets)
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
    isPerhapsClient: own.length > 0 && own.every((row) => isPerhapsClient(row, places.held, about)),
  }
}

function rowsAt({ protocol, family, address, device, uid }: ServiceSocket, { rows }: Places): SocketRow[] {
  return rows.get([protocol, family, address, device, uid].join(' ')) ?? []
}
