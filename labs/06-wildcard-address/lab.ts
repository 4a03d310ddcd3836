/**
 * Which addresses does a listener on a wildcard address take? Puts server6 on 0.0.0.0 and dials it as 127.0.0.2, as
 * hundreds of other loopback addresses, and from another host; then does the same with ::, the wildcard of IPv6.
 */

import { act, defineLab } from '../../harness/lab.ts'
import { WHO_TAKES_WHAT } from './expected.ts'
import { families, lateOutcome, whoServed } from './families.ts'
import { listedAs, reached, SAMPLE_SIZE } from './sample.ts'

const IP_7 = 'ip(7): INADDR_ANY binds to all local interfaces'
const SYN_RECV = 'Linux net/ipv4/tcp_ipv4.c, tcp_v4_syn_recv_sock'
const ONE_ROUTE = 'Linux net/ipv4/fib_frontend.c, fib_add_ifaddr'

export default defineLab({
  id: '06-wildcard-address',
  acts: {
    document: act({
      requires: ['loopback-block'],
      async experiment({ start, connect, port }) {
        await start('server6', port)
        return { server4: await start('server4', port), client: await connect('127.0.0.2') }
      },
      checks: {
        'refusal-beside-a-wildcard-listener-has-errno-99': {
          claims: { C10: 'errno-99' },
          outcomes: ['errno-98', 'errno-99', 'it-listens'],
          outcome({ server4 }) {
            if (server4.outcome === 'listening') return 'it-listens'
            return server4.error?.errno === -98 ? 'errno-98' : server4.error?.errno === -99 ? 'errno-99' : 'other'
          },
          expect: { linux: { outcome: 'errno-98', source: 'Linux asm-generic/errno.h; socket(7), SO_REUSEADDR' } },
          lie: 'reuse-port-forced',
        },
        'client-of-127-0-0-2-reaches-a-wildcard-listener': {
          claims: { C11: 'server6' },
          outcomes: ['server6', 'server4', 'ECONNREFUSED', 'timed-out'],
          outcome: ({ client }) => whoServed(client),
          expect: { linux: { outcome: 'server6', source: IP_7 } },
          lie: 'loopback-instead',
        },
        'accepted-socket-has-the-address-that-the-client-dialled': {
          outcomes: ['the-dialled-address', 'another-address', 'not-accepted'],
          outcome({ client: { to, seenByServer: seen } }) {
            if (!seen) return 'not-accepted'
            return seen.local.address === to.address ? 'the-dialled-address' : 'another-address'
          },
          expect: { linux: { outcome: 'the-dialled-address', source: SYN_RECV } },
          lie: 'loopback-instead',
        },
      },
    }),

    wholeBlock: act({
      requires: ['loopback-block'],
      async experiment({ start, ask, run, has, port }) {
        const server = await start('address-counter', '0.0.0.0', port)
        const sampler = await start('sampler', '127.0.0.1', port)
        const sampled = await ask(sampler, `${SAMPLE_SIZE}`, 'sampled')
        const counted = await ask(server, 'count', 'counted')
        const routes = has('ip') ? await run('ip', 'route', 'show', 'table', 'local', 'root', '127.0.0.0/8') : null
        return { sampled, counted, routes }
      },
      checks: {
        'wildcard-listener-takes-hundreds-of-loopback-addresses': {
          claims: { C12: 'all' },
          outcomes: ['all', 'some', 'none'],
          outcome: ({ sampled, counted }) => reached(sampled, counted),
          expect: { linux: { outcome: 'all', source: `${IP_7}; ${ONE_ROUTE}` } },
          lie: 'loopback-instead',
        },
        'routing-table-has-a-line-for-each-loopback-address': {
          requires: ['ip'],
          claims: { C12: 'one-for-the-block' },
          outcomes: ['one-for-the-block', 'one-for-each', 'addresses-do-not-work'],
          outcome: ({ sampled, routes }) => listedAs(sampled, routes),
          expect: { linux: { outcome: 'one-for-the-block', source: ONE_ROUTE } },
          lie: 'loopback-instead',
        },
      },
    }),

    anotherHost: act({
      network: 'own',
      requires: ['ipv4-loopback', 'neighbour'],
      async experiment({ start, connect, neighbour, port }) {
        const other = await neighbour()
        await start('listener', '0.0.0.0', port)
        const overWire = await other.start('client', other.oursOnTheWire, port)
        return { overWire, overLoopback: await connect('127.0.0.1') }
      },
      checks: {
        'wildcard-listener-is-reached-through-every-interface': {
          claims: { Q9: 'every-interface' },
          outcomes: ['every-interface', 'loopback-only', 'wire-only', 'neither'],
          outcome({ overWire, overLoopback }) {
            const [wire, loopback] = [overWire, overLoopback].map(({ outcome }) => outcome === 'connected')
            return wire ? (loopback ? 'every-interface' : 'wire-only') : loopback ? 'loopback-only' : 'neither'
          },
          expect: { linux: { outcome: 'every-interface', source: IP_7 } },
          lie: 'loopback-instead',
        },
      },
    }),

    ofIPv6: act({
      requires: ['ipv4-loopback', 'ipv6-loopback'],
      async experiment({ start, stop, connect, port }) {
        const eightZeros = await start('listener', '0:0:0:0:0:0:0:0', port)
        const [v6ToV6, v4ToV6] = [await connect('::1'), await connect('127.0.0.1')]
        await stop(eightZeros)
        await start('listener', '0.0.0.0', port)
        return { eightZeros, v6ToV6, v4ToV6, v6ToV4: await connect('::1'), v4ToV4: await connect('127.0.0.1') }
      },
      checks: {
        'eight-zeros-are-the-address-that-is-written-as-two-colons': {
          claims: { C21: 'the-same' },
          outcomes: ['the-same', 'another-address'],
          outcome: ({ eightZeros }) =>
            eightZeros.rows.some(({ local }) => local.address === '::') ? 'the-same' : 'another-address',
          expect: { posix: { outcome: 'the-same', source: 'RFC 4291, sections 2.2 and 2.5.2' } },
          lie: 'loopback-instead',
        },
        'client-of-the-ipv6-loopback-address-comes-from-that-address': {
          claims: { C21: 'from-that-address' },
          outcomes: ['from-that-address', 'from-another', 'not-accepted'],
          outcome: ({ v6ToV6: { to, seenByServer: seen } }) =>
            !seen ? 'not-accepted' : seen.peer.address === to.address ? 'from-that-address' : 'from-another',
          expect: { posix: { outcome: 'from-that-address', source: 'RFC 4291, section 2.5.3; RFC 6724, section 5' } },
          lie: 'loopback-instead',
        },
        'each-wildcard-address-takes-its-own-family-only': {
          claims: { C21: 'its-own-family' },
          outcomes: ['its-own-family', 'ipv6-takes-both', 'both-take-both'],
          outcome: (evidence) => families(evidence),
          expect: WHO_TAKES_WHAT,
          lie: 'ipv6-wildcard-instead',
        },
      },
    }),

    lateOption: act({
      requires: ['ipv4-loopback', 'ipv6-loopback', 'python'],
      async experiment({ start, said, connect, port }) {
        const server = await start('late-option.py', '::', port)
        return { late: await said(server, 'IPV6_V6ONLY after bind'), overIPv4: await connect('127.0.0.1') }
      },
      checks: {
        'ipv6only-can-be-set-after-bind': {
          claims: { C20: ['EINVAL', 'no-effect'] },
          outcomes: ['EINVAL', 'no-effect', 'set'],
          outcome: ({ late, overIPv4 }) => lateOutcome(late, overIPv4),
          expect: { linux: { outcome: 'EINVAL', source: 'Linux net/ipv6/ipv6_sockglue.c, do_ipv6_setsockopt' } },
          lie: 'option-before-bind',
        },
      },
    }),
  },
})
