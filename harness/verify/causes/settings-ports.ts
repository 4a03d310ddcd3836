/** Settings of the kernel on which it depends which ports there are, and who may have them. */

import type { Machine } from '../../domain/machine.ts'
import type { KnownCause } from './known-cause.ts'
import { firstFound, numberOf, settingWhere, valueOf } from './known-cause.ts'
import { allOf, anyOf, asksAbout, failed, openedInsteadOf, refused, says } from './symptoms.ts'

const SYSCTL = "the kernel's ip-sysctl.rst"
const SETTING = { kind: 'setting', ground: 'fits', reach: 'machine-network' } as const

/** With fewer, connections that last and those in TIME-WAIT may hold all of them at once. */
const FEW_PORTS = 1000

/** A port was to be chosen by the system, and there was none. */
export const NO_FREE_PORT = anyOf(
  refused(['EADDRNOTAVAIL'], { call: 'connect' }),
  refused(['EADDRINUSE'], { at: ({ port }) => port === 0 || port === null }),
  says(/no free port for a client|found no free socket/),
)

/** How many ports the system may give, by its range less those that are reserved; null where it has no such settings. */
function portsToGive(machine: Machine): number | null {
  const [first = NaN, last = NaN] = (valueOf(machine, 'net.ipv4.ip_local_port_range') ?? '').split(/\s+/).map(Number)
  if (Number.isNaN(first) || Number.isNaN(last)) return null
  const reserved = (valueOf(machine, 'net.ipv4.ip_local_reserved_ports') ?? '').split(',').flatMap((part) => {
    const [from = NaN, to = from] = part.split('-').map(Number)
    return part === '' || Number.isNaN(from) ? [] : [Math.max(0, Math.min(to, last) - Math.max(from, first) + 1)]
  })
  return last - first + 1 - reserved.reduce((sum, count) => sum + count, 0)
}

/** Null where there are enough, or nobody knows how many. */
export function fewPorts(machine: Machine): string | null {
  const count = portsToGive(machine)
  if (count === null || count >= FEW_PORTS) return null
  const reserved = valueOf(machine, 'net.ipv4.ip_local_reserved_ports') ?? ''
  const range = `net.ipv4.ip_local_port_range is ${valueOf(machine, 'net.ipv4.ip_local_port_range') ?? ''}`
  const settings = reserved === '' ? range : `${range}, net.ipv4.ip_local_reserved_ports is ${reserved}`
  return `${settings}: ${count === 1 ? 'there is 1 port' : `there are ${Math.max(0, count)} ports`} for the system to give`
}

export const PORT_SETTINGS: readonly KnownCause[] = [
  {
    ...SETTING,
    id: 'few-ephemeral-ports',
    symptom: NO_FREE_PORT,
    found: fewPorts,
    explains:
      'A client that does not choose its port, and a server that asks for port 0, get one from this range. While others hold all of it, connect(2) answers EADDRNOTAVAIL and bind(2) EADDRINUSE.',
    remedy: 'Widen the range: sysctl -w net.ipv4.ip_local_port_range="32768 60999"',
    source: `${SYSCTL}, ip_local_port_range and ip_local_reserved_ports; ip(7)`,
  },
  {
    ...SETTING,
    id: 'few-four-tuples',
    symptom: allOf(failed, ({ steps }) => steps.some(({ kind }) => kind === 'connect-many')),
    found: fewPorts,
    explains:
      'The kernel chooses the member of a SO_REUSEPORT group by a hash over the four-tuple. Clients that share few ports make few four-tuples, and so a member may get none.',
    remedy: 'Widen the range: sysctl -w net.ipv4.ip_local_port_range="32768 60999"',
    source: 'socket(7), SO_REUSEPORT; Linux net/ipv4/inet_hashtables.c, inet_lookup_reuseport',
  },
  {
    ...SETTING,
    id: 'range-has-the-port',
    symptom: says(/met itself/),
    found: (machine, { act }) => {
      const range = valueOf(machine, 'net.ipv4.ip_local_port_range') ?? ''
      const [first = NaN, last = NaN] = range.split(/\s+/).map(Number)
      const ports = [act?.port ?? NaN, ...(act?.steps ?? []).map((step) => ('port' in step ? Number(step.port) : NaN))]
      const isInside = ports.some((port) => port >= first && port <= last)
      return isInside ? `net.ipv4.ip_local_port_range is ${range}, and the port of the experiment is in it` : null
    },
    explains:
      'A client may then get the very port that it connects to. TCP connects such a socket to itself, whether or not somebody listens.',
    remedy: 'Choose a port outside of the range with --port, or narrow the range.',
    source: 'ip(7), ip_local_port_range; RFC 9293, section 3.5, simultaneous open',
  },
  {
    ...SETTING,
    id: 'time-wait-not-reused',
    symptom: NO_FREE_PORT,
    found: settingWhere('net.ipv4.tcp_tw_reuse', (value) => value === 0),
    explains:
      'A connection in TIME-WAIT then keeps its client port for a minute, over the loopback interface too. Many short connections use all ports up.',
    remedy: 'sysctl -w net.ipv4.tcp_tw_reuse=2',
    source: `${SYSCTL}, tcp_tw_reuse`,
  },
  {
    ...SETTING,
    id: 'privileged-ports-begin-higher',
    symptom: anyOf(
      refused(['EACCES'], { call: 'bind', at: ({ port }) => port === null || port >= 1024 }),
      says(/^no free port was found/),
    ),
    found: settingWhere('net.ipv4.ip_unprivileged_port_start', (value) => value > 1024),
    explains: 'A program without CAP_NET_BIND_SERVICE gets EACCES for each port below that number.',
    remedy: 'sysctl -w net.ipv4.ip_unprivileged_port_start=1024',
    source: `${SYSCTL}, ip_unprivileged_port_start; ip(7)`,
  },
  {
    ...SETTING,
    id: 'privileged-ports-begin-lower',
    symptom: anyOf(
      openedInsteadOf('EACCES', ({ local }) => local !== null && local.port < 1024),
      allOf(failed, asksAbout(/privileged|needs-no-right|port-80|without-the-right/)),
    ),
    found: settingWhere('net.ipv4.ip_unprivileged_port_start', (value) => value < 1024),
    explains:
      'Every user may listen on ports from that number on. Docker, Podman and containerd set it to 0 in containers with a network of their own.',
    remedy: 'sysctl -w net.ipv4.ip_unprivileged_port_start=1024, or take it as this machine means it',
    source: `${SYSCTL}, ip_unprivileged_port_start; moby/moby#41030`,
  },
  {
    ...SETTING,
    id: 'few-connections-in-time-wait',
    symptom: allOf(failed, asksAbout(/time-wait/)),
    found: settingWhere('net.ipv4.tcp_max_tw_buckets', (value) => value < 100),
    explains:
      'Connections beyond that number are not kept in TIME-WAIT: they are gone as soon as both sides have closed.',
    remedy: 'Raise net.ipv4.tcp_max_tw_buckets. The kernel documentation says that it must not be lowered.',
    source: `${SYSCTL}, tcp_max_tw_buckets`,
  },
  {
    ...SETTING,
    id: 'resets-do-not-end-time-wait',
    symptom: allOf(failed, asksAbout(/time-wait/)),
    found: settingWhere('net.ipv4.tcp_rfc1337', (value) => value === 1),
    explains: 'A reset does not end TIME-WAIT under this setting, and otherwise it does.',
    remedy: 'sysctl -w net.ipv4.tcp_rfc1337=0',
    source: `${SYSCTL}, tcp_rfc1337; RFC 1337`,
  },
  {
    ...SETTING,
    id: 'range-of-bsd-is-small',
    symptom: NO_FREE_PORT,
    found: firstFound(
      bsdRange('net.inet.ip.portrange.first', 'net.inet.ip.portrange.last'),
      bsdRange('net.inet.ip.anonportmin', 'net.inet.ip.anonportmax'),
    ),
    explains:
      'Clients and servers that leave the choice to the system get their ports from this range, and all were taken.',
    remedy: 'Widen the range with sysctl(8).',
    source: 'ip(4)',
  },
]

function bsdRange(first: string, last: string): KnownCause['found'] {
  return (machine) => {
    const [low, high] = [numberOf(machine, first), numberOf(machine, last)]
    if (low === null || high === null || high - low + 1 >= FEW_PORTS) return null
    return `${first} is ${low} and ${last} is ${high}`
  }
}
