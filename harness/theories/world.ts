/** A world of sockets, as far as theories need it: who holds which socket, with which options, in which state. */

import type { Endpoint, Protocol } from '../domain/endpoint.ts'
import type { Asked } from '../domain/program-event.ts'

export type HeldSocket = {
  /** Ascending in the order in which the sockets were bound. */
  id: number
  process: number
  /** The owner, in whatever way users are told apart: SO_REUSEPORT asks whether it is the same one. */
  user: string
  protocol: Protocol
  /** Its own end. A UDP socket on a wildcard address gets another one when it is connected. */
  local: Endpoint
  /** The address that was given to bind(2). */
  boundTo: string
  ipv6Only: boolean
  reusePort: boolean
  reuseAddr: boolean
  state: 'bound' | 'listening'
  /** The other side of a UDP socket that is connected, else null. */
  peer: Endpoint | null
  /** When it came into the chain in which arrivals look for it; ascending, counted like the ids. */
  hashed: number
}

/** What a system's answers depend on besides its sockets. `null`: not known, and then nothing is said that rests on it. */
export type Setting = {
  os: string
  /** net.ipv6.bindv6only: whether a UDP socket of Node's on :: is IPv6-only without having asked. */
  bindV6Only: boolean | null
  /** net.ipv4.ip_nonlocal_bind, and the same for IPv6. */
  nonlocalBind: boolean | null
  /** All addresses of this machine; null where nobody looked, and then those of loopback are taken for granted. */
  localAddresses: readonly string[] | null
  /** The broadcast addresses of its networks; null where nobody looked. */
  broadcastAddresses: readonly string[] | null
  /** The first port for which no privilege is needed. */
  firstOpenPort: number | null
}

export const UNKNOWN_SETTING: Omit<Setting, 'os'> = {
  bindV6Only: null,
  nonlocalBind: null,
  localAddresses: null,
  broadcastAddresses: null,
  firstOpenPort: null,
}

export type World = {
  setting: Setting
  /** In the order in which they were bound. */
  sockets: readonly HeldSocket[]
  /** Every bind and listen(2) that succeeded on a port over TCP since the port last was without any socket. */
  past: readonly HeldSocket[]
  /** Ports of accepted connections that are still open: they too keep a port from being without any socket. */
  connections: readonly number[]
  /** The next number to be given. */
  next: number
}

/** Who wants a socket, and which. */
export type Wish = { process: number; user: string; asked: Asked }

export type Arrival = { protocol: Protocol; to: Endpoint; from: Endpoint | null }

export function emptyWorld(setting: Setting): World {
  return { setting, sockets: [], past: [], connections: [], next: 1 }
}

/** A bind succeeded, and listen(2) as well where that was asked for. `local` has the port that the system chose. */
export function bind(world: World, { process, user, asked }: Wish, local: Endpoint): World {
  const { protocol, ipv6Only, reusePort, reuseAddr, listens } = asked
  const id = world.next
  const made: HeldSocket = {
    id,
    process,
    user,
    protocol,
    local,
    boundTo: local.address,
    ipv6Only,
    reusePort,
    reuseAddr,
    state: listens ? 'listening' : 'bound',
    peer: null,
    hashed: id,
  }
  return remember({ ...world, sockets: [...world.sockets, made], next: id + 1 }, id)
}

/** A socket that was only bound listens. */
export function listen(world: World, id: number): World {
  return remember(change(world, id, { state: 'listening', hashed: world.next }), id)
}

/** A UDP socket was connected. One on a wildcard address then has the address of the route as its own. */
export function connect(world: World, id: number, local: Endpoint, peer: Endpoint): World {
  const before = world.sockets.find((one) => one.id === id)
  const moved = before?.local.address === local.address ? {} : { hashed: world.next }
  return change(world, id, { local, peer, ...moved })
}

/** A TCP connection to this port was accepted, and stays. */
export function accept(world: World, port: number): World {
  return { ...world, connections: [...world.connections, port] }
}

export function close(world: World, isGone: (socket: HeldSocket) => boolean): World {
  const sockets = world.sockets.filter((socket) => !isGone(socket))
  const isHeld = ({ local: { port } }: HeldSocket) =>
    world.connections.includes(port) || sockets.some(({ protocol, local }) => protocol === 'tcp' && local.port === port)
  return { ...world, sockets, past: world.past.filter(isHeld) }
}

function remember(world: World, id: number): World {
  const made = world.sockets.filter((one) => one.id === id && one.protocol === 'tcp')
  return { ...world, past: [...world.past, ...made] }
}

function change(world: World, id: number, difference: Partial<HeldSocket>): World {
  const sockets = world.sockets.map((one) => (one.id === id ? { ...one, ...difference } : one))
  return { ...world, sockets, next: world.next + 1 }
}
