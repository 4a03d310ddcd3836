/** Reads off who is reached at a wildcard address, and over which address family. */

import type { Connected, Said } from '../../harness/lab.ts'

/** `v4ToV6` is an IPv4 client of the listener on ::. */
type Clients = Record<'v6ToV6' | 'v4ToV6' | 'v6ToV4' | 'v4ToV4', Connected>

export function families({ v6ToV6, v4ToV6, v6ToV4, v4ToV4 }: Clients) {
  if ([v6ToV6, v4ToV4].some(({ outcome }) => outcome !== 'connected')) return 'other'
  const crossed = `${v4ToV6.outcome} ${v6ToV4.outcome}`
  if (crossed === 'ECONNREFUSED ECONNREFUSED') return 'its-own-family'
  if (crossed === 'connected ECONNREFUSED') return 'ipv6-takes-both'
  return crossed === 'connected connected' ? 'both-take-both' : 'other'
}

/** A system that lets server4 listen beside server6 gives the client to server4, whose address fits better. */
export function whoServed({ outcome, servedBy }: Connected) {
  return outcome !== 'connected' ? outcome : servedBy ? (servedBy.program as 'server6' | 'server4') : 'other'
}

/** What came of IPV6_V6ONLY after bind: what the call answered, where an IPv4 client bears it out. */
export function lateOutcome({ value }: Said, { outcome }: Connected) {
  if (value === 'EINVAL') return outcome === 'connected' ? 'EINVAL' : 'other'
  if (value !== 'accepted') return 'other'
  return outcome === 'connected' ? 'no-effect' : outcome === 'ECONNREFUSED' ? 'set' : 'other'
}
