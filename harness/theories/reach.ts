/** Which addresses a socket takes, for each IP version: none, one, or every one. The ground on which two sockets meet. */

import { isIPv6, SocketAddress } from 'node:net'

import type { AddressFamily, Endpoint } from '../domain/endpoint.ts'
import { addressFamily, unmapped } from '../domain/endpoint.ts'

export const EVERY = '*'

/** For each IP version the address that is taken, `*` for all of them, null for none. */
export type Reach = { readonly [F in AddressFamily]: string | null }

/** The one spelling of an address: `::1` for `0:0:0:0:0:0:0:1`, `::ffff:127.0.0.1` for `::ffff:7f00:1`; no zone. */
export function canonical(address: string): string {
  const plain = address.replace(/%.*$/, '')
  return isIPv6(plain) ? new SocketAddress({ address: plain, family: 'ipv6' }).address : address
}

/**
 * An IPv6 socket on an IPv4-mapped address takes IPv4 only, on `::` both unless it is IPv6-only, and on any other
 * address IPv6 only (ipv6(7)): Linux sets sk_ipv6only itself where such an address is bound (__inet6_bind).
 */
export function reachOf({ address }: Pick<Endpoint, 'address'>, ipv6Only: boolean): Reach {
  const spelt = canonical(address)
  const plain = unmapped(spelt)
  if (addressFamily(plain) === 'IPv4') return { IPv4: plain === '0.0.0.0' ? EVERY : plain, IPv6: null }
  if (plain !== '::') return { IPv4: null, IPv6: plain }
  return { IPv4: ipv6Only ? null : EVERY, IPv6: EVERY }
}

export function overlap(one: Reach, other: Reach): boolean {
  return meet(one.IPv4, other.IPv4) || meet(one.IPv6, other.IPv6)
}

function meet(one: string | null, other: string | null): boolean {
  if (one === null || other === null) return false
  return one === other || one === EVERY || other === EVERY
}

/**
 * Where a packet that is sent to this address arrives. Linux takes a wildcard address for the loopback address of its
 * version (ip_route_output_key_hash_rcu, ip6_datagram_send_ctl's callers), and sends IPv4 to a mapped one.
 */
export function destination(address: string): { family: AddressFamily; address: string } {
  const plain = unmapped(canonical(address))
  const family = addressFamily(plain)
  const loopback = plain === '0.0.0.0' ? '127.0.0.1' : plain === '::' ? '::1' : plain
  return { family, address: loopback }
}

/** A client that has chosen the endpoint that it dials: over TCP that is a simultaneous open (RFC 9293, section 3.5). */
export function mayMeetItself(to: Endpoint, from: Partial<Endpoint> | null | undefined): boolean {
  if (from?.address === undefined || from.port !== to.port) return false
  const goal = goalOf(to.address, from.address)
  return goal !== null && destination(from.address).address === destination(goal).address
}

/**
 * The address that a client means who has chosen `own` for its own end; `null` where the two are of different IP
 * versions. Of a route to 0.0.0.0 Linux makes one to the client's own address (ip_route_output_key_hash_rcu). Of :: it
 * makes the loopback address of the version of the client's end (tcp_v6_connect, __ip6_datagram_connect).
 */
export function goalOf(address: string, own: string | undefined): string | null {
  const [spelt, from] = [canonical(address), canonical(own ?? '::')]
  if (from === '::') return spelt
  const plain = unmapped(from)
  if (spelt === '::') return plain === from ? '::1' : '::ffff:127.0.0.1'
  if (addressFamily(plain) !== addressFamily(unmapped(spelt))) return null
  return unmapped(spelt) === '0.0.0.0' && plain !== '0.0.0.0' ? from : spelt
}
