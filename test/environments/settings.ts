/** Settings of a network, each of which some machine has. They hold for one network namespace: sysctl(8). */

import type { Environment } from './environment.ts'
import { inNamespace } from './in-namespace.ts'

export const SETTINGS: readonly Environment[] = [
  inNamespace('a network namespace like a fresh machine', ''),
  inNamespace('one port for clients', range(40_000, 40_000), { lacks: ['client-ports'] }),
  inNamespace('two ports for clients', range(40_000, 40_001), { lacks: ['client-ports'] }),
  inNamespace('a hundred ports for clients', range(40_000, 40_099)),
  inNamespace('a hundred ports for clients, of which 8080 is one', range(8_030, 8_129)),
  inNamespace('bindv6only is set', 'sysctl -qw net.ipv6.bindv6only=1'),
  inNamespace('every user may have every port', 'sysctl -qw net.ipv4.ip_unprivileged_port_start=0'),
  inNamespace(
    'addresses that are not local can be bound',
    'sysctl -qw net.ipv4.ip_nonlocal_bind=1 net.ipv6.ip_nonlocal_bind=1',
  ),
  inNamespace('no connection is kept in TIME-WAIT', 'sysctl -qw net.ipv4.tcp_max_tw_buckets=0'),
]

/** The ports from which the system gives its clients theirs: ip(7), `ip_local_port_range`. */
function range(first: number, last: number): string {
  return `sysctl -qw net.ipv4.ip_local_port_range="${first} ${last}"`
}
