/** What a network of its own has: acts that have one ask there, and what this machine's network lacks may be there. */

import type { Machine } from '../domain/machine.ts'
import { readInterfaces, readTrie } from './local-addresses.ts'
import { runInOwnNetwork } from './own-network.ts'

/** The tables of that network: proc(5). Where there is no IPv6, the second one is not there. */
const SHOW = 'cat /proc/net/fib_trie /proc/net/if_inet6 /proc/sys/net/ipv4/ip_local_port_range'

/** Undefined where no such network can be made. */
export async function readOwnNetwork(): Promise<Machine['ownNetwork']> {
  const run = await runInOwnNetwork('/bin/sh', ['-c', SHOW])
  return run.outcome === 'ran' ? lackedThere(run.stderr) : undefined
}

/** Its routing tables decide which addresses are its own: a network of 127.0.0.0/8 has 127.0.0.2. */
export function lackedThere(text: string): Machine['ownNetwork'] {
  const { local } = readTrie(text)
  if (!local.includes('127.0.0.1')) return undefined
  const hasBlock = /\|-- 127\.0\.0\.0\n(?: +\/\d+ .*\n)* +\/8 host LOCAL/.test(text)
  const [, first = 0, last = 0] = (/^(\d+)\s+(\d+)$/m.exec(text) ?? []).map(Number)
  return {
    'ipv4-loopback': null,
    'ipv6-loopback': readInterfaces(text).includes('::1') ? null : 'a network of its own has no IPv6 loopback address',
    'loopback-block': hasBlock ? null : 'a network of its own has no address 127.0.0.2',
    // An act with several clients at a time has fewer than a hundred.
    ...(last - first >= 100 && { 'client-ports': null }),
  }
}
