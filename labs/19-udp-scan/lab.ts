/** What can a scan of UDP ports tell? Asks all over loopback and some over a wire, and two sockets that hide from it. */

import { act, defineLab } from '../../harness/lab.ts'
import { agreement, answered, deviceIsShown, joined, onWildcard, stateOf, threeAnswers } from './answers.ts'

/** The document's ports: names on an address of their own, the time, IPv6 only, and one that never answers. */
const FOUR = [53, 123, 38_367, 60_008] as const
const [NAMES, TIME, ONLY_IPV6, SILENT] = FOUR
const WEB = 80
const ON_DEVICE = 37_000
/** So many closed ports are asked on the second host. */
const SOME = { from: 1000, to: 1299 }
const ICMP_LIMIT = '/proc/sys/net/ipv4/icmp_ratelimit'

const UNREACHABLE = 'RFC 1122, section 4.1.3.1; udp(7), ECONNREFUSED'
const LOOKUP = 'net/ipv4/udp.c, compute_score'
const DEVICE_TOLD = 'net/ipv4/inet_diag.c, inet_diag_msg_common_fill; net/ipv4/udp.c, udp4_format_sock'
const LIMITED = 'icmp(7), icmp_ratelimit and icmp_ratemask; net/ipv4/inetpeer.c, inet_peer_xrlim_allow'

export default defineLab({
  id: '19-udp-scan',
  acts: {
    everyPort: act({
      network: 'own',
      requires: ['ipv4-loopback'],
      async experiment({ start, list, scan, send, run, has }) {
        await start('receiver', '0.0.0.0', TIME)
        await start('receiver', '0.0.0.0', SILENT, 'silent')
        if (has('loopback-block')) await start('receiver', '127.0.1.1', NAMES)
        if (has('ipv6-loopback')) await start('receiver', '::', ONLY_IPV6, 'ipv6Only')
        if (has('ipv6-loopback')) await start('listener', '::', WEB)
        const listed = await list('netstat', { port: 'all' })
        const since = performance.now()
        let tookMs = 0
        const tell = () => (tookMs = Math.round(performance.now() - since))
        const part = (from: number, to: number) => scan('udp', '127.0.0.1', { from, to }).finally(tell)
        const meanwhile = async () => {
          const lower = await part(1, SILENT - 1)
          const tcp = await scan('tcp', '127.0.0.1', { from: WEB, to: WEB })
          // Afterwards: so these sockets were there when their ports were asked.
          const elsewhere = has('loopback-block') ? await send('127.0.1.1', 'hello', { port: NAMES }) : null
          const overIPv6 = has('ipv6-loopback') ? await send('::1', 'hello', { port: ONLY_IPV6 }) : null
          const nmap = has('nmap') ? await run('nmap', '-sU', '-n', '-Pn', '-p', FOUR.join(), '127.0.0.1') : null
          return { lower, tcp, elsewhere, overIPv6, nmap }
        }
        // The silent port is asked first, and waited for while all others are asked.
        const [upper, { lower, ...rest }] = await Promise.all([part(SILENT, 65_535), meanwhile()])
        return { listed, scanned: [lower, upper], tookMs, ...rest }
      },
      checks: {
        'udp-scan-over-loopback-tells-closed-open-and-silent-ports': {
          claims: { H12: 'three-answers', H13: 'few-answers' },
          outcomes: ['three-answers', 'few-answers', 'other-ports'],
          outcome: ({ scanned }) => threeAnswers(joined(scanned), { open: TIME, silent: SILENT }),
          expect: {
            linux: { outcome: 'three-answers', source: `${UNREACHABLE}; net/ipv4/icmp.c, icmpv4_xrlim_allow` },
          },
          lie: 'another-port',
        },
        'udp-server-that-never-answers-is-found-by-the-scan': {
          claims: { H12: 'no-answer' },
          outcomes: ['no-answer', 'open', 'closed'],
          outcome({ scanned }) {
            const state = stateOf(joined(scanned), SILENT)
            return state === 'open|filtered' ? 'no-answer' : state
          },
          expect: { linux: { outcome: 'no-answer', source: UNREACHABLE } },
          lie: 'another-port',
        },
        'udp-socket-on-another-loopback-address-is-found-by-the-scan': {
          requires: ['loopback-block'],
          outcomes: ['closed', 'open'],
          outcome({ scanned, elsewhere }) {
            const state = stateOf(joined(scanned), NAMES)
            return elsewhere?.outcome !== 'received' || state === 'open|filtered' ? 'other' : state
          },
          expect: { linux: { outcome: 'closed', source: `ip(7), bind to an address; ${LOOKUP}` } },
          lie: 'wildcard-instead',
        },
        'udp-and-tcp-listed-as-three-colons-answer-alike-over-ipv4': {
          requires: ['ipv6-loopback'],
          claims: { H17: 'tcp-only' },
          shownBy: 'netstat',
          outcomes: ['both', 'tcp-only', 'neither'],
          outcome({ listed, scanned, tcp, overIPv6 }) {
            const isListed = onWildcard(listed, ONLY_IPV6).includes('udp') && onWildcard(listed, WEB).includes('tcp')
            if (!isListed || overIPv6?.outcome !== 'received') return 'other'
            const states = `${stateOf(tcp, WEB)} ${stateOf(joined(scanned), ONLY_IPV6)}`
            if (states === 'closed closed') return 'neither'
            return states === 'open open' ? 'both' : states === 'open closed' ? 'tcp-only' : 'other'
          },
          expect: { linux: { outcome: 'tcp-only', source: 'ipv6(7), IPV6_V6ONLY' } },
          lie: 'ipv6-only-ignored',
        },
        'nmap-tells-the-same-of-udp-ports': {
          requires: ['nmap'],
          claims: { H12: 'the-same' },
          outcomes: ['the-same', 'another-answer'],
          outcome: ({ nmap, scanned }) => (nmap ? agreement(nmap, joined(scanned), FOUR.length) : 'other'),
          expect: { linux: { outcome: 'the-same', source: `${UNREACHABLE}; nmap(1), -sU` } },
          lie: 'closed-called-open',
        },
      },
    }),

    aWire: act({
      network: 'own',
      requires: ['ipv4-loopback', 'neighbour', 'python'],
      async experiment({ start, list, scan, ask, said, neighbour, has }) {
        const other = await neighbour()
        const onThisHost = async () => {
          const client = await other.start('question', other.oursOnTheWire, ON_DEVICE)
          const bound = await start('on-device.py', '0.0.0.0', ON_DEVICE, other.ourDevice)
          const listed = await list('ss', { port: ON_DEVICE })
          const overLoopback = await scan('udp', '127.0.0.1', { from: ON_DEVICE, to: ON_DEVICE })
          await ask(client, 'hello', 'own end')
          const heard = await said(bound, 'datagram')
          const limit = await other.run('cat', ICMP_LIMIT)
          const here = await scan('udp', '127.0.0.1', SOME)
          return { device: other.ourDevice, listed, overLoopback, heard, limit, here }
        }
        // Most ports of the second host are silent, and are waited for. What is done on this host needs no such time.
        // Asked all at once: in turns, there would be time for one error after the other.
        const onSecondHost = has('open-files') ? scan('udp', other.address, SOME) : null
        const [there, found] = await Promise.all([onSecondHost, onThisHost()])
        return { ...found, there }
      },
      checks: {
        'udp-socket-bound-to-a-device-is-found-over-loopback': {
          claims: { H16: 'closed' },
          outcomes: ['closed', 'open'],
          outcome({ overLoopback, heard }) {
            const state = stateOf(overLoopback, ON_DEVICE)
            const isHeard = (heard.value as { text?: unknown }).text === 'hello'
            return state === 'open' || (state === 'closed' && isHeard) ? state : 'other'
          },
          expect: { linux: { outcome: 'closed', source: `socket(7), SO_BINDTODEVICE; ${LOOKUP}` } },
          lie: 'device-ignored',
        },
        'listing-shows-the-device-of-a-udp-socket': {
          requires: ['ss'],
          claims: { H16: ['ss-only', 'every-listing'] },
          shownBy: 'ss',
          outcomes: ['ss-only', 'every-listing', 'none'],
          outcome: ({ listed }) => (listed.rows.length > 0 ? deviceIsShown(listed) : 'other'),
          expect: { linux: { outcome: 'ss-only', source: DEVICE_TOLD } },
          lie: 'device-ignored',
        },
        'closed-udp-ports-of-a-second-host-all-answer': {
          requires: ['open-files'],
          claims: { H13: ['few', 'none'] },
          outcomes: ['most', 'few', 'none'],
          outcome: ({ here, there }) => (there ? answered(here, there) : 'other'),
          expect: { linux: { outcome: 'few', source: LIMITED } },
          lie: 'icmp-limit-lifted',
        },
      },
    }),
  },
})
