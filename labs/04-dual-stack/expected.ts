/** What is expected of each system where they differ over IPv4 and IPv6 on one port, with the sources. */

const OPTION = 'RFC 3493, section 5.3'
const OPENBSD = 'OpenBSD ip6(4)'
const LIBUV_WINDOWS = 'libuv src/win/tcp.c: IPV6_V6ONLY 0'
const ONE_SPACE = 'ipv6(7): IPv4 and IPv6 share the local port space; bind(2)'

export const REFUSED = {
  outcome: 'ECONNREFUSED',
  source: 'POSIX connect, ECONNREFUSED; RFC 9293, section 3.5.2',
} as const

export const IPV4_CLIENT = {
  posix: { outcome: 'connected', source: `libuv, uv__tcp_bind: IPV6_V6ONLY 0; ${OPTION}` },
  openbsd: { outcome: 'ECONNREFUSED', source: OPENBSD },
  win32: { outcome: 'connected', source: `${LIBUV_WINDOWS}; ${OPTION}` },
} as const

export const ADDRESS_OF_IPV4_CLIENT = {
  posix: { outcome: 'ipv4-mapped', source: 'RFC 3493, section 3.7' },
  openbsd: { outcome: 'nothing', source: OPENBSD },
  win32: { outcome: 'ipv4-mapped', source: `${LIBUV_WINDOWS}; RFC 3493, section 3.7` },
} as const

export const DUAL_STACK_AFTER_IPV4 = {
  linux: { outcome: 'EADDRINUSE', source: ONE_SPACE },
  openbsd: { outcome: 'listening', source: `${OPENBSD}; Go net/listen_test.go, TestDualStackTCPListener` },
} as const

export const IPV4_AFTER_DUAL_STACK = {
  ...DUAL_STACK_AFTER_IPV4,
  darwin: { outcome: 'listening', source: 'nodejs/node#7200' },
  win32: {
    outcome: 'listening',
    source: 'Wine ws2_32 tests, test_reuseaddr; docs/notes/windows/bind-without-options.md',
  },
} as const
