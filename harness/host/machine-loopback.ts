/** The loopback interface: its name, whether it is up, and its loopback addresses. */

import { readFileSync } from 'node:fs'
import { networkInterfaces } from 'node:os'

import type { LoopbackInterface } from '../domain/machine.ts'
import { isLoopbackAddress } from './local-addresses.ts'

export function readLoopback(): LoopbackInterface[] {
  const listed = Object.entries(networkInterfaces()).flatMap(([name, addresses = []]) =>
    addresses.some(({ internal }) => internal)
      ? [{ name, isUp: true, addresses: addresses.map(({ address }) => address).filter(isLoopbackAddress) }]
      : [],
  )
  // Node leaves out interfaces that are down, or have no address.
  const isThere = /^\s*lo:/m.test(read('/proc/net/dev'))
  if (listed.length > 0 || !isThere) return listed
  // An interface that is up has joined the group of all hosts, with or without an address (ip_mc_up).
  return [{ name: 'lo', isUp: /\slo\s/.test(read('/proc/net/igmp')), addresses: [] }]
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
