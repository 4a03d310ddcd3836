/**
 * The addresses that the kernel takes for this machine's own, from its routing tables. Node's list of interfaces
 * (uv_interface_addresses) leaves out those without a carrier, such as a bridge with nobody on it; the kernel does not.
 */

import { readFileSync } from 'node:fs'
import { SocketAddress } from 'node:net'
import { networkInterfaces } from 'node:os'

export type LocalAddresses = {
  localAddresses: string[]
  /** Of the networks that this machine is in; null where they are not known, or any address is one. */
  broadcastAddresses: string[] | null
}

export function readLocalAddresses(): LocalAddresses {
  const [trie, interfaces] = [read('fib_trie'), read('if_inet6')]
  if (trie === null) {
    const all = Object.values(networkInterfaces()).flatMap((some = []) => some.map(({ address }) => address))
    return { localAddresses: all, broadcastAddresses: null }
  }
  const { local, broadcast } = readTrie(trie)
  // Without a single table, as before lo is up for the first time, each address is a broadcast's (__inet_dev_addr_type).
  const broadcastAddresses = trie.trim() === '' ? null : broadcast
  return { localAddresses: [...local, ...readInterfaces(interfaces ?? '')], broadcastAddresses }
}

/** The leaves of `/proc/net/fib_trie`: an address, and below it what is routed how. A table may be told twice. */
export function readTrie(text: string): { local: string[]; broadcast: string[] } {
  const leaves = [...text.matchAll(/\|-- (\S+)\n((?: +\/\d+ .*\n?)+)/g)]
  const those = (how: RegExp) => [
    ...new Set(leaves.flatMap(([, address = '', routes = '']) => (how.test(routes) ? [address] : []))),
  ]
  return { local: those(/\/32 host LOCAL/), broadcast: those(/\/32 link BROADCAST/) }
}

/** A line of `/proc/net/if_inet6` begins with the 32 digits of an address. */
export function readInterfaces(text: string): string[] {
  return [...text.matchAll(/^[\da-f]{32}(?= )/gm)].map(([digits]) => {
    const address = digits.replaceAll(/(?<=^(?:.{4})+)(?=.)/g, ':')
    return new SocketAddress({ address, family: 'ipv6' }).address
  })
}

/** 127.0.0.0/8 (RFC 1122), ::1 (RFC 4291), and the link-local address of ::1's interface on macOS. */
export function isLoopbackAddress(address: string): boolean {
  return address.startsWith('127.') || address === '::1' || /^fe80::1(?:%lo\d*)?$/.test(address)
}

function read(name: string): string | null {
  try {
    return readFileSync(`/proc/net/${name}`, 'latin1')
  } catch {
    return null
  }
}
