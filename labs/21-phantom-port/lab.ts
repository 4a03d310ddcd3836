/** A listing shows a port that no listing shows a moment later, or a scanner finds one that nobody has. Whose is it? */

import { act, defineLab } from '../../harness/lab.ts'
import { listedAs, openFor, ownEnd, ownPeers, rowOf, survivor, tcpRows } from './rows.ts'

const UDP_ROW = 'udp(7); net/ipv4/udp.c, udp4_format_sock'
const RANGE_FILE = '/proc/sys/net/ipv4/ip_local_port_range'
const OPENS_ITSELF = 'RFC 9293, section 3.5: simultaneous open; net/ipv4/inet_hashtables.c, __inet_hash_connect'

export default defineLab({
  id: '21-phantom-port',
  acts: {
    question: act({
      requires: ['ipv4-loopback', 'client-ports'],
      async experiment({ start, ask, stop, list, port, ephemeralRange }) {
        await start('receiver', '0.0.0.0', port)
        const server = await list('ss')
        const client = await start('question', '127.0.0.1', port)
        const sent = await ask(client, 'hello', 'own end')
        const during = await list('ss', { port: ownEnd(sent).port, connections: true })
        const other = await start('question', '127.0.0.1', port, 'connect')
        const connected = await ask(other, 'hello', 'own end')
        const duringOther = await list('ss', { port: ownEnd(connected).port, connections: true })
        await stop(client)
        const after = await list('ss', { port: ownEnd(sent).port, connections: true })
        return { server, sent, during, connected, duringOther, after, ephemeralRange }
      },
      checks: {
        'unbound-udp-client-is-listed-like-a-server': {
          claims: { N9: 'like-a-server' },
          outcomes: ['like-a-server', 'with-its-peer', 'not-listed'],
          outcome: ({ sent, during }) => listedAs(sent, during),
          expect: { linux: { outcome: 'like-a-server', source: UDP_ROW } },
          lie: 'udp-client-connects',
        },
        'connected-udp-client-is-listed-like-a-server': {
          outcomes: ['like-a-server', 'with-its-peer', 'not-listed'],
          outcome: ({ connected, duringOther }) => listedAs(connected, duringOther),
          expect: { linux: { outcome: 'with-its-peer', source: UDP_ROW } },
          lie: 'peer-ignored',
        },
        'listing-names-the-program-of-a-udp-client': {
          claims: { N9: 'the-client' },
          outcomes: ['the-client', 'more-than-one', 'nobody'],
          outcome({ sent, during }) {
            const pids = new Set(rowOf(sent, during)?.holders.map(({ pid }) => pid))
            return pids.size === 0
              ? 'nobody'
              : pids.size > 1
                ? 'more-than-one'
                : pids.has(sent.pid)
                  ? 'the-client'
                  : 'other'
          },
          expect: { linux: { outcome: 'the-client', source: 'proc(5), /proc/[pid]/fd; ss(8), --processes' } },
          lie: 'child-keeps-socket',
        },
        'udp-port-is-gone-when-its-client-has-ended': {
          claims: { N9: 'gone' },
          outcomes: ['gone', 'still-there'],
          outcome({ sent, during, after }) {
            if (!rowOf(sent, during)) return 'other'
            return survivor(sent, during, after) ? 'still-there' : 'gone'
          },
          expect: {
            posix: { outcome: 'gone', source: 'POSIX _Exit, Consequences of Process Termination; POSIX close' },
          },
          lie: 'child-keeps-socket',
        },
        'port-of-an-unbound-udp-client-is-one-for-clients': {
          requires: ['ephemeral-range'],
          outcomes: ['one-for-clients', 'another'],
          outcome({ sent, during, ephemeralRange: range }) {
            const row = rowOf(sent, during)
            if (!row || !range) return 'other'
            return row.local.port >= range[0] && row.local.port <= range[1] ? 'one-for-clients' : 'another'
          },
          expect: { linux: { outcome: 'one-for-clients', source: 'ip(7), ip_local_port_range' } },
          lie: 'port-zero-ignored',
        },
      },
    }),

    meetsItself: act({
      network: 'own',
      requires: ['ipv4-loopback', 'proc'],
      async experiment({ start, ask, run, list, port }) {
        const scanner = await start('naive-scanner', '127.0.0.1', port, port + 3)
        const before = await ask(scanner, 'scan', 'open')
        const narrowed = await run('sh', '-c', `echo ${port} ${port + 1} > ${RANGE_FILE}`)
        if (narrowed.exitCode !== 0)
          throw new Error(`the range for clients cannot be set: ${narrowed.printed.join(' ')}`)
        const after = await ask(scanner, 'scan', 'open')
        const client = await start('client', '127.0.0.1', port)
        return { before, after, client, listed: await list('ss', { connections: true }) }
      },
      checks: {
        'scanner-finds-a-port-open-where-nobody-listens': {
          claims: { N9: 'its-own-port' },
          outcomes: ['none', 'its-own-port', 'from-another-port'],
          outcome({ before, after, listed }) {
            const isListening = tcpRows(listed).some(({ state }) => state === 'LISTEN')
            if (isListening || openFor(before).length > 0) return 'other'
            const open = openFor(after)
            if (open.length === 0) return 'none'
            return open.every(({ port, from }) => port === from) ? 'its-own-port' : 'from-another-port'
          },
          expect: { linux: { outcome: 'its-own-port', source: OPENS_ITSELF } },
          lie: 'client-chooses-its-port',
        },
        'client-connects-to-its-own-port': {
          outcomes: ['connected-to-itself', 'connected-to-another', 'ECONNREFUSED'],
          outcome({ client, listed }) {
            if (client.outcome !== 'connected') return client.outcome as 'ECONNREFUSED'
            const isOwn = ownPeers(listed).some(({ holders }) => holders.some(({ pid }) => pid === client.pid))
            return isOwn ? 'connected-to-itself' : 'connected-to-another'
          },
          expect: { linux: { outcome: 'connected-to-itself', source: OPENS_ITSELF } },
          lie: 'client-chooses-its-port',
        },
        'connection-of-a-client-with-itself-has-two-rows': {
          outcomes: ['two-rows', 'one-row', 'no-row'],
          outcome({ listed }) {
            const { length } = ownPeers(listed)
            if (tcpRows(listed).length > length) return 'other'
            return length === 0 ? 'no-row' : length === 1 ? 'one-row' : 'two-rows'
          },
          expect: { linux: { outcome: 'one-row', source: OPENS_ITSELF } },
          lie: 'client-chooses-its-port',
        },
      },
    }),
  },
})
