/** No connection: refused, filtered, unreachable. How does each of them look to a client, and who said no? */

import { act, CONNECT, defineLab, scannedPorts, SEND } from '../../harness/lab.ts'
import type { Connected, Listed, PortState, Ran } from '../../harness/lab.ts'

/** A chain of rules for packets that come in; `inet` means IPv4 and IPv6. */
const CHAIN = 'add table inet lab; add chain inet lab in { type filter hook input priority 0; }'
const RULE = 'add rule inet lab in'

/** A network for documentation (RFC 5737): nobody has its addresses. */
const NOWHERE = '203.0.113.0/24'

/** Whether some listing shows a TCP listener. */
export const isListed = (listed: Listed) =>
  [listed, ...listed.others].some(({ rows }) => rows.some(({ state }) => state === 'LISTEN'))

/** The word of nmap for a port, such as `filtered`. */
export function wordOf(nmap: Ran, { to }: Connected): PortState | undefined {
  return scannedPorts(nmap).find(({ protocol, port }) => protocol === 'tcp' && port === to.port)?.state
}

const CONVERT = 'kernel net/ipv4/icmp.c, icmp_err_convert; RFC 1812, section 5.2.7.1'
const UNREACHABLE = ['ENETUNREACH', 'EHOSTUNREACH', 'ECONNREFUSED', 'timed-out'] as const

export default defineLab({
  id: '20-filtered',
  acts: {
    dropped: act({
      network: 'own',
      requires: ['ipv4-loopback', 'bound-socket', 'packet-filter'],
      async experiment({ start, connect, send, run, list, has, port, anotherPort }) {
        const closedPort = await anotherPort()
        await start('tcp-and-udp', '127.0.0.1', port)
        await start('closed', '127.0.0.1', closedPort)
        const before = await connect('127.0.0.1')
        await run('nft', CHAIN)
        await run('nft', `${RULE} tcp dport ${port} counter drop; ${RULE} udp dport ${port} counter drop`)
        const closed = await connect('127.0.0.1', { port: closedPort })
        const closedUdp = await send('127.0.0.1', 'timmy\n', { port: closedPort })
        const [filtered, scanned, filteredUdp] = await Promise.all([
          connect('127.0.0.1'),
          has('nmap') ? run('nmap', '-n', '-Pn', '-sT', '-p', `${port},${closedPort}`, '127.0.0.1') : null,
          send('127.0.0.1', 'timmy\n'),
        ])
        const counted = await run('nft', 'list', 'chain', 'inet', 'lab', 'in')
        return { before, closed, closedUdp, filtered, filteredUdp, scanned, counted, listed: await list('ss') }
      },
      checks: {
        'client-whose-packets-are-dropped-hears-nothing': {
          claims: { H10: 'timed-out' },
          outcomes: CONNECT,
          outcome: ({ before, filtered }) => (before.servedBy ? filtered.outcome : 'other'),
          expect: { linux: { outcome: 'timed-out', source: 'nft(8), drop; RFC 6298, section 5' } },
          lie: 'network-unchanged',
        },
        'sender-whose-datagrams-are-dropped-hears-nothing': {
          outcomes: SEND,
          outcome: ({ before, filteredUdp }) => (before.servedBy ? filteredUdp.outcome : 'other'),
          expect: { linux: { outcome: 'silent', source: 'nft(8), drop; udp(7)' } },
          lie: 'network-unchanged',
        },
        'closed-port-beside-it-answers-at-once': {
          claims: { Q8: 'ignores' },
          outcomes: ['answers', 'ignores'],
          outcome({ closed, closedUdp }) {
            if (closed.outcome === 'ECONNREFUSED' && closedUdp.outcome === 'ECONNREFUSED') return 'answers'
            return closed.outcome === 'timed-out' && closedUdp.outcome === 'silent' ? 'ignores' : 'other'
          },
          expect: { linux: { outcome: 'answers', source: 'RFC 9293, section 3.5.2; RFC 1122, section 4.1.3.1' } },
          lie: 'listens-at-once',
        },
        'nmap-has-a-word-of-its-own-for-the-silent-port': {
          requires: ['nmap'],
          claims: { H10: 'filtered' },
          outcomes: ['filtered', 'closed', 'open'],
          outcome({ before, scanned }) {
            const word = scanned ? wordOf(scanned, before) : undefined
            return word === 'filtered' || word === 'closed' || word === 'open' ? word : 'other'
          },
          expect: { linux: { outcome: 'filtered', source: 'nmap(1), PORT STATES' } },
          lie: 'network-unchanged',
        },
        'filtered-port-is-still-listed-as-listening': {
          claims: { H18: 'gone' },
          outcomes: ['listed', 'gone'],
          outcome({ filtered, listed }) {
            return filtered.outcome === 'timed-out' ? (isListed(listed) ? 'listed' : 'gone') : 'other'
          },
          expect: { linux: { outcome: 'listed', source: 'nft(8), ADDRESS FAMILIES, hook input; ss(8)' } },
          lie: 'network-unchanged',
        },
      },
    }),

    answered: act({
      network: 'own',
      requires: ['ipv4-loopback', 'ip'],
      async experiment({ start, connect, run, list, has, port, anotherPort }) {
        const second = await anotherPort()
        await start('several-ports', '127.0.0.1', port, second)
        if (has('packet-filter-reject')) {
          await run('nft', CHAIN)
          await run('nft', `${RULE} tcp dport ${port} reject with icmpx admin-prohibited`)
          await run('nft', `${RULE} tcp dport ${second} reject with tcp reset`)
        }
        const rejected = await connect('127.0.0.1')
        const reset = await connect('127.0.0.1', { port: second })
        const listed = await list('ss', { port: second })
        await run('ip', 'route', 'add', 'unreachable', NOWHERE)
        const unreachable = await connect('203.0.113.7')
        await run('ip', 'route', 'replace', 'blackhole', NOWHERE)
        const blackhole = await connect('203.0.113.7')
        await run('ip', 'route', 'del', 'blackhole', NOWHERE)
        return { rejected, reset, listed, unreachable, blackhole, noRoute: await connect('203.0.113.7') }
      },
      checks: {
        'client-that-a-filter-rejects-is-told-so': {
          requires: ['packet-filter-reject'],
          claims: { H10: ['EHOSTUNREACH', 'timed-out'] },
          outcomes: ['EHOSTUNREACH', 'ECONNREFUSED', 'timed-out', 'connected'],
          outcome: ({ rejected }) => rejected.outcome,
          expect: { linux: { outcome: 'EHOSTUNREACH', source: CONVERT } },
          lie: 'network-unchanged',
        },
        'client-that-a-filter-resets-sees-a-closed-port': {
          requires: ['packet-filter-reject'],
          outcomes: ['closed', 'another-answer'],
          outcome({ reset, listed }) {
            if (!isListed(listed)) return 'other'
            return reset.outcome === 'ECONNREFUSED' ? 'closed' : 'another-answer'
          },
          expect: { linux: { outcome: 'closed', source: 'nft(8), reject; connect(2), ECONNREFUSED' } },
          lie: 'network-unchanged',
        },
        'route-of-type-unreachable-is-told-at-once': {
          outcomes: UNREACHABLE,
          outcome: ({ unreachable }) => unreachable.outcome as 'EHOSTUNREACH',
          expect: { linux: { outcome: 'EHOSTUNREACH', source: 'ip-route(8), unreachable' } },
          lie: 'network-unchanged',
        },
        'route-of-type-blackhole-is-told-at-once': {
          outcomes: ['EINVAL', 'ENETUNREACH', 'EHOSTUNREACH', 'timed-out'],
          outcome: ({ blackhole }) => blackhole.outcome as 'EINVAL',
          expect: { linux: { outcome: 'EINVAL', source: 'ip-route(8), blackhole' } },
          lie: 'network-unchanged',
        },
        'address-without-a-route-is-told-at-once': {
          outcomes: UNREACHABLE,
          outcome: ({ noRoute }) => noRoute.outcome as 'ENETUNREACH',
          expect: { linux: { outcome: 'ENETUNREACH', source: 'connect(2), ENETUNREACH' } },
          lie: 'route-kept',
        },
      },
    }),
  },
})
