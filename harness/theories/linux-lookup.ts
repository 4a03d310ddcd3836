/**
 * M8 on Linux: who gets a packet? As __inet_lookup_listener (TCP) and __udp4_lib_lookup (UDP) find it, and the same
 * for IPv6: connected sockets first, then those on this very address, then those on the wildcard address.
 */

import { addressFamily } from '../domain/endpoint.ts'
import type { AddressFamily } from '../domain/endpoint.ts'
import { isLocalAddress } from './linux-address.ts'
import type { Reaching } from './linux-bind.ts'
import { hasLeftOver, inChain, LEFT_OVER, variants } from './linux-bind.ts'
import { canonical, destination, EVERY, goalOf } from './reach.ts'
import type { Arrival, HeldSocket, World } from './world.ts'

/** The loopback network's broadcast address can be bound, and not be dialled. */
const BROADCAST = '127.255.255.255'

export function whoGetsOnLinux({ setting, sockets }: World, dialled: Arrival): readonly HeldSocket[] | null {
  const { protocol, from } = dialled
  const goal = goalOf(dialled.to.address, from?.address)
  if (goal === null) return null
  const to = { ...dialled.to, address: goal }
  const arrival = { protocol, to, from }
  const { address, family } = destination(to.address)
  if (isLocalAddress(address, setting) !== true || address === BROADCAST) return null
  // A client of Node's leaves IPV6_V6ONLY as the system has it: with bindv6only it cannot send IPv4 at all.
  if (addressFamily(to.address) === 'IPv6' && family === 'IPv4' && setting.bindV6Only !== false) return null
  const here = sockets.filter((held) => held.protocol === protocol && held.local.port === to.port)
  const found = variants(here, setting).map((held) => lookUp(held, arrival))
  const [first = null] = found
  return found.every((one) => idsOf(one) === idsOf(first)) ? first : null
}

const idsOf = (sockets: readonly HeldSocket[] | null) => sockets?.map(({ id }) => id).join()

function lookUp(held: readonly Reaching[], { protocol, to, from }: Arrival): readonly HeldSocket[] | null {
  const { family, address } = destination(to.address)
  if (protocol === 'udp') {
    const connected = held.filter(({ peer, reach }) => peer !== null && reach[family] === address)
    if (connected.length > 0 && from === null) return null
    const own = connected.filter(({ peer }) => isSame(peer, from))
    if (own.length > 0) return own
  }
  // A TCP socket that is bound and does not listen is in no chain; a connected one is for its peer alone.
  const open = held.filter(({ state, peer }) => (protocol === 'tcp' ? state === 'listening' : peer === null))
  for (const taken of [address, EVERY]) {
    const chosen = choose(
      open.filter(({ reach }) => reach[family] === taken),
      family,
    )
    if (chosen.length > 0) return chosen
  }
  return protocol === 'udp' && address === LEFT_OVER ? lookUpByPort(held, from) : []
}

/**
 * The last resort (udp4_lib_lookup1): all sockets of the port. It is meant for one that is just being connected, and
 * also finds what was left over of an IPv4 address, of which the peer's port alone has to fit.
 */
function lookUpByPort(held: readonly Reaching[], from: Arrival['from']): readonly HeldSocket[] | null {
  const found = inChain(held.filter(hasLeftOver), ({ id }) => id)
  if (found.length > 0 && from === null) return null
  return found.filter(({ peer }) => peer?.port === from?.port).slice(0, 1)
}

function isSame(peer: HeldSocket['peer'], from: Arrival['from']): boolean {
  return (
    peer !== null &&
    from !== null &&
    peer.port === from.port &&
    destination(peer.address).address === destination(from.address).address
  )
}

/**
 * The first of the chain with the best score (compute_score): for IPv4 a socket of that family before an IPv6 one that
 * takes IPv4 as well. Where SO_REUSEADDR lets several UDP sockets in, that is the last one bound. Of a group under SO_REUSEPORT it is any member, by hash (reuseport_select_sock).
 */
function choose(found: readonly Reaching[], family: AddressFamily): readonly HeldSocket[] {
  const own = family === 'IPv4' ? found.filter(({ local }) => addressFamily(local.address) === 'IPv4') : []
  const [first] = inChain(own.length > 0 ? own : found, ({ hashed }) => hashed)
  if (!first) return []
  return first.reusePort ? found.filter((other) => isMate(first, other)) : [first]
}

/** inet_reuseport_add_sock, udp_reuseport_add_sock: a group has one address, one family, one user. */
function isMate(one: Reaching, other: Reaching): boolean {
  return (
    other.reusePort &&
    other.user === one.user &&
    canonical(other.local.address) === canonical(one.local.address) &&
    addressFamily(other.local.address) === addressFamily(one.local.address) &&
    other.reach.IPv4 === one.reach.IPv4
  )
}
