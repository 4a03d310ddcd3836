/** From where sockets are reached, judged by the addresses that they are bound to. */

import type { About } from './about.ts'
import type { AddressFamily } from './endpoint.ts'
import { addressFamily, isWildcard, unmapped } from './endpoint.ts'
import type { Reach, ServiceSocket } from './service.ts'

type Bound = Pick<ServiceSocket, 'family' | 'address' | 'device' | 'takesIPv4'>

/** The narrowest first. */
const KINDS = ['nobody', 'this-machine', 'group', 'one-interface', 'every-address'] as const

const VERSIONS: readonly AddressFamily[] = ['IPv4', 'IPv6']

/**
 * One answer for each version of IP, and one for both where they are alike: a server may have the wildcard address over
 * IPv6 and single addresses over IPv4. The widest comes first.
 */
export function reachesOf(port: number, sockets: readonly Bound[], addresses: About['addresses'] = null): Reach[] {
  const reaches: Reach[] = []
  for (const family of VERSIONS) {
    const reach = overVersion(port, family, sockets, addresses)
    const same = reaches.find((one) => reach !== null && isAlike(one, reach))
    if (same) same.families.push(family)
    else if (reach) reaches.push(reach)
  }
  const narrower = (kind: Reach['kind']) =>
    !reaches.some((one) => one.families.includes('IPv4') && !isWider(kind, one.kind))
  const unclear = sockets.filter((socket) => port > 0 && isStar(socket) && socket.takesIPv4 === null)
  for (const one of reaches) {
    if (unclear.some((socket) => kindOf(socket) === one.kind) && narrower(one.kind)) one.perhaps.push('IPv4')
  }
  return reaches.sort((a, b) => KINDS.indexOf(b.kind) - KINDS.indexOf(a.kind))
}

/** The widest of its answers. */
export function reachOf(port: number, sockets: readonly Bound[], addresses: About['addresses'] = null): Reach {
  return widestOf(reachesOf(port, sockets, addresses))
}

/** The widest of several, over every version of IP for which it is as wide. */
export function widestOf(reaches: readonly Reach[]): Reach {
  const kind = KINDS.findLast((one) => reaches.some((reach) => reach.kind === one)) ?? 'nobody'
  const widest = reaches.filter((one) => one.kind === kind)
  const [first] = widest
  if (first && widest.length === 1) return first
  return {
    kind,
    families: sorted(widest.flatMap(({ families }) => families)),
    perhaps: sorted(widest.flatMap(({ perhaps }) => perhaps)),
    addresses: sorted(widest.flatMap((one) => one.addresses)),
    devices: sorted(widest.flatMap(({ devices }) => devices)),
  }
}

/** Of the sockets that take this version those that are reached from farthest. */
function overVersion(
  port: number,
  family: AddressFamily,
  sockets: readonly Bound[],
  addresses: About['addresses'],
): Reach | null {
  const taking = sockets.filter((socket) => familiesOf(socket).includes(family))
  const kinds = taking.map((socket) => (port === 0 ? 'nobody' : kindOf(socket)))
  const kind = KINDS.findLast((one) => kinds.includes(one))
  if (kind === undefined) return null
  const widest = taking.filter((_, index) => kinds[index] === kind)
  return {
    kind,
    families: [family],
    perhaps: [],
    addresses:
      kind === 'this-machine' ? [] : sorted(widest.flatMap(({ address }) => (isWildcard(address) ? [] : [address]))),
    devices: kind === 'this-machine' ? [] : sorted(widest.flatMap((socket) => devicesOf(socket, addresses))),
  }
}

function isWider(one: Reach['kind'], other: Reach['kind']): boolean {
  return KINDS.indexOf(one) > KINDS.indexOf(other)
}

function isAlike(a: Reach, b: Reach): boolean {
  return a.kind === b.kind && a.addresses.length + b.addresses.length === 0 && a.devices.join() === b.devices.join()
}

/** Whether other machines can send to it, as far as addresses tell. */
export function isOpenToOthers({ kind }: Reach): boolean {
  return kind === 'one-interface' || kind === 'every-address'
}

function kindOf({ address, device }: Bound): Reach['kind'] {
  // A wildcard address that is bound to the loopback device (SO_BINDTODEVICE) takes only what comes in there.
  if (isLoopback(address) || (device !== null && isLoopbackDevice(device))) return 'this-machine'
  if (isWildcard(address)) return device === null ? 'every-address' : 'one-interface'
  return isMulticast(address) ? 'group' : 'one-interface'
}

const LOOPBACK_NAME = /^(?:localhost[46]?|ip6-localhost|ip6-loopback)(?:\.localdomain[46]?)?$/i

/** All of 127.0.0.0/8 (RFC 1122, section 3.2.1.3), `::1`, and the names that hosts(5) has for them as a rule. */
export function isLoopback(address: string): boolean {
  return address === '::1' || unmapped(address).startsWith('127.') || LOOPBACK_NAME.test(address)
}

/** Linux has `lo`, the BSDs and macOS have `lo0` and more of them. */
export function isLoopbackDevice(device: string): boolean {
  return /^lo\d*$/.test(device)
}

/** 224.0.0.0/4 (RFC 5771) and ff00::/8 (RFC 4291, section 2.7). */
export function isMulticast(address: string): boolean {
  return /^(?:22[4-9]|23\d)\.\d/.test(unmapped(address)) || /^ff[\da-f]{2}:/i.test(address)
}

/** Valid on one link only: 169.254.0.0/16 (RFC 3927) and fe80::/10 (RFC 4291, section 2.5.6). */
export function isLinkLocal(address: string): boolean {
  return unmapped(address).startsWith('169.254.') || /^fe[89ab][\da-f]:/i.test(address)
}

/** Whether an address is a host name, as listings print it that were not asked for numbers. */
export function isHostName(address: string): boolean {
  return !address.includes(':') && !/^\d+(?:\.\d+){3}$/.test(address)
}

const isStar = ({ family, address }: Bound) => family === 'IPv6' && isWildcard(address)

function familiesOf(socket: Bound): AddressFamily[] {
  if (isStar(socket) && socket.takesIPv4 === true) return ['IPv4', 'IPv6']
  // An IPv6 socket that is bound to an IPv4-mapped address takes IPv4 alone (ipv6(7)).
  if (unmapped(socket.address) !== socket.address) return ['IPv4']
  return [isHostName(socket.address) ? socket.family : addressFamily(socket.address)]
}

function devicesOf({ address, device }: Bound, addresses: About['addresses']): string[] {
  if (device !== null) return [device]
  const own = unmapped(address)
  return (addresses ?? []).filter((one) => one.address === own).map((one) => one.device)
}

function sorted<T extends string>(values: readonly T[]): T[] {
  return values.length < 2 ? [...values] : [...new Set(values)].sort()
}
