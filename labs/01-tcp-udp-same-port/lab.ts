/**
 * Can one port number serve TCP and UDP at the same time? Puts server1 (TCP) and server2 (UDP) on 127.0.0.1 and one
 * port, dials them, and looks at what is left when server1 has ended. At last one process holds both.
 */

import { act, CONNECT, defineLab, LISTEN, listenOutcome, openRows } from '../../harness/lab.ts'
import type { Listed } from '../../harness/lab.ts'

/** Whether any listing calls a socket of this port listening. In the kernel's tables the word is the number 0A. */
function isCalledListening(listed: Listed): boolean {
  const rows = [listed, ...listed.others].flatMap((listing) => listing.rows)
  return rows.some(({ stateAsPrinted }) => /^(LISTEN|0A$)/.test(stateAsPrinted))
}

/** The rows of the port by their protocol. */
function rowsOf(listed: Listed) {
  const found = openRows(listed).map(({ protocol }) => protocol)
  return ({ 'tcp udp': 'two-rows', tcp: 'one-row', udp: 'one-row', '': 'no-row' } as const)[found.sort().join(' ')]
}

export default defineLab({
  id: '01-tcp-udp-same-port',
  roles: { server1: ['sameNumber', 'onlyUdpIsLeft'], server2: ['sameNumber', 'onlyUdpIsLeft'], client: ['chosenPort'] },
  acts: {
    sameNumber: act({
      requires: ['ipv4-loopback'],
      async experiment({ start, list, connect, port }) {
        await start('server2', port)
        const alone = await list('lsof')
        const server1 = await start('server1', port)
        return { alone, server1, both: await list('lsof'), client: await connect('127.0.0.1') }
      },
      checks: {
        'udp-socket-is-listed-as-listening': {
          claims: { Q14: 'listening', C6: 'not-listening' },
          outcomes: ['not-listening', 'listening'],
          outcome: ({ alone }) =>
            isCalledListening(alone) ? 'listening' : rowsOf(alone) === 'one-row' ? 'not-listening' : 'other',
          expect: {
            posix: { outcome: 'not-listening', source: 'POSIX listen, EOPNOTSUPP: TCP listens, UDP does not' },
          },
          lie: 'listens-over-tcp-too',
        },
        'tcp-listener-starts-beside-udp-socket-on-same-port': {
          claims: { C2: 'listening', C19: 'listening', T12: 'listening', H3: 'EADDRINUSE' },
          outcomes: LISTEN,
          outcome: ({ server1 }) => listenOutcome(server1),
          expect: { posix: { outcome: 'listening', source: 'RFC 6335, section 6' } },
          lie: 'listens-over-tcp-too',
        },
        'listing-shows-tcp-and-udp-on-one-port-as-two-rows': {
          claims: { C2: 'two-rows' },
          outcomes: ['two-rows', 'one-row', 'no-row'],
          outcome: ({ both }) => rowsOf(both) ?? 'other',
          expect: { posix: { outcome: 'two-rows', source: 'lsof(8): one line for each open file' } },
          lie: 'another-port',
        },
        'tcp-client-reaches-tcp-listener-beside-udp-socket': {
          outcomes: CONNECT,
          outcome: ({ client }) => client.outcome,
          expect: { posix: { outcome: 'connected', source: 'POSIX listen; POSIX accept' } },
          lie: 'another-port',
        },
        'accept-reports-the-port-that-the-client-has': {
          claims: { C3: 'same-port' },
          outcomes: ['same-port', 'other-port', 'not-accepted'],
          outcome({ client: { local, seenByServer } }) {
            if (!local || !seenByServer) return 'not-accepted'
            return seenByServer.peer.port === local.port ? 'same-port' : 'other-port'
          },
          expect: { posix: { outcome: 'same-port', source: 'POSIX accept: the address of the peer' } },
          lie: 'another-port',
        },
      },
    }),

    chosenPort: act({
      requires: ['ipv4-loopback', 'ephemeral-range', 'client-ports'],
      async experiment({ start, port, ephemeralRange }) {
        await start('server1', port)
        return { client: await start('client', '127.0.0.1', port), ephemeralRange }
      },
      checks: {
        'client-gets-its-port-from-the-ephemeral-range': {
          outcomes: ['inside', 'outside'],
          outcome({ client: { local }, ephemeralRange }) {
            if (!local || !ephemeralRange) return 'other'
            return local.port >= ephemeralRange[0] && local.port <= ephemeralRange[1] ? 'inside' : 'outside'
          },
          expect: { linux: { outcome: 'inside', source: 'ip(7), ip_local_port_range' } },
          lie: 'client-chooses-its-port',
        },
      },
    }),

    onlyUdpIsLeft: act({
      requires: ['ipv4-loopback'],
      async experiment({ start, connect, ended, send, port }) {
        const server1 = await start('server1', port)
        await start('server2', port)
        await connect('127.0.0.1')
        await ended(server1) // it serves one client
        return { overTcp: await connect('127.0.0.1'), overUdp: await send('127.0.0.1', 'timmy\n') }
      },
      checks: {
        'tcp-client-is-connected-where-only-a-udp-socket-is-left': {
          claims: { C4: 'ECONNREFUSED', T12: 'ECONNREFUSED', Q17: 'ECONNREFUSED' },
          outcomes: CONNECT,
          outcome: ({ overTcp }) => overTcp.outcome,
          expect: {
            posix: { outcome: 'ECONNREFUSED', source: 'POSIX connect, ECONNREFUSED; RFC 9293, section 3.5.2' },
          },
          lie: 'child-keeps-socket',
        },
        'datagram-reaches-udp-server-that-never-listens': {
          claims: { C5: ['unchanged', 'changed'], C6: ['unchanged', 'changed'] },
          outcomes: ['unchanged', 'changed', 'ECONNREFUSED', 'silent'],
          outcome({ overUdp: { outcome, text, seenByServer } }) {
            if (outcome !== 'received') return outcome
            return seenByServer?.text === text ? 'unchanged' : seenByServer ? 'changed' : 'other'
          },
          expect: { posix: { outcome: 'unchanged', source: 'RFC 768' } },
          lie: 'another-port',
        },
      },
    }),

    oneProcess: act({
      requires: ['ipv4-loopback'],
      async experiment({ start, list, connect, send, port }) {
        await start('tcp-and-udp', '127.0.0.1', port)
        const overTcp = await connect('127.0.0.1')
        return { listed: await list('ss'), overTcp, overUdp: await send('127.0.0.1', 'timmy\n') }
      },
      checks: {
        'one-process-holds-tcp-and-udp-on-one-port': {
          claims: { N11: 'one-process' },
          outcomes: ['one-process', 'two-processes', 'not-both'],
          outcome({ listed }) {
            if (rowsOf(listed) !== 'two-rows') return 'not-both'
            const pids = new Set(openRows(listed).flatMap(({ holders }) => holders.map(({ pid }) => pid)))
            return ([undefined, 'one-process', 'two-processes'] as const)[pids.size] ?? 'other'
          },
          expect: { posix: { outcome: 'one-process', source: 'POSIX socket: each call makes a socket' } },
          lie: 'another-port',
        },
        'one-process-serves-tcp-and-udp-clients': {
          outcomes: ['both', 'tcp-only', 'udp-only', 'neither'],
          outcome: ({ overTcp: { servedBy }, overUdp: { receivedBy } }) =>
            servedBy ? (receivedBy ? 'both' : 'tcp-only') : receivedBy ? 'udp-only' : 'neither',
          expect: { posix: { outcome: 'both', source: 'RFC 768 and RFC 9293: each protocol has its own ports' } },
          lie: 'datagrams-ignored',
        },
      },
    }),
  },
})
