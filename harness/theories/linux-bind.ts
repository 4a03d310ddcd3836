/**
 * M8 on Linux: may a socket be bound, and may it listen? As the kernel decides it, with the options that Node sets:
 * libuv sets SO_REUSEADDR on every TCP socket, and no such option on a UDP socket unless asked (uv__tcp_bind,
 * uv__udp_bind).
 */

import type { AddressFamily } from '../domain/endpoint.ts'
import { addressFamily, unmapped } from '../domain/endpoint.ts'
import type { Asked } from '../domain/program-event.ts'
import type { CallOutcome } from '../domain/theory.ts'
import { isBroadcast, isGroup, isLocalAddress, needsZone } from './linux-address.ts'
import { isLetInUnseen } from './linux-fast-path.ts'
import type { Reach } from './reach.ts'
import { canonical, overlap, reachOf } from './reach.ts'
import type { HeldSocket, Setting, Wish, World } from './world.ts'

export function mayBindOnLinux(world: World, wish: Wish): CallOutcome | null {
  const { setting, sockets } = world
  const { asked } = wish
  const ipv6Only = isIPv6Only(asked, setting)
  if (ipv6Only === null) {
    // Where both settings give one answer, it is the answer.
    const [off, on] = [false, true].map((bindV6Only) =>
      mayBindOnLinux({ ...world, setting: { ...setting, bindV6Only } }, wish),
    )
    return off === on ? (off ?? null) : null
  }
  const unbindable = whyNotBindable(asked, ipv6Only, setting)
  if (unbindable !== 'ok') return unbindable
  // The system looks for a port on which nothing would be in the way.
  if (asked.port === 0) return 'ok'
  if (asked.protocol === 'tcp' && isLetInUnseen(world, wish)) return 'ok'
  const wanted = { ...wish, reach: reachOf(asked, ipv6Only) }
  const others = sockets.filter(({ local, protocol }) => local.port === asked.port && protocol === asked.protocol)
  const verdicts = variants(others, setting).map((held) => conflict(wanted, held))
  return verdicts.every((one) => one === verdicts[0]) ? (verdicts[0] ?? 'ok') : null
}

/**
 * listen(2) asks once more (inet_csk_listen_start calls get_port): who was bound beside others that did not listen
 * then may find that one of them does now.
 */
export function mayListenOnLinux(world: World, socket: HeldSocket): CallOutcome | null {
  const { setting, sockets } = world
  const { process, user, protocol, local, ipv6Only, reusePort, reuseAddr } = socket
  if (protocol !== 'tcp') return null
  const options = { ipv6Only, reusePort, reuseAddr, listens: true }
  const asked: Asked = { protocol, address: local.address, port: local.port, ...options }
  if (isLetInUnseen(world, { process, user, asked })) return 'ok'
  const others = sockets.filter((held) => held.id !== socket.id && held.protocol === 'tcp')
  const wanted = { process, user, asked, reach: reachOf(asked, ipv6Only) }
  return conflict(wanted, others.filter((held) => held.local.port === local.port).map(withReach(setting)))
}

type Wanted = Wish & { reach: Reach }
export type Reaching = HeldSocket & { reach: Reach; takesOnlyIPv6: boolean }

const withReach =
  (setting: Setting) =>
  (held: HeldSocket): Reaching => {
    const takesOnlyIPv6 = isIPv6Only(held, setting) ?? false
    return { ...held, takesOnlyIPv6, reach: reachOf(held.local, takesOnlyIPv6) }
  }

/** The sockets as they are under each setting that is possible here. */
export function variants(sockets: readonly HeldSocket[], setting: Setting): Reaching[][] {
  const settings =
    setting.bindV6Only === null ? [false, true].map((bindV6Only) => ({ ...setting, bindV6Only })) : [setting]
  return settings.map((one) => sockets.map(withReach(one)))
}

/**
 * libuv sets IPV6_V6ONLY to 0 or 1 on TCP sockets, whatever the system's default; on UDP sockets only to 1. `null`
 * where the default decides and is not known.
 */
function isIPv6Only(
  asked: Pick<Asked, 'protocol' | 'ipv6Only'> & ({ address: string } | { local: { address: string } }),
  { bindV6Only }: Setting,
): boolean | null {
  const address = 'local' in asked ? asked.local.address : asked.address
  if (asked.ipv6Only) return true
  if (asked.protocol === 'tcp' || addressFamily(address) === 'IPv4') return false
  return bindV6Only
}

function conflict(wanted: Wanted, held: readonly Reaching[]): CallOutcome {
  const isFree = wanted.asked.protocol === 'tcp' ? isFreeForTcp(wanted, held) : isFreeForUdp(wanted, held)
  return isFree ? 'ok' : 'EADDRINUSE'
}

/**
 * inet_csk_bind_conflict: both have SO_REUSEADDR, so only a listener is in the way, and not even that one where both
 * have SO_REUSEPORT and the same user. Connected sockets and those in TIME-WAIT are never listeners.
 */
function isFreeForTcp({ asked, user, reach }: Wanted, held: readonly Reaching[]): boolean {
  return held.every(
    (other) =>
      other.state !== 'listening' ||
      !overlap(other.reach, reach) ||
      (other.reusePort && asked.reusePort && other.user === user),
  )
}

/**
 * udp_lib_lport_inuse walks the chain of the port, and decides at the first socket that overlaps and does not share
 * SO_REUSEADDR with ours: a mate under SO_REUSEPORT lets us in at once, although one further down the chain might
 * object.
 */
function isFreeForUdp({ asked, user, reach }: Wanted, held: readonly Reaching[]): boolean {
  const family = addressFamily(asked.address)
  const chain = inChain(held, ({ id }) => id)
  const first = chain.find((other) => overlap(inTheWay(other, family), reach) && !(other.reuseAddr && asked.reuseAddr))
  return !first || (first.reusePort && asked.reusePort && first.user === user)
}

/**
 * A socket comes in at the head of its chain, so that the last one is found first. Only IPv6 sockets with SO_REUSEPORT
 * go to the tail (sk_add_node_rcu, __inet_hash, udp_lib_get_port).
 */
export function inChain<S extends HeldSocket>(sockets: readonly S[], since: (socket: S) => number): S[] {
  const isAtTail = ({ reusePort, boundTo }: S) => reusePort && addressFamily(boundTo) === 'IPv6'
  const head = sockets.filter((one) => !isAtTail(one)).toSorted((one, other) => since(other) - since(one))
  const tail = sockets.filter((one) => isAtTail(one)).toSorted((one, other) => since(one) - since(other))
  return [...head, ...tail]
}

/**
 * A dual-stack UDP socket on :: that is connected over IPv6 takes no IPv4 any more. Yet its IPv4 address is not empty:
 * the kernel writes 127.0.0.6 there (LOOPBACK4_IPV6, __ip6_datagram_connect) and does not set sk_ipv6only. So it is in
 * the way of an IPv4 socket on 0.0.0.0 (ipv4_rcv_saddr_equal).
 */
export const LEFT_OVER = '127.0.0.6'

export function hasLeftOver({ reach, peer, boundTo, takesOnlyIPv6 }: Reaching): boolean {
  return peer !== null && reach.IPv4 === null && canonical(boundTo) === '::' && !takesOnlyIPv6
}

function inTheWay(held: Reaching, family: AddressFamily): Reach {
  return family === 'IPv4' && hasLeftOver(held) ? { ...held.reach, IPv4: LEFT_OVER } : held.reach
}

/** What __inet_bind and __inet6_bind ask before they look at other sockets. `null`: that is not known here. */
function whyNotBindable(asked: Asked, ipv6Only: boolean, setting: Setting): CallOutcome | null {
  const spelt = canonical(asked.address)
  // Both in libuv (uv__tcp_bind, uv__udp_bind) and, for a mapped address, in the kernel.
  if (ipv6Only && addressFamily(unmapped(spelt)) === 'IPv4') return 'EINVAL'
  if (asked.port !== 0 && asked.port < 1024) {
    if (setting.firstOpenPort === null || asked.port < setting.firstOpenPort) return null
  }
  const [plain, isTcp] = [unmapped(spelt), asked.protocol === 'tcp']
  if (addressFamily(plain) === 'IPv6' && (needsZone(plain) || (isTcp && isGroup(plain)))) return 'EINVAL'
  const isLocal = isGroup(plain) || isLocalAddress(plain, setting) || isBroadcast(plain, setting)
  if (isLocal !== false) return isLocal === null ? null : 'ok'
  return setting.nonlocalBind === null ? null : setting.nonlocalBind ? 'ok' : 'EADDRNOTAVAIL'
}
