/** Capabilities that this machine lacks for want of a tool, an address or a right. Found without asking the harness. */

import { existsSync, readFileSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
import { delimiter, join } from 'node:path'

import type { Capability } from '../harness/domain/lab.ts'
import { noNamespace } from './namespace.ts'

const TOOLS: Partial<Record<Capability, string>> = {
  lsof: 'lsof',
  ss: 'ss',
  netstat: 'netstat',
  nmap: 'nmap',
  tcpdump: 'tcpdump',
  ip: 'ip',
  python: 'python3',
  setpriv: 'setpriv',
  neighbour: 'nsenter',
  'packet-filter': 'nft',
  'packet-filter-reject': 'nft',
  'packet-filter-numgen': 'nft',
}

export function lackedHere(): Capability[] {
  const tools = (Object.entries(TOOLS) as [Capability, string][]).filter(([, tool]) => !isInPath(tool))
  const addresses = Object.values(networkInterfaces()).flatMap((all) => all ?? [])
  const hasIPv6 = addresses.some(({ address }) => address === '::1')
  return [
    ...tools.map(([capability]) => capability),
    ...(noNamespace === null ? [] : (['own-network', 'neighbour', 'packet-filter'] as const)),
    ...(hasIPv6 ? [] : (['ipv6-loopback'] as const)),
    ...(existsSync('/etc/services') ? [] : (['services-database'] as const)),
    ...(hasOtherUsers() ? [] : (['another-user'] as const)),
  ]
}

function isInPath(tool: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, tool)))
}

/** Root can become another user, unless its user namespace has no other: user_namespaces(7). */
function hasOtherUsers(): boolean {
  return process.getuid?.() === 0 && readFileSync('/proc/self/uid_map', 'utf8').trim().endsWith(' 4294967295')
}
