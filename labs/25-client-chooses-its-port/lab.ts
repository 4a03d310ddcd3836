/**
 * Must a client choose its own address and port? May it? Connects without bind, then from a port and from an address
 * that the client has chosen, from a port that somebody else listens on, and over UDP from one that it shares.
 */

import { act, CONNECT, defineLab, formatEndpoint, SEND } from '../../harness/lab.ts'
import type { Sent, Started } from '../../harness/lab.ts'

const UNBOUND = 'POSIX connect: a socket that has no address yet is bound to an unused one'
const PEER = 'POSIX connect; RFC 9293, section 3.9.1.1'
const NODE = 'Node documentation, socket.connect: localAddress and localPort'
const CONNECTED_UDP = 'connect(2), SOCK_DGRAM; Linux net/ipv4/udp.c, __udp4_lib_lookup'

type SharedPort = Record<'client' | 'server', Started> & Record<'fromPeer' | 'fromStranger', Sent>

/** By what the kernel told apart for which of the two sockets a datagram was. The client was bound first. */
function dividedBy({ client, server, fromPeer, fromStranger }: SharedPort) {
  if (client.outcome !== 'bound') return 'other'
  if (server.outcome !== 'bound') return (server.error?.code ?? 'other') as `E${string}`
  const [first, second] = [fromPeer, fromStranger].map(({ receivedBy }) => receivedBy?.pid)
  if (first === client.pid && second === server.pid) return 'sender'
  if (first !== second) return 'other'
  return first === server.pid ? 'last-bound' : first === client.pid ? 'first-bound' : 'other'
}

export default defineLab({
  id: '25-client-chooses-its-port',
  acts: {
    neverBinds: act({
      requires: ['ipv4-loopback', 'client-ports'],
      async experiment({ start, list, port }) {
        const listener = await start('listener', '127.0.0.1', port)
        const client = await start('client', '127.0.0.1', port)
        return { listener, client, listed: await list('ss', { port: client.local?.port ?? port, connections: true }) }
      },
      checks: {
        'client-that-never-binds-is-connected': {
          claims: { T16: 'connected' },
          outcomes: ['connected', 'ECONNREFUSED'],
          outcome: ({ client: { outcome, error } }) =>
            outcome === 'connected' ? outcome : ((error?.code ?? 'other') as `E${string}`),
          expect: { posix: { outcome: 'connected', source: UNBOUND } },
          lie: 'another-port',
        },
        'connect-gives-a-socket-the-address-of-the-server': {
          claims: { T17: ['as-the-other-end', 'as-its-own'] },
          outcomes: ['as-the-other-end', 'as-its-own', 'not-at-all'],
          outcome({ listener, client: { outcome, local, rows } }) {
            if (listener.outcome !== 'listening' || !listener.local) return 'other'
            if (outcome !== 'connected') return outcome.startsWith('E') ? (outcome as `E${string}`) : 'other'
            const server = formatEndpoint(listener.local)
            if (local && formatEndpoint(local) === server) return 'as-its-own'
            const peers = rows.flatMap(({ peer }) => (peer ? [formatEndpoint(peer)] : []))
            return peers.includes(server) ? 'as-the-other-end' : 'not-at-all'
          },
          expect: { posix: { outcome: 'as-the-other-end', source: PEER } },
          lie: 'another-port',
        },
      },
    }),

    chooses: act({
      requires: ['ipv4-loopback'],
      async experiment({ start, connect, has, anotherPort, port }) {
        const first = { port: await anotherPort() }
        const second = { address: '127.0.0.2', port: await anotherPort() }
        await start('listener', '127.0.0.1', port)
        const fromPort = await connect('127.0.0.1', { from: first })
        const fromBoth = has('loopback-block') ? await connect('127.0.0.1', { from: second }) : null
        return { chosen: [first, second] as const, fromPort, fromBoth }
      },
      checks: {
        'server-sees-the-port-that-the-client-chose': {
          claims: { T16: 'the-chosen-port' },
          outcomes: ['the-chosen-port', 'another-port', 'ECONNREFUSED'],
          outcome({ chosen: [{ port }], fromPort: { outcome, seenByServer } }) {
            if (outcome !== 'connected') return outcome === 'timed-out' ? 'other' : outcome
            if (!seenByServer) return 'other'
            return seenByServer.peer.port === port ? 'the-chosen-port' : 'another-port'
          },
          expect: {
            posix: { outcome: 'the-chosen-port', source: `POSIX bind; ${NODE}` },
            win32: { outcome: 'the-chosen-port', source: NODE },
          },
          lie: 'another-port',
        },
        'server-sees-the-address-that-the-client-chose': {
          requires: ['loopback-block'],
          claims: { T16: 'the-chosen-address' },
          outcomes: ['the-chosen-address', 'another-address', 'ECONNREFUSED'],
          outcome({ chosen: [, { address, port }], fromBoth }) {
            if (!fromBoth || fromBoth.outcome === 'timed-out') return 'other'
            if (fromBoth.outcome !== 'connected') return fromBoth.outcome
            if (!fromBoth.seenByServer) return 'other'
            const { peer } = fromBoth.seenByServer
            return peer.address === address && peer.port === port ? 'the-chosen-address' : 'another-address'
          },
          expect: {
            posix: { outcome: 'the-chosen-address', source: `POSIX bind; ${NODE}` },
            win32: { outcome: 'the-chosen-address', source: NODE },
          },
          lie: 'another-port',
        },
      },
    }),

    takenPort: act({
      requires: ['ipv4-loopback'],
      async experiment({ start, connect, anotherPort, port }) {
        const taken = await anotherPort()
        await start('listener', '127.0.0.1', port)
        const holder = await start('listener', '127.0.0.1', taken)
        return { holder, client: await connect('127.0.0.1', { from: { address: '127.0.0.1', port: taken } }) }
      },
      checks: {
        'client-chooses-a-port-where-a-listener-is': {
          outcomes: ['EADDRINUSE', ...CONNECT],
          outcome: ({ holder, client }) => (holder.outcome === 'listening' ? client.outcome : 'other'),
          expect: {
            posix: { outcome: 'EADDRINUSE', source: 'POSIX bind, EADDRINUSE; Go net/listen_test.go, TestTCPListener' },
          },
          lie: 'another-port',
        },
      },
    }),

    sharedPort: act({
      requires: ['ipv4-loopback', 'client-ports'],
      async experiment({ start, send, list, anotherPort }) {
        const port = await anotherPort() // a number without a past: no connection of another act is listed
        const peer = { address: '127.0.0.1', port: await anotherPort() }
        const client = await start('one-peer', '127.0.0.1', port, peer.port, 'reuseAddr')
        const alone = await send('127.0.0.1', 'timmy\n', { port })
        const server = await start('receiver', '127.0.0.1', port, 'reuseAddr')
        const listed = await list('ss', { port: client.local?.port ?? port, connections: true })
        const fromPeer = await send('127.0.0.1', 'hello\n', { port, from: peer })
        return { client, alone, server, listed, fromPeer, fromStranger: await send('127.0.0.1', 'timmy\n', { port }) }
      },
      checks: {
        'stranger-reaches-a-connected-udp-socket': {
          outcomes: SEND,
          outcome: ({ client, alone }) => (client.outcome === 'bound' ? alone.outcome : 'other'),
          expect: { linux: { outcome: 'ECONNREFUSED', source: `${CONNECTED_UDP}; udp(7), ECONNREFUSED` } },
          lie: 'peer-ignored',
        },
        'kernel-tells-two-udp-sockets-of-one-port-apart-by': {
          claims: { T4: 'sender' },
          outcomes: ['sender', 'last-bound', 'first-bound', 'EADDRINUSE'],
          outcome: (evidence) => dividedBy(evidence),
          expect: { linux: { outcome: 'sender', source: CONNECTED_UDP } },
          lie: 'peer-ignored',
        },
      },
    }),
  },
})
