/**
 * M8 on Linux: the short cut under SO_REUSEPORT. The kernel notes for each TCP port who was last let in with the option
 * (inet_csk_update_fastreuse), and lets a like one in without a look at the others (sk_reuseport_match). `[::]` counts
 * as like `[::]` although one of the two is IPv6-only: so a dual-stack listener can come to stand beside one on 0.0.0.0.
 */

import { addressFamily, unmapped } from '../domain/endpoint.ts'
import { canonical } from './reach.ts'
import type { HeldSocket, Wish, World } from './world.ts'

/** What the kernel compares. */
type Mark = { user: string; address: string; ipv6Only: boolean }

export function isLetInUnseen({ past }: World, { user, asked }: Wish): boolean {
  const mark = lastMark(past.filter(({ local }) => local.port === asked.port))
  return mark !== null && asked.reusePort && isLike(mark, markOf({ user, ...asked }))
}

/** One without the option wipes the mark out; one that is not like it sets a new one. */
function lastMark(past: readonly HeldSocket[]): Mark | null {
  let mark: Mark | null = null
  for (const one of past) {
    const own = markOf({ ...one, address: one.boundTo })
    if (!one.reusePort) mark = null
    else if (mark === null || !isLike(mark, own)) mark = own
  }
  return mark
}

/** An IPv6 socket on a specific address is IPv6-only whatever it asked for (__inet6_bind). */
function markOf({ user, address, ipv6Only }: Mark): Mark {
  const spelt = canonical(address)
  const isSpecific = addressFamily(unmapped(spelt)) === 'IPv6' && spelt !== '::'
  return { user, address: spelt, ipv6Only: ipv6Only || isSpecific }
}

/** ipv6_rcv_saddr_equal and ipv4_rcv_saddr_equal, where a wildcard address counts as every one in the mark only. */
function isLike(mark: Mark, own: Mark): boolean {
  if (mark.user !== own.user) return false
  const isOfIPv4 = (address: string) => addressFamily(unmapped(address)) === 'IPv4'
  if (addressFamily(mark.address) === 'IPv4' || (isOfIPv4(mark.address) && isOfIPv4(own.address))) {
    if (own.ipv6Only) return false
    const plain = own.address === '::' ? '0.0.0.0' : unmapped(own.address)
    return unmapped(mark.address) === '0.0.0.0' || unmapped(mark.address) === plain
  }
  if (mark.address !== '::') return mark.address === own.address
  return own.address === '::' || !(mark.ipv6Only && isOfIPv4(own.address))
}
