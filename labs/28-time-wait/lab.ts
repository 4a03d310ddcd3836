/** Which side of a connection is left in TIME-WAIT, for how long, and who may not listen meanwhile? */

import { act, defineLab, LISTEN, listenOutcome, whenClosed } from '../../harness/lab.ts'
import type { Listed, SocketRow, Started } from '../../harness/lab.ts'

/** The rows of the listing in TIME-WAIT, by the first source that shows any. */
export function left({ rows, others }: Listed): SocketRow[] {
  const kernel = [{ rows }, ...others].map(({ rows: all }) => all.filter(({ state }) => state === 'TIME-WAIT'))
  return kernel.find((found) => found.length > 0) ?? []
}

function sideLeft(atServer: Listed, atClient: Listed): 'server' | 'client' | 'both' | 'none' {
  const [server, client] = [left(atServer).length > 0, left(atClient).length > 0]
  return server && client ? 'both' : server ? 'server' : client ? 'client' : 'none'
}

/**
 * How long the kernel will keep the row, in seconds: the second half of the column `tr tm->when` of its table, in ticks
 * of a hundredth of a second (USER_HZ). The state 06 is TIME-WAIT.
 */
export function secondsLeft({ printed, others }: Listed): number | null {
  const lines = [{ printed }, ...others].flatMap((listing) => listing.printed)
  const ticks = lines.map((line) => /: [0-9A-F]+:[0-9A-F]{4} \S+ 06 \S+ 03:([0-9A-F]{8}) /.exec(line)?.[1])
  const [first] = ticks.filter((one) => one !== undefined)
  return first === undefined ? null : Number.parseInt(first, 16) / 100
}

const RULE = 'socket(7), SO_REUSEADDR; net/ipv4/inet_connection_sock.c, inet_csk_bind_conflict'
const LIBUV = 'libuv src/unix/tcp.c, uv__tcp_bind: SO_REUSEADDR; socket(7)'
const CLOSER = 'RFC 9293, section 3.6: who closes actively stays in TIME-WAIT'

/**
 * RFC 1337: a reset that comes late ends TIME-WAIT, unless this is set (tcp(7), tcp_rfc1337). A busy machine may send the
 * last FIN twice. The second acknowledgement then meets no socket any more, and is answered with a reset.
 */
const HEED_NO_RESET = 'echo 1 > /proc/sys/net/ipv4/tcp_rfc1337'

/** A port that nobody has: an address without a listener, to look for rows of the client's own end. */
const ownPort = ({ local }: Started) => local?.port ?? 0

export default defineLab({
  id: '28-time-wait',
  acts: {
    serverFirst: act({
      network: 'own',
      requires: ['ipv4-loopback', 'proc'],
      async experiment({ run, start, said, stop, list, has, port }) {
        await run('sh', '-c', HEED_NO_RESET)
        const server = await start('listener', '127.0.0.1', port)
        const client = await start('client', '127.0.0.1', port)
        if (client.outcome === 'connected') await said(client, 'end') // the server has closed, the client has not
        if (!client.error) await stop(client)
        const atServer = await whenClosed(() => list('proc', { connections: true }))
        const atClient = await list('proc', { connections: true, port: ownPort(client) })
        await stop(server)
        const again = await start('listener', '127.0.0.1', port)
        if (again.outcome === 'listening') await stop(again)
        const plain = has('python') ? await start('plain.py', '127.0.0.1', port) : null
        return { client, atServer, atClient, again, plain }
      },
      checks: {
        'side-that-closes-first-is-left-in-time-wait': {
          outcomes: ['server', 'client', 'both', 'none'],
          outcome: ({ atServer, atClient }) => sideLeft(atServer, atClient),
          expect: { linux: { outcome: 'server', source: CLOSER } },
          lie: 'another-port',
        },
        'connection-in-time-wait-belongs-to-a-process': {
          claims: { T26: 'nobody' },
          outcomes: ['nobody', 'somebody'],
          outcome({ atServer }) {
            const rows = left(atServer)
            if (rows.length === 0) return 'other'
            return rows.every(({ holders }) => holders.length === 0) ? 'nobody' : 'somebody'
          },
          expect: { linux: { outcome: 'nobody', source: 'net/ipv4/tcp_minisocks.c, tcp_time_wait' } },
          lie: 'another-port',
        },
        'time-wait-ends-within-a-minute': {
          outcomes: ['within-a-minute', 'later'],
          outcome({ atServer }) {
            const seconds = secondsLeft(atServer)
            return seconds === null ? 'other' : seconds > 0 && seconds <= 60 ? 'within-a-minute' : 'later'
          },
          expect: { linux: { outcome: 'within-a-minute', source: 'include/net/tcp.h, TCP_TIMEWAIT_LEN' } },
          lie: 'another-port',
        },
        'node-listens-again-while-time-wait-lasts': {
          outcomes: LISTEN,
          outcome: ({ atServer, again }) => (left(atServer).length === 0 ? 'other' : listenOutcome(again)),
          expect: { linux: { outcome: 'listening', source: LIBUV } },
          lie: 'child-keeps-socket',
        },
        'plain-python-server-listens-while-time-wait-lasts': {
          requires: ['python'],
          outcomes: LISTEN,
          outcome: ({ atServer, plain }) => (left(atServer).length === 0 || !plain ? 'other' : listenOutcome(plain)),
          expect: { linux: { outcome: 'EADDRINUSE', source: RULE } },
          lie: 'reuse-address-forced',
        },
      },
    }),

    clientFirst: act({
      network: 'own',
      requires: ['ipv4-loopback', 'proc', 'python'],
      async experiment({ run, start, said, stop, list, port }) {
        await run('sh', '-c', HEED_NO_RESET)
        const server = await start('backlog', '127.0.0.1', port, 5)
        const client = await start('client', '127.0.0.1', port)
        // A connection that the server has not accepted is reset when the server ends.
        if (client.outcome === 'connected') await said(server, 'accepted')
        if (!client.error) await stop(client)
        await stop(server)
        const atServer = await whenClosed(() => list('proc', { connections: true }))
        const atClient = await list('proc', { connections: true, port: ownPort(client) })
        return { client, atServer, atClient, plain: await start('plain.py', '127.0.0.1', port) }
      },
      checks: {
        'client-that-closes-first-is-left-in-time-wait': {
          outcomes: ['server', 'client', 'both', 'none'],
          outcome: ({ atServer, atClient }) => sideLeft(atServer, atClient),
          expect: { linux: { outcome: 'client', source: CLOSER } },
          lie: 'another-port',
        },
        'plain-python-server-listens-after-the-client-closed-first': {
          outcomes: LISTEN,
          outcome: ({ atClient, plain }) => (left(atClient).length === 0 ? 'other' : listenOutcome(plain)),
          expect: { linux: { outcome: 'listening', source: RULE } },
          lie: 'child-keeps-socket',
        },
      },
    }),
  },
})
