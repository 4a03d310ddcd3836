/** What is expected of each system where an address is in use, with the sources. */

const GO = 'Go net/listen_test.go'
const WINE = 'Wine ws2_32 tests, test_reuseaddr; docs/notes/windows/bind-without-options.md'
const BSD = 'docs/notes/bsd/reuseaddr-compares-whole-addresses.md'

const IN_USE = { outcome: 'EADDRINUSE', source: `POSIX bind, EADDRINUSE; ${GO}, TestTCPListener` } as const

/** The same address for two TCP sockets of Node, the first of which listens. */
export const TWICE = { posix: IN_USE, win32: { ...IN_USE, source: `${WINE}; ${GO}, TestTCPListener` } } as const

/** The same where the second one is only bound. */
export const BOUND_TWICE = { posix: IN_USE } as const

export const TWICE_OVER_UDP = {
  posix: { outcome: 'EADDRINUSE', source: `POSIX bind, EADDRINUSE; ${GO}, TestUDPListener` },
  win32: { outcome: 'EADDRINUSE', source: `${GO}, TestUDPListener` },
} as const

/** Node itself names the call. */
const NAMED = { outcome: 'listen', source: 'Node lib/net.js, setupListenHandle' } as const
export const NAMED_LISTEN = { posix: NAMED, win32: NAMED } as const

export const WILDCARD_AND_SPECIFIC = {
  linux: { outcome: 'EADDRINUSE', source: 'socket(7), SO_REUSEADDR' },
  darwin: { outcome: 'listening', source: `xnu bsd/netinet/in_pcb.c; nodejs/node#26274; ${BSD}` },
  netbsd: { outcome: 'listening', source: `NetBSD sys/netinet/in_pcb.c, in_pcbbind; ${BSD}` },
  openbsd: { outcome: 'listening', source: `OpenBSD sys/netinet/in_pcb.c, in_pcbbind; ${BSD}` },
  win32: { outcome: 'listening', source: WINE },
} as const

export const IPV6_BESIDE_IPV4 = {
  linux: {
    outcome: ['EADDRINUSE', 'EAFNOSUPPORT'],
    source: 'ipv6(7): IPv4 and IPv6 share the local port space; bind(2); socket(2)',
  },
  openbsd: { outcome: 'listening', source: `OpenBSD ip6(4); ${GO}, TestDualStackTCPListener` },
} as const

export const ON_A_FOREIGN_ADDRESS = {
  linux: { outcome: ['EADDRNOTAVAIL', 'allowed'], source: 'bind(2); ip(7), ip_nonlocal_bind' },
  posix: { outcome: 'EADDRNOTAVAIL', source: 'POSIX bind, EADDRNOTAVAIL' },
} as const

export const FREE_AFTER_THE_END = {
  posix: { outcome: 'listening', source: 'POSIX _Exit, Consequences of Process Termination' },
} as const
