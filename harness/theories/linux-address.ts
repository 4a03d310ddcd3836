/** M8 on Linux: what an address is to the kernel, before it looks at any socket. */

import { addressFamily, unmapped } from '../domain/endpoint.ts'
import { canonical } from './reach.ts'
import type { Setting } from './world.ts'

/**
 * All of 127.0.0.0/8 belongs to the machine once lo is up (the local routing table has it as a whole), and of IPv6 ::1
 * unless IPv6 is off there. `null`: it is not known.
 */
export function isLocalAddress(address: string, { localAddresses }: Setting): boolean | null {
  const plain = unmapped(canonical(address))
  if (plain === '0.0.0.0' || plain === '::') return true
  const isOfLoopback = plain.startsWith('127.')
  if (localAddresses === null) return isOfLoopback || plain === '::1' || null
  return localAddresses.some((own) => own === plain || (isOfLoopback && own.startsWith('127.')))
}

/** 224.0.0.0/4 and ff00::/8: a group's address may be bound without a look at who is in it (inet_addr_valid_or_nonlocal). */
export function isGroup(plain: string): boolean {
  if (addressFamily(plain) === 'IPv6') return /^ff/i.test(plain)
  const first = Number(plain.split('.')[0])
  return first >= 224 && first < 240
}

/** A broadcast address may be bound like a group's. `null`: it is not known whether it is one. */
export function isBroadcast(plain: string, { broadcastAddresses }: Setting): boolean | null {
  if (plain === '255.255.255.255') return true
  if (addressFamily(plain) === 'IPv6') return false
  return broadcastAddresses && broadcastAddresses.includes(plain)
}

/**
 * Addresses that say nothing without an interface: fe80::/10, and groups whose scope is an interface or a link
 * (RFC 4291, section 2.7). A socket that names no interface may not have them (__inet6_bind).
 */
export function needsZone(plain: string): boolean {
  return /^fe[89ab]|^ff.[12]:/i.test(plain)
}
