/** Machines that lack an address or a version of IP. */

import { join } from 'node:path'

import { namespaced, whyNoNamespace, whyNot } from '../namespace.ts'
import type { Environment } from './environment.ts'
import { inNamespace } from './in-namespace.ts'

const WITHOUT_IPV6 = ['python3', join(import.meta.dirname, 'without-ipv6.py')]

export const ADDRESSES: readonly Environment[] = [
  {
    name: 'a kernel without IPv6: socket(2) refuses it',
    whyNot: () => whyNot([...WITHOUT_IPV6, 'true']),
    enter: () => ({ prefix: WITHOUT_IPV6 }),
    lacks: ['ipv6-loopback'],
  },
  inNamespace(
    'IPv6 is there, and disabled',
    'sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1',
    { lacks: ['ipv6-loopback'] },
  ),
  inNamespace('the address ::1 was removed', 'ip address del ::1/128 dev lo', { lacks: ['ipv6-loopback'] }),
  inNamespace(
    '127.0.0.1 is the only loopback address, as on macOS',
    'ip route del local 127.0.0.0/8 dev lo table local',
    { lacks: ['loopback-block'] },
  ),
  withoutLoopback('the loopback interface was never up', ['unshare', '-rn']),
  // Then its address and routes are still there, and nothing comes of them.
  withoutLoopback('the loopback interface was taken down', namespaced('ip link set lo down')),
]

function withoutLoopback(name: string, prefix: string[]): Environment {
  return {
    name,
    whyNot: whyNoNamespace,
    enter: () => ({ prefix }),
    lacks: ['ipv4-loopback'],
    perhaps: ['loopback-block', 'ipv6-loopback', 'another-user'],
  }
}
