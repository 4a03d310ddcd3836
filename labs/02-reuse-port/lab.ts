/** Can several processes listen on one TCP address and port? Without SO_REUSEPORT, with it on one, and on both. */

import { act, CONNECT, defineLab, LISTEN, listenOutcome, openRows } from '../../harness/lab.ts'

const GO = 'Go net/listen_test.go, TestTCPListener'
const TWICE = { outcome: 'EADDRINUSE', source: `POSIX bind, EADDRINUSE; ${GO}` } as const
const TWICE_WINDOWS = { outcome: 'EADDRINUSE', source: `Wine ws2_32 tests, test_reuseaddr; ${GO}` } as const
const SOCKET_7 = 'socket(7), SO_REUSEPORT'
const NODE = 'Node documentation, server.listen: reusePort'
const IN_USE = { outcome: 'EADDRINUSE', source: SOCKET_7 } as const
const FREEBSD = `${NODE}; FreeBSD getsockopt(2), SO_REUSEPORT_LB`
const SHARED = { outcome: 'listening', source: `${SOCKET_7}; ${NODE}` } as const
const SHARED_LB = { outcome: 'listening', source: FREEBSD } as const
const NOTSUP = { outcome: 'ENOTSUP', source: 'libuv, uv__sock_reuseport and UV_TCP_REUSEPORT' } as const

export default defineLab({
  id: '02-reuse-port',
  roles: { server1: ['onlyOne'], server3: ['onlyOne', 'both'] },
  acts: {
    withoutOption: act({
      requires: ['ipv4-loopback'],
      async experiment({ start, stop, port }) {
        const first = await start('server1', port)
        const second = await start('server1', port)
        await stop(first)
        return { second, withOption: await start('server3', port) }
      },
      checks: {
        'second-listener-starts-without-reuseport': {
          outcomes: LISTEN,
          outcome: ({ second }) => listenOutcome(second),
          expect: { posix: TWICE, win32: TWICE_WINDOWS },
          lie: 'reuse-port-forced',
        },
        'system-lets-node-set-reuseport': {
          outcomes: ['listening', 'ENOTSUP'],
          outcome: ({ withOption }) => listenOutcome(withOption),
          expect: { linux: SHARED, freebsd: SHARED_LB, darwin: NOTSUP, netbsd: NOTSUP, openbsd: NOTSUP, win32: NOTSUP },
          lie: 'bind-denied',
        },
      },
    }),

    onlyOne: act({
      requires: ['ipv4-loopback', 'reuse-port'],
      async experiment({ start, stop, port }) {
        const server1 = await start('server1', port)
        const server3Second = await start('server3', port)
        await stop(server1)
        await start('server3', port)
        return { server3Second, server1Second: await start('server1', port) }
      },
      checks: {
        'listeners-share-when-only-one-has-reuseport': {
          outcomes: [...LISTEN, 'one-order-only'],
          outcome: ({ server3Second, server1Second }) =>
            server3Second.outcome === server1Second.outcome ? listenOutcome(server3Second) : 'one-order-only',
          expect: { linux: IN_USE },
          lie: 'reuse-port-forced',
        },
      },
    }),

    both: act({
      requires: ['ipv4-loopback', 'reuse-port'],
      async experiment({ start, connect, list, ended, port }) {
        const servers = [await start('server3', port), await start('server3', port)] as const
        const listed = await list('lsof')
        const dial = async () => {
          const client = await connect('127.0.0.1')
          const server = servers.find(({ pid }) => pid === client.servedBy?.pid)
          if (server) await ended(server) // it serves one client only
          return client
        }
        const [first, second] = [await dial(), await dial()]
        return { secondStart: servers[1], listed, first, second, third: await connect('127.0.0.1') }
      },
      checks: {
        'second-listener-starts-with-reuseport-on-both': {
          claims: { C7: 'listening', C19: 'listening', H2: 'EADDRINUSE', T4: 'EADDRINUSE' },
          outcomes: LISTEN,
          outcome: ({ secondStart }) => listenOutcome(secondStart),
          expect: { linux: SHARED, freebsd: SHARED_LB },
          lie: 'reuse-port-ignored',
        },
        'listing-shows-each-member-of-a-reuseport-group': {
          claims: { C7: 'two-rows' },
          shownBy: 'lsof',
          outcomes: ['two-rows', 'one-row', 'one-shared-row'],
          outcome({ listed }) {
            const [row, another, ...more] = openRows(listed)
            if (!row || more.length > 0) return 'other'
            return another ? 'two-rows' : row.holders.length === 2 ? 'one-shared-row' : 'one-row'
          },
          expect: { posix: { outcome: 'two-rows', source: 'lsof(8): one line for each open file' } },
          lie: 'reuse-port-ignored',
        },
        'second-client-ends-the-other-server': {
          claims: { C8: 'the-other' },
          outcomes: ['the-other', 'the-same', 'ECONNREFUSED'],
          outcome({ first, second }) {
            if (second.outcome === 'ECONNREFUSED') return 'ECONNREFUSED'
            if (!first.servedBy || !second.servedBy) return 'other'
            return first.servedBy.pid === second.servedBy.pid ? 'the-same' : 'the-other'
          },
          expect: {
            linux: { outcome: 'the-other', source: `${SOCKET_7}; ${NODE}` },
            freebsd: { outcome: 'the-other', source: FREEBSD },
          },
          lie: 'reuse-port-ignored',
        },
        'third-client-reaches-a-server-after-both-have-ended': {
          outcomes: CONNECT,
          outcome: ({ third }) => third.outcome,
          expect: {
            posix: { outcome: 'ECONNREFUSED', source: 'POSIX connect, ECONNREFUSED; RFC 9293, section 3.5.2' },
          },
          lie: 'child-keeps-socket',
        },
      },
    }),

    manyClients: act({
      requires: ['ipv4-loopback', 'reuse-port', 'client-ports'],
      async experiment({ start, connectMany, port }) {
        const member = () => start('listener', '127.0.0.1', port, 'reusePort')
        const members = await Promise.all([member(), member(), member()])
        return { members, tally: await connectMany('127.0.0.1', 240) }
      },
      checks: {
        'connections-reach-every-member-of-a-reuseport-group': {
          outcomes: ['every-member', 'some-members', 'one-member'],
          outcome: ({ members, tally: { servedBy } }) =>
            servedBy.length === members.length ? 'every-member' : servedBy.length > 1 ? 'some-members' : 'one-member',
          expect: {
            linux: { outcome: 'every-member', source: SOCKET_7 },
            freebsd: { outcome: 'every-member', source: 'FreeBSD rS334719, SO_REUSEPORT_LB' },
          },
          lie: 'reuse-port-ignored',
        },
      },
    }),

    anotherUser: act({
      requires: ['ipv4-loopback', 'reuse-port', 'another-user'],
      async experiment({ start, startAsAnotherUser, port }) {
        await start('server3', port)
        return { other: await startAsAnotherUser('server3', port) }
      },
      checks: {
        'another-user-joins-a-reuseport-group': {
          outcomes: LISTEN,
          outcome: ({ other }) => listenOutcome(other),
          expect: { linux: IN_USE },
          lie: 'next-port-when-taken',
        },
      },
    }),
  },
})
