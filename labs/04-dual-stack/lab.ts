/** Does a listener on :: serve IPv6 only, or IPv4 as well? And can listeners on :: and on 0.0.0.0 share a port? */

import { act, CONNECT, defineLab, LISTEN, listenOutcome, openRows } from '../../harness/lab.ts'
import type { Listed } from '../../harness/lab.ts'
import * as expected from './expected.ts'

/** The rows of a listing by their address family. */
function families(listed: Listed) {
  const found = openRows(listed).map(({ family }) => family)
  return ({ IPv6: 'one-ipv6-row', IPv4: 'one-ipv4-row', 'IPv4 IPv6': 'two-rows' } as const)[found.sort().join(' ')]
}

const OPTION = 'RFC 3493, section 5.3'

export default defineLab({
  id: '04-dual-stack',
  roles: {
    server6: ['ipv4Wildcard', 'bothWildcards', 'ipv6Only'],
    server7: ['dualStack', 'bothWildcards'],
    server8: ['ipv6Only'],
  },
  acts: {
    dualStack: act({
      requires: ['ipv4-loopback', 'ipv6-loopback'],
      async experiment({ start, connect, list, ended, port }) {
        const server7 = await start('server7', port)
        const listed = await list('lsof')
        const overIPv6 = await connect('::1')
        await ended(server7)
        await start('server7', port) // it ended with its first client
        return { listed, overIPv6, overIPv4: await connect('127.0.0.1') }
      },
      checks: {
        'ipv6-client-reaches-dual-stack-listener': {
          claims: { C13: 'connected' },
          outcomes: CONNECT,
          outcome: ({ overIPv6 }) => overIPv6.outcome,
          expect: { posix: { outcome: 'connected', source: 'RFC 3493, section 3.8; POSIX listen' } },
          lie: 'another-port',
        },
        'listing-shows-dual-stack-listener-as-one-ipv6-row': {
          claims: { C14: 'one-ipv6-row' },
          shownBy: 'lsof',
          outcomes: ['one-ipv6-row', 'two-rows', 'one-ipv4-row'],
          outcome: ({ listed }) => families(listed) ?? 'other',
          expect: { posix: { outcome: 'one-ipv6-row', source: 'lsof(8): one line for each open file' } },
          lie: 'ipv4-wildcard-instead',
        },
        'ipv4-client-reaches-dual-stack-listener': {
          claims: { C15: 'connected', C19: 'connected', H14: 'connected' },
          outcomes: CONNECT,
          outcome: ({ overIPv4 }) => overIPv4.outcome,
          expect: expected.IPV4_CLIENT,
          lie: 'ipv6-only-forced',
        },
        'dual-stack-listener-sees-ipv4-client-as-ipv4-mapped-address': {
          outcomes: ['ipv4-mapped', 'ipv4', 'nothing'],
          outcome: ({ overIPv4: { seenByServer } }) =>
            !seenByServer ? 'nothing' : seenByServer.peer.address.startsWith('::ffff:') ? 'ipv4-mapped' : 'ipv4',
          expect: expected.ADDRESS_OF_IPV4_CLIENT,
          lie: 'ipv4-wildcard-instead',
        },
      },
    }),

    ipv4Wildcard: act({
      requires: ['ipv4-loopback', 'ipv6-loopback'],
      async experiment({ start, connect, port }) {
        await start('server6', port)
        return { overIPv6: await connect('::1') }
      },
      checks: {
        'ipv6-client-reaches-ipv4-wildcard-listener': {
          claims: { C16: 'ECONNREFUSED' },
          outcomes: CONNECT,
          outcome: ({ overIPv6 }) => overIPv6.outcome,
          expect: { posix: expected.REFUSED },
          lie: 'ipv6-wildcard-instead',
        },
      },
    }),

    bothWildcards: act({
      requires: ['ipv4-loopback', 'ipv6-loopback'],
      async experiment({ start, stop, port }) {
        const server6 = await start('server6', port)
        const server7AfterServer6 = await start('server7', port)
        await stop(server6)
        await start('server7', port)
        return { server7AfterServer6, server6AfterServer7: await start('server6', port) }
      },
      checks: {
        'dual-stack-listener-starts-after-ipv4-wildcard-listener': {
          claims: { C17: 'EADDRINUSE' },
          outcomes: LISTEN,
          outcome: ({ server7AfterServer6 }) => listenOutcome(server7AfterServer6),
          expect: expected.DUAL_STACK_AFTER_IPV4,
          lie: 'ipv6-only-forced',
        },
        'ipv4-wildcard-listener-starts-after-dual-stack-listener': {
          claims: { C17: 'EADDRINUSE' },
          outcomes: LISTEN,
          outcome: ({ server6AfterServer7 }) => listenOutcome(server6AfterServer7),
          expect: expected.IPV4_AFTER_DUAL_STACK,
          lie: 'ipv6-only-forced',
        },
      },
    }),

    ipv6Only: act({
      requires: ['ipv4-loopback', 'ipv6-loopback'],
      async experiment({ start, connect, list, stop, port }) {
        const server8Alone = await start('server8', port)
        const overIPv4ToServer8 = await connect('127.0.0.1')
        const server6AfterServer8 = await start('server6', port)
        await stop(server8Alone)
        const server8AfterServer6 = await start('server8', port)
        const listed = await list('lsof')
        const [overIPv6, overIPv4] = [await connect('::1'), await connect('127.0.0.1')]
        return { overIPv4ToServer8, server6AfterServer8, server8AfterServer6, listed, overIPv6, overIPv4 }
      },
      checks: {
        'ipv6only-listener-refuses-ipv4': {
          claims: { H14: 'connected' },
          outcomes: CONNECT,
          outcome: ({ overIPv4ToServer8 }) => overIPv4ToServer8.outcome,
          expect: { posix: { outcome: 'ECONNREFUSED', source: OPTION } },
          lie: 'ipv6-only-ignored',
        },
        'ipv6only-and-ipv4-wildcard-listeners-run-side-by-side': {
          claims: { C18: 'both-orders', C19: 'both-orders' },
          outcomes: ['both-orders', 'EADDRINUSE'],
          outcome: ({ server6AfterServer8, server8AfterServer6 }) =>
            [server6AfterServer8, server8AfterServer6].map(listenOutcome).find((one) => one !== 'listening') ??
            'both-orders',
          expect: { posix: { outcome: 'both-orders', source: OPTION } },
          lie: 'ipv6-only-ignored',
        },
        'listing-shows-both-listeners-as-two-rows': {
          claims: { C18: 'two-rows' },
          shownBy: 'lsof',
          outcomes: ['two-rows', 'one-ipv6-row', 'one-ipv4-row'],
          outcome: ({ listed }) => families(listed) ?? 'other',
          expect: { posix: { outcome: 'two-rows', source: 'lsof(8): one line for each open file' } },
          lie: 'ipv6-only-ignored',
        },
        'each-listener-serves-its-own-family': {
          outcomes: ['its-own', 'crossed', 'one-refused'],
          outcome: ({ overIPv6, overIPv4 }) => {
            if ([overIPv6, overIPv4].some(({ outcome }) => outcome !== 'connected')) return 'one-refused'
            const served = [overIPv6, overIPv4].map(({ servedBy }) => servedBy?.program ?? 'nobody')
            return served.includes('nobody') ? 'other' : served.join() === 'server8,server6' ? 'its-own' : 'crossed'
          },
          expect: { posix: { outcome: 'its-own', source: OPTION } },
          lie: 'ipv6-only-ignored',
        },
      },
    }),
  },
})
