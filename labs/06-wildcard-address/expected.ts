/** What is expected of each system where they differ over the wildcard address of IPv6, with the sources. */

const OPTION = 'RFC 3493, section 5.3'

export const WHO_TAKES_WHAT = {
  posix: { outcome: 'ipv6-takes-both', source: `libuv, uv__tcp_bind: IPV6_V6ONLY 0; ${OPTION}` },
  openbsd: { outcome: 'its-own-family', source: 'OpenBSD ip6(4)' },
  win32: { outcome: 'ipv6-takes-both', source: `libuv src/win/tcp.c: IPV6_V6ONLY 0; ${OPTION}` },
} as const
