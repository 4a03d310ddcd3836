/** Packets get lost. What does TCP do about it, what does UDP, and who asks for what is missing? */

import { act, defineLab } from '../../harness/lab.ts'
import type { Said } from '../../harness/lab.ts'
import { matched, sentAgain, TCP_COUNTERS, unconfirmed } from './counters.ts'

const CHAIN = 'add table inet lab; add chain inet lab in { type filter hook input priority 0; }'
const RULE = 'add rule inet lab in'
const RULES = ['list', 'chain', 'inet', 'lab', 'in'] as const

/** A message of 300 bytes makes a longer packet than a handshake or an acknowledgement does. */
const WITH_DATA = 'meta length > 200'

/** How many messages are sent. */
export const COUNT = 20

/** The numbers that came, in their order. */
export const numbersIn = ({ value }: Said) => (Array.isArray(value) ? value.map(Number) : [])

export default defineLab({
  id: '23-lost-packets',
  acts: {
    everyFifth: act({
      network: 'own',
      requires: ['ipv4-loopback', 'packet-filter', 'packet-filter-numgen', 'proc'],
      async experiment({ start, run, ask, said, port }) {
        const collector = await start('collector', '127.0.0.1', port)
        const sender = await start('sender', '127.0.0.1', port)
        await run('nft', CHAIN)
        await run('nft', `${RULE} tcp dport ${port} ${WITH_DATA} numgen inc mod 5 == 2 counter drop`)
        await run('nft', `${RULE} udp dport ${port} ${WITH_DATA} numgen inc mod 5 == 2 counter drop`)
        const before = await run(...TCP_COUNTERS)
        await ask(sender, `tcp ${COUNT}`, 'answer')
        const overTcp = await said(collector, 'over TCP')
        const after = await run(...TCP_COUNTERS)
        const sentOverUdp = await ask(sender, `udp ${COUNT}`, 'sent over UDP')
        const overUdp = await ask(collector, 'what came?', 'over UDP')
        return { before, overTcp, after, sentOverUdp, overUdp, counted: await run('nft', ...RULES) }
      },
      checks: {
        'tcp-delivers-everything-in-order': {
          claims: { T11: 'whole' },
          outcomes: ['whole', 'holes', 'out-of-order'],
          outcome({ overTcp, counted }) {
            if ((matched(counted, 'tcp dport') ?? 0) === 0) return 'other'
            const numbers = numbersIn(overTcp)
            if (new Set(numbers).size < COUNT) return 'holes'
            return numbers.every((number, index) => number === index + 1) ? 'whole' : 'out-of-order'
          },
          expect: { posix: { outcome: 'whole', source: 'RFC 9293, section 2.2' } },
          lie: 'network-unchanged',
        },
        'tcp-sends-segments-again': {
          outcomes: ['again', 'once'],
          outcome({ before, after, counted }) {
            const again = sentAgain(after) - sentAgain(before)
            const lost = matched(counted, 'tcp dport') ?? 0
            return lost > 0 && again > 0 ? 'again' : lost > 0 && again === 0 ? 'once' : 'other'
          },
          expect: { posix: { outcome: 'again', source: 'RFC 9293, section 3.8.1; RFC 1213, tcpRetransSegs' } },
          lie: 'network-unchanged',
        },
        'udp-delivers-everything': {
          claims: { T11: 'holes' },
          outcomes: ['whole', 'holes'],
          outcome({ overUdp, counted }) {
            if ((matched(counted, 'udp dport') ?? 0) === 0) return 'other'
            return new Set(numbersIn(overUdp)).size < COUNT ? 'holes' : 'whole'
          },
          expect: { posix: { outcome: 'holes', source: 'RFC 768' } },
          lie: 'network-unchanged',
        },
        'udp-sender-is-told-of-the-loss': {
          claims: { T11: 'not-told' },
          outcomes: ['not-told', 'told'],
          outcome({ sentOverUdp, counted }) {
            const { messages, errors } = sentOverUdp.value as { messages: number; errors: number }
            if ((matched(counted, 'udp dport') ?? 0) === 0 || messages !== COUNT) return 'other'
            return errors === 0 ? 'not-told' : 'told'
          },
          expect: {
            posix: { outcome: 'not-told', source: 'POSIX send: that it returned does not say that anything arrived' },
          },
          lie: 'network-unchanged',
        },
      },
    }),

    oneMessage: act({
      network: 'own',
      requires: ['ipv4-loopback', 'packet-filter', 'proc'],
      async experiment({ start, run, ask, said, list, port }) {
        const collector = await start('collector', '127.0.0.1', port)
        const sender = await start('sender', '127.0.0.1', port)
        await run('nft', CHAIN)
        await run('nft', `${RULE} tcp sport ${port} counter`)
        await run('nft', `${RULE} tcp dport ${port} ${WITH_DATA} counter drop`)
        await run('nft', `${RULE} udp dport ${port} ${WITH_DATA} counter drop`)
        const ownEnd = { port: sender.local?.port ?? 0, connections: true }
        await ask(sender, 'udp 1', 'sent over UDP')
        const news = await ask(sender, 'tcp 1', 'news')
        const waiting = await list('proc', ownEnd)
        const counted = await run('nft', ...RULES)
        await run('nft', 'flush', 'chain', 'inet', 'lab', 'in')
        await said(sender, 'answer')
        const overTcp = await said(collector, 'over TCP')
        const overUdp = await ask(collector, 'what came?', 'over UDP')
        return {
          sender,
          news,
          waiting,
          counted,
          overTcp,
          overUdp,
          confirmed: await list('proc', ownEnd),
        }
      },
      checks: {
        'receiver-asks-before-the-sender-sends-again': {
          claims: { H5: 'asks' },
          outcomes: ['asks', 'says-nothing'],
          outcome({ news, counted }) {
            const [lost, fromReceiver] = [matched(counted, 'tcp dport'), matched(counted, 'tcp sport')]
            if (news.value !== 'sent again' || lost === null || lost < 2 || fromReceiver === null) return 'other'
            return fromReceiver === 0 ? 'says-nothing' : 'asks'
          },
          expect: { posix: { outcome: 'says-nothing', source: 'RFC 6298, section 5; RFC 8985, section 7' } },
          lie: 'network-unchanged',
        },
        'tcp-sender-keeps-what-nobody-has-confirmed': {
          claims: { T11: 'until-confirmed' },
          outcomes: ['until-confirmed', 'not-at-all', 'for-ever'],
          outcome({ sender, waiting, confirmed, overTcp, counted }) {
            const [first, then] = [unconfirmed(waiting, sender), unconfirmed(confirmed, sender)]
            if (!matched(counted, 'tcp dport') || first === null || then === null) return 'other'
            if (numbersIn(overTcp).length !== 1) return 'other'
            return first === 0 ? 'not-at-all' : then === 0 ? 'until-confirmed' : 'for-ever'
          },
          expect: {
            linux: { outcome: 'until-confirmed', source: 'RFC 9293, section 3.10.7.4; proc_pid_net(5), tx_queue' },
          },
          lie: 'network-unchanged',
        },
        'udp-sends-a-lost-datagram-again': {
          claims: { T11: 'never' },
          outcomes: ['never', 'again'],
          outcome({ counted, overTcp, overUdp }) {
            const lost = matched(counted, 'udp dport') ?? 0
            if (lost === 0 || numbersIn(overTcp).length !== 1) return 'other'
            return lost === 1 && numbersIn(overUdp).length === 0 ? 'never' : 'again'
          },
          expect: { posix: { outcome: 'never', source: 'RFC 768' } },
          lie: 'network-unchanged',
        },
      },
    }),
  },
})
