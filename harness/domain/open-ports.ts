/** What the rows of any listing say of the open ports: who has them, from where they are reached, what is alarming. */

import type { AddressFamily, Protocol } from './endpoint.ts'
import type { SocketRow } from './socket-row.ts'

export const ALARMS = {
  'login-in-clear': 'passwords cross the network unencrypted',
  'files-for-anyone': 'files are given away without asking who wants them',
  display: 'whoever reaches a display can read its keyboard',
  'remote-calls': 'it tells strangers which services are there',
  'two-programs': 'one number over TCP and over UDP, held by two programs',
  'no-port': 'a socket that has no port yet',
} as const

export type Alarm = keyof typeof ALARMS

/** One protocol and number, over all addresses and address families that have it. */
export type OpenPort = {
  protocol: Protocol
  port: number
  /** Names of the programs, and process ids, as far as the listing tells. */
  programs: string[]
  pids: number[]
  addresses: string[]
  /** IPv4 for a dual-stack row only where the listing says that it is one. */
  versions: AddressFamily[]
  /** By its addresses alone: a packet filter may still stand between. */
  reach: 'this-machine' | 'other-machines'
  alarms: Alarm[]
}

/** TCP listeners and UDP sockets without a peer, by number. Where a listing shows no states, TCP rows without a peer. */
export function openPorts(rows: readonly SocketRow[]): OpenPort[] {
  const open = rows.filter(
    ({ protocol, state, peer }) => peer === null && (protocol === 'udp' || state === null || state === 'LISTEN'),
  )
  const groups = Object.values(Object.groupBy(open, ({ protocol, local }) => `${local.port}/${protocol}`))
  const ports = groups.flatMap((group) => (group?.[0] ? [summary(group[0], group)] : []))
  ports.sort((a, b) => a.port - b.port || a.protocol.localeCompare(b.protocol))
  return ports.map((port) => ({ ...port, alarms: alarmsOf(port, ports) }))
}

function summary({ protocol, local: { port } }: SocketRow, rows: readonly SocketRow[]): Omit<OpenPort, 'alarms'> {
  const holders = rows.flatMap((row) => row.holders)
  const addresses = distinct(rows.map(({ local }) => local.address))
  return {
    protocol,
    port,
    programs: distinct(holders.flatMap(({ command }) => command ?? [])),
    pids: [...new Set(holders.map(({ pid }) => pid))].sort((a, b) => a - b),
    addresses,
    versions: distinct(
      rows.flatMap(({ family, takesIPv4 }): AddressFamily[] => (takesIPv4 ? ['IPv4', family] : [family])),
    ),
    reach: addresses.every(isLoopback) ? 'this-machine' : 'other-machines',
  }
}

function distinct<T extends string>(values: readonly T[]): T[] {
  return [...new Set(values)].sort()
}

function isLoopback(address: string): boolean {
  return /^(?:::ffff:)?127\.|^::1$/.test(address)
}

/** Numbers and names: the registry of RFC 6335. X11 adds the number of the display to 6000. */
const SERVICES: readonly { alarm: Alarm; protocol: Protocol | null; has: (port: number) => boolean }[] = [
  { alarm: 'login-in-clear', protocol: 'tcp', has: (port) => [21, 23, 512, 513, 514].includes(port) },
  { alarm: 'files-for-anyone', protocol: 'udp', has: (port) => port === 69 },
  { alarm: 'files-for-anyone', protocol: null, has: (port) => port === 2049 },
  { alarm: 'display', protocol: 'tcp', has: (port) => port >= 6000 && port <= 6063 },
  { alarm: 'remote-calls', protocol: null, has: (port) => port === 111 },
]

function alarmsOf(one: Omit<OpenPort, 'alarms'>, all: readonly Omit<OpenPort, 'alarms'>[]): Alarm[] {
  if (one.port === 0) return ['no-port']
  const services = SERVICES.filter(({ protocol, has }) => has(one.port) && (protocol ?? one.protocol) === one.protocol)
  const other = all.find(({ port, protocol }) => port === one.port && protocol !== one.protocol)
  const areTwo =
    other !== undefined &&
    one.programs.length > 0 &&
    other.programs.length > 0 &&
    !one.programs.some((name) => other.programs.includes(name))
  return [
    ...(one.reach === 'other-machines' ? services.map(({ alarm }) => alarm) : []),
    ...(areTwo ? (['two-programs'] as const) : []),
  ]
}
