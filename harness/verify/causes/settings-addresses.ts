/** Settings of the kernel and of the loopback interface on which it depends which addresses there are. */

import type { Machine } from '../../domain/machine.ts'
import type { KnownCause } from './known-cause.ts'
import { firstFound, settingWhere } from './known-cause.ts'
import { allOf, anyOf, asksAbout, failed, isIPv6, isLoopback, openedInsteadOf, refused, startedIn } from './symptoms.ts'

const SYSCTL = "the kernel's ip-sysctl.rst"
const SETTING = { kind: 'setting', ground: 'fits', reach: 'machine-network' } as const

/** What bind(2) and connect(2) answer for an address that the machine does not have, or a network that it cannot reach. */
const NOT_THERE = ['EADDRNOTAVAIL', 'ENETUNREACH', 'EHOSTUNREACH', 'ENETDOWN']

function unlessWorks(protocol: keyof Machine['protocols']): KnownCause['found'] {
  return ({ protocols }) => (protocols[protocol].works ? null : protocols[protocol].how)
}

export const ADDRESS_SETTINGS: readonly KnownCause[] = [
  {
    ...SETTING,
    id: 'loopback-is-down',
    symptom: refused([...NOT_THERE, 'timed-out', 'silent'], { at: ({ address }) => isLoopback(address) }),
    found: ({ loopback }) => {
      const down = loopback.find(({ isUp }) => !isUp)
      return down === undefined ? null : `The loopback interface ${down.name} is down`
    },
    explains: 'Its addresses may be bound all the same, and no packet gets to them: connect(2) answers ENETUNREACH.',
    remedy: 'ip link set lo up',
    source: 'ip-link(8); network_namespaces(7)',
  },
  {
    ...SETTING,
    id: 'ipv6-only-by-default',
    symptom: allOf(failed, (surprise) =>
      startedIn(surprise).some(({ program, protocol, local, asked }) => {
        const isIPv6Wildcard = (local?.address ?? asked?.address) === '::'
        return isIPv6Wildcard && ((protocol ?? asked?.protocol) === 'udp' || program.endsWith('.py'))
      }),
    ),
    found: firstFound(
      settingWhere('net.ipv6.bindv6only', (value) => value === 1),
      settingWhere('net.inet6.ip6.v6only', (value) => value === 1),
    ),
    explains:
      'A socket on :: then takes IPv6 alone, unless its program says otherwise. libuv says otherwise for TCP, and for UDP it says nothing.',
    remedy: 'sysctl -w net.ipv6.bindv6only=0',
    source: 'ipv6(7), IPV6_V6ONLY; docs/notes/node/ipv6only-is-always-set.md',
  },
  {
    ...SETTING,
    id: 'ipv6-is-disabled',
    symptom: refused(NOT_THERE, { at: isIPv6 }),
    found: firstFound(
      settingWhere('net.ipv6.conf.all.disable_ipv6', (value) => value === 1),
      settingWhere('net.ipv6.conf.lo.disable_ipv6', (value) => value === 1),
    ),
    explains: 'The interface has no IPv6 address, not even ::1. The wildcard address :: may be bound all the same.',
    remedy: 'sysctl -w net.ipv6.conf.all.disable_ipv6=0 net.ipv6.conf.lo.disable_ipv6=0',
    source: `${SYSCTL}, disable_ipv6`,
  },
  {
    ...SETTING,
    id: 'no-ipv6-loopback',
    symptom: refused([...NOT_THERE, 'timed-out', 'silent', 'ECONNREFUSED'], { at: ({ address }) => address === '::1' }),
    found: unlessWorks('ipv6'),
    explains: 'Without that address nothing can be bound to it, and nothing reaches it.',
    remedy: 'ip -6 addr add ::1/128 dev lo',
    source: 'ipv6(7); ip-address(8)',
  },
  {
    ...SETTING,
    id: 'no-ipv4-loopback',
    symptom: refused([...NOT_THERE, 'timed-out', 'silent', 'ECONNREFUSED'], {
      at: ({ address }) => address === '127.0.0.1',
    }),
    found: unlessWorks('ipv4'),
    explains: 'Almost every experiment needs that address.',
    remedy: 'ip addr add 127.0.0.1/8 dev lo; ip link set lo up',
    source: 'ip(7); ip-address(8)',
  },
  {
    ...SETTING,
    id: 'no-loopback-block',
    symptom: refused([...NOT_THERE, 'timed-out', 'silent', 'ECONNREFUSED'], {
      at: ({ address }) => address !== '127.0.0.1' && (address ?? '').startsWith('127.'),
    }),
    found: unlessWorks('127.0.0.2'),
    explains:
      'Linux takes all of 127.0.0.0/8 for its own as long as the local routing table has that route. macOS and the BSDs know single addresses only.',
    remedy: 'On Linux: ip route add local 127.0.0.0/8 dev lo table local. On macOS: ifconfig lo0 alias 127.0.0.2',
    source: 'ip-route(8), local; Linux net/ipv4/fib_frontend.c, fib_add_ifaddr',
  },
  {
    ...SETTING,
    id: 'any-address-may-be-bound',
    symptom: anyOf(
      openedInsteadOf('EADDRNOTAVAIL', ({ local }) => !isLoopback(local?.address ?? null)),
      allOf(failed, asksAbout(/not-local/)),
    ),
    found: firstFound(
      settingWhere('net.ipv4.ip_nonlocal_bind', (value) => value === 1),
      settingWhere('net.ipv6.ip_nonlocal_bind', (value) => value === 1),
    ),
    explains: 'bind(2) then takes addresses that this machine does not have, instead of answering EADDRNOTAVAIL.',
    remedy: 'sysctl -w net.ipv4.ip_nonlocal_bind=0 net.ipv6.ip_nonlocal_bind=0',
    source: `${SYSCTL}, ip_nonlocal_bind`,
  },
  {
    ...SETTING,
    id: 'wildcard-is-no-destination',
    symptom: refused([...NOT_THERE, 'ECONNREFUSED', 'EINVAL'], {
      call: 'connect',
      at: ({ address }) => address === '0.0.0.0' || address === '::',
    }),
    found: settingWhere('net.inet.ip.connect_inaddr_wild', (value) => value === 0),
    explains: 'A client that connects to the wildcard address is then refused, and not sent to the loopback address.',
    remedy: 'sysctl net.inet.ip.connect_inaddr_wild=1',
    source: 'FreeBSD inet(4), connect_inaddr_wild',
  },
]
