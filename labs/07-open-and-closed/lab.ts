/** What is an open port, and what does a closed one do with the packets that come for it? Who opens a port, and when? */

import { act, CONNECT, defineLab, SEND } from '../../harness/lab.ts'
import { COUNTERS, resetsSent, unreachablesSent } from './counters.ts'
import { rowTimes } from './row-times.ts'

const CLOSED_TCP = { outcome: 'ECONNREFUSED', source: 'POSIX connect, ECONNREFUSED; RFC 9293, section 3.5.2' } as const
const CLOSED_UDP = {
  outcome: 'ECONNREFUSED',
  source: 'Linux net/ipv4/udp.c, __udp4_lib_err; RFC 1122, section 4.1.3.1',
} as const
const TABLES = 'Linux net/ipv4/tcp_ipv4.c, tcp_get_idx; docs/notes/linux/port-in-no-table.md'

export default defineLab({
  id: '07-open-and-closed',
  acts: {
    twoPorts: act({
      requires: ['ipv4-loopback', 'bound-socket'],
      async experiment({ start, connect, send, port, anotherPort }) {
        const closedPort = await anotherPort()
        await start('tcp-and-udp', '127.0.0.1', port)
        await start('closed', '127.0.0.1', closedPort)
        const open = await connect('127.0.0.1')
        const closed = await connect('127.0.0.1', { port: closedPort })
        const openUdp = await send('127.0.0.1', 'timmy\n')
        return { open, closed, openUdp, closedUdp: await send('127.0.0.1', 'timmy\n', { port: closedPort }) }
      },
      checks: {
        'only-the-open-port-is-reached': {
          claims: { Q3: 'open-only' },
          outcomes: ['open-only', 'closed-only', 'both', 'neither'],
          outcome({ open, closed }) {
            const [first, second] = [open, closed].map(({ outcome }) => outcome === 'connected')
            return first ? (second ? 'both' : 'open-only') : second ? 'closed-only' : 'neither'
          },
          expect: { posix: { outcome: 'open-only', source: 'POSIX listen; POSIX connect, ECONNREFUSED' } },
          lie: 'listens-at-once',
        },
        'closed-tcp-port-leaves-a-client-without-an-answer': {
          claims: { Q8: 'timed-out' },
          outcomes: CONNECT,
          outcome: ({ open, closed }) => (open.servedBy ? closed.outcome : 'other'),
          expect: { posix: CLOSED_TCP },
          lie: 'listens-at-once',
        },
        'closed-udp-port-leaves-a-sender-without-an-answer': {
          claims: { Q8: 'silent' },
          outcomes: SEND,
          outcome: ({ openUdp, closedUdp }) => (openUdp.receivedBy ? closedUdp.outcome : 'other'),
          expect: { linux: CLOSED_UDP },
          lie: 'peer-ignored',
        },
      },
    }),

    packetsSent: act({
      requires: ['ipv4-loopback', 'bound-socket', 'proc'],
      network: 'own',
      async experiment({ start, connect, send, run, port }) {
        await start('closed', '127.0.0.1', port)
        const before = await run(...COUNTERS)
        const client = await connect('127.0.0.1')
        const afterTcp = await run(...COUNTERS)
        const datagram = await send('127.0.0.1', 'timmy\n')
        return { before, client, afterTcp, datagram, afterUdp: await run(...COUNTERS) }
      },
      checks: {
        'kernel-sends-a-reset-from-a-closed-tcp-port': {
          claims: { Q8: 'nothing' },
          outcomes: ['reset', 'nothing'],
          outcome({ before, client, afterTcp }) {
            const resets = resetsSent(afterTcp) - resetsSent(before)
            return resets === 1 && client.outcome === 'ECONNREFUSED' ? 'reset' : resets === 0 ? 'nothing' : 'other'
          },
          expect: { linux: { outcome: 'reset', source: 'RFC 9293, section 3.5.2; RFC 1213, tcpOutRsts' } },
          lie: 'listens-at-once',
        },
        'kernel-sends-an-icmp-message-from-a-closed-udp-port': {
          claims: { Q8: 'nothing' },
          outcomes: ['icmp', 'nothing'],
          outcome({ afterTcp, datagram, afterUdp }) {
            const sent = unreachablesSent(afterUdp) - unreachablesSent(afterTcp)
            return sent === 1 && datagram.outcome === 'ECONNREFUSED' ? 'icmp' : sent === 0 ? 'nothing' : 'other'
          },
          expect: { linux: { outcome: 'icmp', source: 'RFC 1122, section 4.1.3.1; RFC 792, type 3' } },
          lie: 'peer-ignored',
        },
      },
    }),

    openingAndClosing: act({
      requires: ['ipv4-loopback', 'bound-socket'],
      async experiment({ start, proceed, stop, connect, list, port }) {
        const bound = await start('bound', '127.0.0.1', port)
        const rowsBound = await list('ss')
        const clientBound = await connect('127.0.0.1')
        const opened = await proceed(bound)
        const rowsOpen = await list('ss')
        const clientOpen = await connect('127.0.0.1')
        await stop(bound)
        await start('bound', '127.0.0.1', port) // holds the number from here on, and never listens
        const rowsClosed = await list('ss')
        const clientClosed = await connect('127.0.0.1')
        return { rowsBound, clientBound, opened, rowsOpen, clientOpen, rowsClosed, clientClosed }
      },
      checks: {
        'bound-socket-that-does-not-listen-gets-clients': {
          claims: { Q18: 'connected', Q7: 'ECONNREFUSED' },
          outcomes: CONNECT,
          outcome: ({ clientBound }) => clientBound.outcome,
          expect: { posix: CLOSED_TCP },
          lie: 'listens-at-once',
        },
        'listen-opens-the-port-of-a-bound-socket': {
          claims: { Q7: 'connected' },
          outcomes: CONNECT,
          outcome: ({ opened, clientOpen }) => (opened.outcome === 'listening' ? clientOpen.outcome : 'other'),
          expect: { posix: { outcome: 'connected', source: 'POSIX listen' } },
          lie: 'another-port',
        },
        'closing-the-listener-closes-its-port': {
          claims: { Q7: 'ECONNREFUSED' },
          outcomes: CONNECT,
          outcome: ({ clientOpen, clientClosed }) => (clientOpen.servedBy ? clientClosed.outcome : 'other'),
          expect: { posix: CLOSED_TCP },
          lie: 'child-keeps-socket',
        },
        'listing-has-a-row-for-a-port-that-is-not-open': {
          claims: { Q13: 'always', Q18: ['always', 'from-bind-on'] },
          outcomes: ['only-while-open', 'from-bind-on', 'always', 'never'],
          outcome: ({ rowsBound, rowsOpen, rowsClosed }) => rowTimes([rowsBound, rowsOpen, rowsClosed]),
          expect: { linux: { outcome: 'only-while-open', source: TABLES } },
          lie: 'listens-at-once',
        },
      },
    }),

    boundInTheWay: act({
      requires: ['loopback-block', 'python'],
      async experiment({ start, ask, port, anotherPort }) {
        // An address on which no connection can be left in TIME-WAIT: that too refuses a bind without SO_REUSEADDR.
        const plain = await start('plain-bound.py', '127.7.7.7', port)
        const elsewhere = await start('plain-bound.py', '127.7.7.7', await anotherPort())
        return { plain, second: await ask(elsewhere, `${port}`, 'one more bind') }
      },
      checks: {
        'bound-socket-keeps-a-second-one-from-its-port': {
          outcomes: ['EADDRINUSE', 'bound'],
          outcome: ({ plain, second }) => (plain.outcome === 'bound' ? (second.value as 'bound') : 'other'),
          expect: { posix: { outcome: 'EADDRINUSE', source: 'POSIX bind, EADDRINUSE' } },
          lie: 'reuse-port-forced',
        },
      },
    }),
  },
})
