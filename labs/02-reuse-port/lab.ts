/**
 * Can several processes listen on one TCP address and port? Starts two listeners without SO_REUSEPORT, with it on one
 * of the two, with it on both, and as another user; then counts which member of a group serves the clients.
 */

import { act, CONNECT, defineLab, LISTEN, listenOutcome, openRows } from '../../harness/lab.ts'
import type { Connected, Started } from '../../harness/lab.ts'

const LIBUV = 'libuv src/unix/core.c, uv__sock_reuseport'
const NODE = 'Node documentation, server.listen: reusePort'

/** The one of these programs that served the client. */
function serverOf({ servedBy }: Connected, ...programs: Started[]) {
  return programs.find(({ pid }) => pid === servedBy?.pid)
}

export default defineLab({
  id: '02-reuse-port',
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
          expect: {
            posix: { outcome: 'EADDRINUSE', source: 'bind(2)' },
            win32: { outcome: 'EADDRINUSE', source: 'Wine ws2_32 tests, test_reuseaddr' },
          },
          lie: 'reuse-port-forced',
        },
        'system-lets-node-set-reuseport': {
          outcomes: ['listening', 'ENOTSUP'],
          outcome: ({ withOption }) => listenOutcome(withOption),
          expect: {
            linux: { outcome: 'listening', source: 'socket(7), SO_REUSEPORT' },
            freebsd: { outcome: 'listening', source: LIBUV },
            darwin: { outcome: 'ENOTSUP', source: `nodejs/node#61018; ${LIBUV}` },
            netbsd: { outcome: 'ENOTSUP', source: LIBUV },
            openbsd: { outcome: 'ENOTSUP', source: LIBUV },
            win32: { outcome: 'ENOTSUP', source: 'libuv src/win/tcp.c, UV_TCP_REUSEPORT' },
          },
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
        'listener-with-reuseport-joins-one-without': {
          outcomes: LISTEN,
          outcome: ({ server3Second }) => listenOutcome(server3Second),
          expect: { linux: { outcome: 'EADDRINUSE', source: 'socket(7), SO_REUSEPORT' } },
          lie: 'reuse-port-forced',
        },
        'listener-without-reuseport-joins-one-with': {
          outcomes: LISTEN,
          outcome: ({ server1Second }) => listenOutcome(server1Second),
          expect: { linux: { outcome: 'EADDRINUSE', source: 'socket(7), SO_REUSEPORT' } },
          lie: 'reuse-port-forced',
        },
      },
    }),

    both: act({
      requires: ['ipv4-loopback', 'reuse-port'],
      async experiment({ start, connect, list, ended, port }) {
        const servers = [await start('server3', port), await start('server3', port)] as const
        const listed = await list('lsof')
        const first = await connect('127.0.0.1')
        const firstServer = serverOf(first, ...servers)
        if (firstServer) await ended(firstServer) // each serves one client and ends
        const second = await connect('127.0.0.1')
        const secondServer = serverOf(second, ...servers)
        if (secondServer) await ended(secondServer)
        return { secondStart: servers[1], listed, first, second, third: await connect('127.0.0.1') }
      },
      checks: {
        'second-listener-starts-with-reuseport-on-both': {
          claims: { C7: 'listening', H2: 'EADDRINUSE' },
          outcomes: LISTEN,
          outcome: ({ secondStart }) => listenOutcome(secondStart),
          expect: {
            posix: { outcome: 'listening', source: NODE },
            linux: { outcome: 'listening', source: 'socket(7), SO_REUSEPORT' },
          },
          lie: 'reuse-port-ignored',
        },
        'listing-shows-each-member-of-a-reuseport-group': {
          claims: { C7: 'two-rows', H2: 'one-row', T4: 'one-row' },
          outcomes: ['two-rows', 'one-row', 'one-shared-row'],
          outcome: ({ listed }) => {
            const holders = openRows(listed).map((row) => row.holders.length)
            if (holders.length === 2) return 'two-rows'
            return holders.length !== 1 ? 'other' : holders[0] === 2 ? 'one-shared-row' : 'one-row'
          },
          expect: { posix: { outcome: 'two-rows', source: 'lsof(8): one line for each open file' } },
          lie: 'reuse-port-ignored',
        },
        'second-client-ends-the-other-server': {
          claims: { C8: 'the-other' },
          outcomes: ['the-other', 'the-same', 'ECONNREFUSED'],
          outcome: ({ first, second }) => {
            if (second.outcome !== 'connected') return second.outcome === 'timed-out' ? 'other' : second.outcome
            if (!first.servedBy || !second.servedBy) return 'other'
            return first.servedBy.pid === second.servedBy.pid ? 'the-same' : 'the-other'
          },
          expect: {
            posix: { outcome: 'the-other', source: NODE },
            linux: { outcome: 'the-other', source: 'socket(7), SO_REUSEPORT' },
          },
          lie: 'reuse-port-ignored',
        },
        'third-client-reaches-a-server-after-both-have-ended': {
          outcomes: CONNECT,
          outcome: ({ third }) => third.outcome,
          expect: { posix: { outcome: 'ECONNREFUSED', source: 'connect(2); RFC 9293, section 3.5.2' } },
          lie: 'child-keeps-socket',
        },
      },
    }),

    manyClients: act({
      requires: ['ipv4-loopback', 'reuse-port'],
      async experiment({ start, connectMany, port }) {
        const member = () => start('listener', '127.0.0.1', port, 'reusePort')
        const members = await Promise.all([member(), member(), member()])
        return { members, tally: await connectMany('127.0.0.1', 240) }
      },
      checks: {
        'connections-reach-every-member-of-a-reuseport-group': {
          outcomes: ['every-member', 'some-members', 'one-member'],
          outcome: ({ members, tally: { servedBy } }) => {
            if (servedBy.length === 1) return 'one-member'
            return servedBy.length === members.length ? 'every-member' : 'some-members'
          },
          expect: {
            linux: { outcome: 'every-member', source: 'socket(7), SO_REUSEPORT' },
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
          expect: { linux: { outcome: 'EADDRINUSE', source: 'socket(7), SO_REUSEPORT' } },
          lie: 'next-port-when-taken',
        },
      },
    }),
  },
})
