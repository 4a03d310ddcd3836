/** Which addresses a scan may ask: this machine's own, and no others. */

import { isIP, SocketAddress } from 'node:net'
import { hostname } from 'node:os'

import { isWildcard, unmapped } from '../domain/endpoint.ts'
import type { AskedPorts } from '../domain/ports-outside.ts'
import { isLinkLocal, isMulticast } from '../domain/reach.ts'
import type { LocalAddresses } from '../host/local-addresses.ts'
import { readLocalAddresses } from '../host/local-addresses.ts'
import { Unfit } from './unfit.ts'

/** `leftOut`: own addresses that are not asked, since they need a zone. */
export type Targets = { addresses: string[]; leftOut: string[] }

type Lookup = (name: string) => Promise<string[]>

/**
 * @param host an address or name of this machine; `null` for all its addresses.
 * @throws Unfit with the reason, where it is none of them.
 */
export async function findTargets(
  host: string | null,
  own: LocalAddresses = readLocalAddresses(),
  lookup: Lookup = lookupHere,
): Promise<Targets> {
  if (host === null) {
    const all = [...new Set(own.localAddresses)]
    const addresses = all.filter((address) => !isLinkLocal(address)).sort(inOrder)
    return { addresses, leftOut: all.filter(isLinkLocal) }
  }
  const bare = host.replace(/^\[(.*)\]$/, '$1')
  if (isIP(bare) !== 0) return { addresses: [ownAddress(bare, own)], leftOut: [] }
  if (!isOwnName(bare)) {
    throw new Unfit(`--scan asks this machine only; '${shortened(bare)}' is neither localhost nor this machine's name`)
  }
  const found = [...new Set(await lookup(bare))]
  return { addresses: found.filter((one) => !isLinkLocal(one)).map((one) => ownAddress(one, own)), leftOut: [] }
}

function ownAddress(word: string, { localAddresses, broadcastAddresses }: LocalAddresses): string {
  const address = canonical(word)
  const refuse = (why: string) => new Unfit(`--scan asks this machine only; ${word} ${why}`)
  if (isWildcard(address)) throw refuse('stands for every address and is none; without an address all are asked')
  if (isMulticast(address)) throw refuse('is a multicast group')
  if (isLinkLocal(address)) throw refuse('needs a zone, and is not asked')
  // All of 127.0.0.0/8 is this machine (RFC 1122); Linux takes it so, others only what is set up.
  const isOwnLoopback = process.platform === 'linux' && address.startsWith('127.')
  if (broadcastAddresses?.includes(address) === true) throw refuse('is the broadcast address of a network')
  if (localAddresses.includes(address) || isOwnLoopback) return address
  throw refuse('is no address of it. To scan machines of others needs their leave, and another tool')
}

function canonical(word: string): string {
  const [plain = ''] = word.split('%')
  const address = isIP(plain) === 6 ? new SocketAddress({ address: plain, family: 'ipv6' }).address : plain
  return unmapped(address)
}

/** Other names are not even looked up: that would ask the network about them. */
function isOwnName(word: string): boolean {
  const name = word.toLowerCase().replace(/\.$/, '')
  const own = hostname().toLowerCase()
  return /^(?:.+\.)?localhost$/.test(name) || name === 'ip6-localhost' || name === own || name === own.split('.')[0]
}

async function lookupHere(name: string): Promise<string[]> {
  const { lookup } = await import('node:dns/promises')
  try {
    const found = await lookup(name, { all: true })
    return found.map(({ address }) => address)
  } catch (error) {
    throw new Unfit(`--scan: no address is known for ${name} (${(error as NodeJS.ErrnoException).code})`)
  }
}

/** Loopback first, then IPv4 before IPv6. */
function inOrder(a: string, b: string): number {
  const rank = (address: string) =>
    address.startsWith('127.') ? 0 : address === '::1' ? 1 : address.includes(':') ? 3 : 2
  return rank(a) - rank(b) || (a < b ? -1 : 1)
}

export const ALL_PORTS: readonly AskedPorts[] = [{ from: 1, to: 65_535 }]

/**
 * `1-1024`, `22,80,8000-8100`.
 * @throws Unfit
 */
export function readAskedPorts(text: string): AskedPorts[] {
  const ranges = text.split(',').map((part) => {
    const [, first = '', last = first] = /^\s*(\d{1,5})(?:-(\d{1,5}))?\s*$/.exec(part) ?? []
    const range = { from: Number(first), to: Number(last) }
    if (first === '' || range.from < 1 || range.from > range.to || range.to > 65_535) {
      throw new Unfit(`--ports takes ports from 1 to 65535, such as 1-1024 or 22,80,443, not '${shortened(text)}'`)
    }
    return range
  })
  return merged(ranges)
}

/** Ascending, and no port twice. */
function merged(ranges: readonly AskedPorts[]): AskedPorts[] {
  const found: AskedPorts[] = []
  for (const { from, to } of [...ranges].sort((a, b) => a.from - b.from)) {
    const last = found.at(-1)
    if (last !== undefined && from <= last.to + 1) last.to = Math.max(last.to, to)
    else found.push({ from, to })
  }
  return found
}

function shortened(word: string): string {
  return word.length <= 60 ? word : `${word.slice(0, 60)}…`
}
