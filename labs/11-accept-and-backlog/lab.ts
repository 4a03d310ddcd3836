/** When does a connection exist, how many can wait to be accepted, and what does accept return? */

import { act, CONNECT, defineLab } from '../../harness/lab.ts'
import { BACKLOG, connectionsOf, effective, from, isHeldBy, namesHolder, waiting } from './queue.ts'

const CLIENTS = 8

export default defineLab({
  id: '11-accept-and-backlog',
  acts: {
    notYetAccepted: act({
      requires: ['ipv4-loopback', 'proc', 'client-ports'],
      async experiment({ start, pause, resume, said, list, anotherPort }) {
        const port = await anotherPort() // a number without a past: connections of other labs would be listed too
        const server = await start('backlog', '127.0.0.1', port, BACKLOG)
        await pause(server)
        const client = await start('client', '127.0.0.1', port)
        const before = await list('ss', { port, connections: true })
        await resume(server)
        const accepted = client.outcome === 'connected' ? await said(server, 'accepted') : null
        return { server, client, before, accepted, after: await list('ss', { port, connections: true }) }
      },
      checks: {
        'client-is-connected-before-the-server-accepts': {
          claims: { T18: ['ECONNREFUSED', 'timed-out'] },
          outcomes: CONNECT,
          outcome({ client, before }) {
            if (client.outcome !== 'connected') return client.outcome as 'ECONNREFUSED'
            return waiting(before) === 1 ? 'connected' : 'other' // nothing in the queue: the server has accepted it
          },
          expect: { linux: { outcome: 'connected', source: 'accept(2); listen(2), NOTES' } },
          lie: 'another-port',
        },
        'connection-that-waits-belongs-to-a-process': {
          claims: { T26: 'nobody' },
          outcomes: ['nobody', 'the-server'],
          outcome({ server, client, before }) {
            const row = connectionsOf(before).find((one) => from(one, client))
            // A listing that cannot even name the holder of the listener says nothing by naming nobody.
            if (!row || !namesHolder(before, server)) return 'other'
            return row.holders.length === 0 ? 'nobody' : isHeldBy(row, server) ? 'the-server' : 'other'
          },
          expect: { linux: { outcome: 'nobody', source: 'accept(2); Linux net/socket.c, do_accept' } },
          lie: 'another-port',
        },
        'queue-column-of-a-listener-counts-the-connections-that-wait': {
          outcomes: ['one-then-none', 'always-none', 'no-column'],
          outcome({ before, after }) {
            const [first, then] = [waiting(before), waiting(after)]
            if (first === null || then === null) return 'no-column'
            return first === 1 && then === 0 ? 'one-then-none' : first === 0 && then === 0 ? 'always-none' : 'other'
          },
          expect: { linux: { outcome: 'one-then-none', source: 'Linux net/ipv4/tcp_diag.c, tcp_diag_get_info' } },
          lie: 'another-port',
        },
        'accepted-socket-has-the-listeners-port-and-one-client': {
          claims: { T3: 'four-tuple' },
          outcomes: ['four-tuple', 'another-port'],
          outcome({ server, client, accepted, after }) {
            const row = connectionsOf(after).find((one) => from(one, client))
            if (!accepted || !row || !isHeldBy(row, server)) return 'other'
            return row.local.port === server.local?.port ? 'four-tuple' : 'another-port'
          },
          expect: {
            posix: { outcome: 'four-tuple', source: 'POSIX accept: it makes a new socket; RFC 9293, section 3.3.1' },
          },
          lie: 'another-port',
        },
      },
    }),

    backlog: act({
      requires: ['ipv4-loopback', 'proc', 'client-ports'],
      async experiment({ start, pause, said, ask, connect, list, port }) {
        const server = await start('backlog', '127.0.0.1', port, BACKLOG)
        const limit = await said(server, 'somaxconn')
        await pause(server)
        const clients = await start('clients', '127.0.0.1', port, CLIENTS)
        const oneMore = await connect('127.0.0.1')
        const connected = clients.outcome === 'connected' ? await ask(clients, 'how many', 'connected') : null
        return { limit, clients, oneMore, connected, listed: await list('ss') }
      },
      checks: {
        'as-many-connections-wait-as-the-backlog-says': {
          claims: { Q11: 'as-many' },
          outcomes: ['as-many', 'one-more', 'fewer', 'all'],
          outcome({ limit, oneMore, connected, listed }) {
            const queued = waiting(listed)
            // A client can take itself for connected while the server's kernel has dropped the end of the handshake.
            if (!connected || queued === null || Number(connected.value) < queued) return 'other'
            const more = queued - effective(limit.value)
            if (oneMore.outcome === 'connected' || more > 1) return 'all'
            return more === 1 ? 'one-more' : more === 0 ? 'as-many' : 'fewer'
          },
          expect: { linux: { outcome: 'one-more', source: 'Linux include/net/sock.h, sk_acceptq_is_full' } },
          lie: 'backlog-ignored',
        },
        'client-of-a-full-accept-queue-is-refused': {
          outcomes: CONNECT,
          // Silence of an empty queue has another cause, such as a packet filter.
          outcome: ({ oneMore, listed }) =>
            oneMore.outcome === 'timed-out' && !waiting(listed) ? 'other' : oneMore.outcome,
          expect: {
            linux: { outcome: 'timed-out', source: 'listen(2); Linux net/ipv4/tcp_input.c, tcp_conn_request' },
          },
          lie: 'backlog-ignored',
        },
      },
    }),

    handedOver: act({
      requires: ['ipv4-loopback', 'proc', 'client-ports'],
      async experiment({ start, send, list, anotherPort }) {
        const port = await anotherPort()
        const server = await start('backlog', '127.0.0.1', port, BACKLOG)
        const receiver = await start('receiver', '127.0.0.1', port)
        const clients = [await start('client', '127.0.0.1', port), await start('client', '127.0.0.1', port)]
        const datagrams = [await send('127.0.0.1', 'one', { port }), await send('127.0.0.1', 'two', { port })]
        return { server, receiver, clients, datagrams, listed: await list('ss', { port, connections: true }) }
      },
      checks: {
        'each-tcp-client-gets-a-socket-of-its-own': {
          claims: { H4: 'a-socket-each' },
          outcomes: ['a-socket-each', 'the-listener-only'],
          outcome({ clients, listed }) {
            const rows = connectionsOf(listed)
            if (clients.some(({ outcome }) => outcome !== 'connected')) return 'other'
            const found = clients.filter((client) => rows.some((row) => from(row, client)))
            return found.length === 2 ? 'a-socket-each' : found.length === 0 ? 'the-listener-only' : 'other'
          },
          expect: { posix: { outcome: 'a-socket-each', source: 'POSIX accept: it makes a new socket' } },
          lie: 'another-port',
        },
        'each-udp-client-gets-a-socket-of-its-own': {
          claims: { H4: 'a-socket-each' },
          outcomes: ['one-for-all', 'a-socket-each'],
          outcome({ receiver, datagrams, listed }) {
            if (datagrams.some(({ receivedBy }) => receivedBy?.pid !== receiver.pid)) return 'other'
            const ours = listed.rows.filter(({ protocol }) => protocol === 'udp')
            return ours.length === 1 ? 'one-for-all' : 'a-socket-each'
          },
          expect: { posix: { outcome: 'one-for-all', source: 'POSIX accept, EOPNOTSUPP: UDP has nothing to accept' } },
          lie: 'datagrams-ignored',
        },
      },
    }),
  },
})
