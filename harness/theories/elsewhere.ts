/**
 * M8 on other systems: only what a source says of Node's options there. TCP listeners of one user, on one port; of all
 * else there is no opinion.
 */

import { isWildcard } from '../domain/endpoint.ts'
import type { CallOutcome } from '../domain/theory.ts'
import { canonical, overlap, reachOf } from './reach.ts'
import type { Wish, World } from './world.ts'

type Rule = {
  /** What libuv answers to reusePort: it passes the option on only where it balances (uv__sock_reuseport). */
  reusePort: CallOutcome | null
  /** A listener on a wildcard address beside one on a specific address of the same version. */
  wildcardBesideSpecific: CallOutcome | null
  /** A dual-stack listener on :: beside one on 0.0.0.0. */
  bothWildcards: CallOutcome | null
}

const RULES: Readonly<Record<string, Rule>> = {
  // xnu bsd/netinet/in_pcb.c: with SO_REUSEADDR only the very same address is looked up; nodejs/node#7200, #26274
  darwin: { reusePort: 'ENOTSUP', wildcardBesideSpecific: 'ok', bothWildcards: 'ok' },
  freebsd: { reusePort: null, wildcardBesideSpecific: null, bothWildcards: null },
  netbsd: { reusePort: 'ENOTSUP', wildcardBesideSpecific: null, bothWildcards: null },
  // ip6(4): every IPv6 socket is IPv6-only; Go src/net/listen_test.go
  openbsd: { reusePort: 'ENOTSUP', wildcardBesideSpecific: null, bothWildcards: 'ok' },
  // Wine dlls/ws2_32/tests, test_reuseaddr: without SO_EXCLUSIVEADDRUSE, which libuv does not set
  win32: { reusePort: 'ENOTSUP', wildcardBesideSpecific: 'ok', bothWildcards: 'ok' },
}

export function mayBindElsewhere({ setting, sockets }: World, { asked, user }: Wish): CallOutcome | null {
  const rule = RULES[setting.os]
  if (!rule) return null
  if (asked.reusePort) return rule.reusePort
  if (asked.protocol !== 'tcp' || !asked.listens || asked.port === 0) return null
  const inTheWay = sockets.filter(
    ({ protocol, state, local, ipv6Only }) =>
      protocol === 'tcp' &&
      state === 'listening' &&
      local.port === asked.port &&
      overlap(reachOf(local, ipv6Only), reachOf(asked, asked.ipv6Only)),
  )
  const [held, ...more] = inTheWay
  if (!held || more.length > 0 || held.user !== user || held.reusePort) return null
  const pair = [canonical(held.local.address), canonical(asked.address)]
  // Go src/net/listen_test.go, for every system.
  if (pair[0] === pair[1] && held.ipv6Only === asked.ipv6Only) return 'EADDRINUSE'
  if (pair.every(isWildcard)) return rule.bothWildcards
  return pair.some((address) => address.includes(':')) ? null : rule.wildcardBesideSpecific
}
