/** What stands in the tables of ports: one row for each socket of a service, for each client, and for each scanned port. */

import { formatEndpoint } from '../domain/endpoint.ts'
import type { ScannedHost } from '../domain/look.ts'
import type { ClientRow, Service, ServiceSocket } from '../domain/service.ts'
import { portsColumns, portsLegend } from '../words/ports.en.ts'
import type { Column, TableRow } from './table.ts'

/** Not said, or none: an empty cell would move the columns for whoever counts them. */
export const NONE = '-'

/** More processes than these are only counted. */
const MOST_NAMED = 2

const { protocol, ip, address, port, service, state, pid, command, user, local, peer } = portsColumns

export const SERVICE_COLUMNS: readonly Column[] = [
  { heading: protocol },
  { heading: ip },
  { heading: address },
  { heading: port, isNumber: true },
  { heading: service, mayCut: true },
  { heading: state },
  { heading: pid },
  { heading: command, mayCut: true },
  { heading: user, mayCut: true },
]

export function serviceRows(one: Service): TableRow[] {
  const isQuiet = one.reach.kind === 'this-machine'
  const format = one.concerns.length > 0 ? ('yellow' as const) : isQuiet ? ('dim' as const) : undefined
  return one.sockets.map((socket) => ({
    cells: serviceCells(one, socket),
    ...(format === undefined ? {} : { format }),
  }))
}

export function serviceCells(
  { port: number, usualName, processes }: Service,
  socket: ServiceSocket,
  most = MOST_NAMED,
): string[] {
  const pids = new Set(socket.pids)
  const held = processes.filter((one) => pids.has(one.pid))
  const users = held.flatMap((one) => one.user ?? [])
  const owner = socket.owner ?? socket.uid?.toString()
  return [
    socket.protocol,
    versionOf(socket),
    addressOf(socket),
    String(number),
    usualName ?? NONE,
    [socket.state ?? NONE, ...(socket.sockets > 1 ? [`x${socket.sockets}`] : [])].join(' '),
    listed(socket.pids.map(String), most),
    listed(
      held.flatMap((one) => one.command ?? []),
      most,
    ),
    listed(users.length > 0 || owner === undefined ? users : [owner], most),
  ]
}

function versionOf({ family, takesIPv4 }: Pick<ServiceSocket, 'family' | 'takesIPv4'>): string {
  return takesIPv4 === true ? 'IPv6+4' : family
}

function addressOf({ address: own, device }: Pick<ServiceSocket, 'address' | 'device'>): string {
  return device === null ? own : `${own}%${device}`
}

function listed(values: readonly string[], most: number): string {
  const different = [...new Set(values)]
  if (different.length === 0) return NONE
  const more = different.length - most
  return more > 0 ? `${different.slice(0, most).join(',')},+${more}` : different.join(',')
}

/** Of what occurs in the table. */
export function legendOf(services: readonly Service[]): string[] {
  const sockets = services.flatMap((service) => service.sockets)
  const hasNone = services.some((service) => service.sockets.some((one) => serviceCells(service, one).includes(NONE)))
  return [
    ...(services.some(({ usualName }) => usualName !== null) ? [portsLegend.service] : []),
    ...(sockets.some(({ takesIPv4 }) => takesIPv4 === true) ? [portsLegend.both] : []),
    ...(sockets.some((one) => one.sockets > 1) ? [portsLegend.several] : []),
    ...(hasNone ? [portsLegend.none] : []),
  ]
}

/** Of each kind of client the first ones stand for all. */
export const MOST_CLIENTS = 10

/** A page of something else has thousands of lines that are no listing: the first ones tell it. */
export const MOST_UNREAD = 20

const LONGEST_LINE = 200

/** The beginning of a line tells which it is. */
export function shortLine(text: string): string {
  return text.length <= LONGEST_LINE ? text : `${text.slice(0, LONGEST_LINE)}…`
}

export const CLIENT_COLUMNS: readonly Column[] = [
  { heading: protocol },
  { heading: local },
  { heading: peer },
  { heading: state },
  { heading: pid },
  { heading: command, mayCut: true },
]

export function clientCells({ row }: ClientRow, most = MOST_NAMED): string[] {
  return [
    row.protocol,
    formatEndpoint(row.local),
    row.peer === null ? NONE : formatEndpoint(row.peer),
    row.state ?? NONE,
    listed(
      row.holders.map((one) => String(one.pid)),
      most,
    ),
    listed(
      row.holders.flatMap((one) => one.command ?? []),
      most,
    ),
  ]
}

export const SCAN_COLUMNS: readonly Column[] = [
  { heading: protocol },
  { heading: port, isNumber: true },
  { heading: state },
  { heading: service, mayCut: true },
]

export function scanCells({ ports }: ScannedHost): string[][] {
  return ports.map((one) => [one.protocol, String(one.port), one.state, one.service ?? NONE])
}
