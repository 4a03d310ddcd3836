/** What can a second host reach of the first one, and which way do packets for 127.0.0.1 go? */

import { act, defineLab } from '../../harness/lab.ts'
import { carrier, TIMES } from './devices.ts'
import { dialledOf, isAnsweredBy, whichAnswered } from './dialled.ts'
import { judged } from './rule.ts'

const COUNTERS = ['cat', '/proc/net/dev'] as const
const OUTPUT = 'kernel net/ipv4/route.c, ip_route_output_key_hash_rcu: RTN_LOCAL; ip-route(8), local'
const JUDGED = ['kept-and-reached', 'kept-and-not-reached', 'left-out-and-reached', 'left-out-and-not-reached'] as const

/** The kernel's word for the way to an address: `local`, and the device. */
export const isLocal = (printed: readonly string[]) => /^local .* dev lo /.test(printed[0] ?? '')

export default defineLab({
  id: '22-another-host',
  acts: {
    fromOutside: act({
      network: 'own',
      requires: ['neighbour', 'ipv4-loopback', 'loopback-block'],
      async experiment({ start, ask, run, list, has, neighbour, port, anotherPort }) {
        const other = await neighbour()
        const [wire, loopback, second, ipv6] = [
          await anotherPort(),
          await anotherPort(),
          await anotherPort(),
          await anotherPort(),
        ]
        const here = `${other.oursOnTheWire}:${wire}`
        const onIPv6 = has('ipv6-loopback') ? [`[::]:${ipv6}`] : []
        const doors = [`0.0.0.0:${port}`, here, `127.0.0.1:${loopback}`, `127.0.0.2:${second}`, ...onIPv6]
        const there = await other.start('listener', '127.0.0.1', loopback)
        const server = await start('several-addresses', ...doors)
        const listed = await list('netstat', { port: 'all' })
        const netstat = listed.source === 'netstat' ? await run('netstat', '-A', 'inet', '-na') : null
        const dialler = await other.start('dialler')
        const dial = (to: number, address = other.oursOnTheWire) => ask(dialler, `${address} ${to}`, 'dialled')
        const toWildcard = await dial(port)
        const toWire = await dial(wire)
        const toLoopback = await dial(loopback)
        const toSecond = await dial(second)
        const toIPv6 = await dial(ipv6)
        const toItself = await dial(loopback, '127.0.0.1')
        return { server, there, listed, netstat, toWildcard, toWire, toLoopback, toSecond, toIPv6, toItself }
      },
      checks: {
        'second-host-reaches-wildcard-and-wire-listeners': {
          claims: { N3: 'both' },
          outcomes: ['both', 'first', 'second', 'neither'],
          outcome: ({ toWildcard, toWire, server }) => whichAnswered(toWildcard, toWire, server),
          expect: { linux: { outcome: 'both', source: 'ip(7), INADDR_ANY; RFC 9293, section 3.9.1.1' } },
          lie: 'loopback-instead',
        },
        'second-host-reaches-loopback-listeners': {
          claims: { N7: 'neither' },
          outcomes: ['both', 'first', 'second', 'neither'],
          outcome: ({ toLoopback, toSecond, server }) => whichAnswered(toLoopback, toSecond, server),
          expect: {
            posix: { outcome: 'neither', source: 'RFC 9293, section 3.9.1.1; RFC 1122, section 3.2.1.3 (g)' },
          },
          lie: 'wildcard-instead',
        },
        'loopback-address-means-another-host-there': {
          claims: { N7: 'its-own' },
          outcomes: ['its-own', 'the-first-host', 'nobody'],
          outcome({ toItself, server, there }) {
            if (isAnsweredBy(toItself, there)) return 'its-own'
            if (isAnsweredBy(toItself, server)) return 'the-first-host'
            return dialledOf(toItself).outcome === 'ECONNREFUSED' ? 'nobody' : 'other'
          },
          expect: { posix: { outcome: 'its-own', source: 'RFC 1122, section 3.2.1.3 (g)' } },
          lie: 'another-port',
        },
        'rule-of-the-document-judges-127-0-0-2': {
          claims: { N3: ['kept-and-reached', 'left-out-and-not-reached'] },
          outcomes: JUDGED,
          outcome: ({ netstat, listed, toSecond, server }) => judged(netstat, listed, toSecond, server),
          expect: { linux: { outcome: 'kept-and-not-reached', source: 'ip(7); netstat(8)' } },
          lie: 'wildcard-instead',
        },
        'rule-of-the-document-judges-a-dual-stack-listener': {
          requires: ['ipv6-loopback'],
          claims: { N3: ['kept-and-reached', 'left-out-and-not-reached'] },
          outcomes: JUDGED,
          outcome: ({ netstat, listed, toIPv6, server }) => judged(netstat, listed, toIPv6, server),
          expect: { linux: { outcome: 'left-out-and-reached', source: 'ipv6(7), IPV6_V6ONLY; netstat(8), -A' } },
          lie: 'ipv6-only-forced',
        },
      },
    }),

    whichWay: act({
      network: 'own',
      requires: ['neighbour', 'ipv4-loopback', 'proc'],
      async experiment({ start, ask, run, neighbour, port }) {
        const other = await neighbour()
        await other.start('listener', '0.0.0.0', port)
        await start('listener', '0.0.0.0', port)
        const dialler = await start('dialler')
        const dial = (address: string) => ask(dialler, `${address} ${port} ${TIMES}`, 'dialled')
        const atFirst = await run(...COUNTERS)
        const toLoopback = await dial('127.0.0.1')
        const afterLoopback = await run(...COUNTERS)
        const toOwn = await dial(other.oursOnTheWire)
        const afterOwn = await run(...COUNTERS)
        const toOther = await dial(other.address)
        const afterOther = await run(...COUNTERS)
        const loopbackRoute = await run('ip', 'route', 'get', '127.0.0.1')
        const ownRoute = await run('ip', 'route', 'get', other.oursOnTheWire)
        const otherRoute = await run('ip', 'route', 'get', other.address)
        const routes = { loopbackRoute, ownRoute, otherRoute }
        return {
          wire: other.ourDevice,
          atFirst,
          toLoopback,
          afterLoopback,
          toOwn,
          afterOwn,
          toOther,
          afterOther,
          ...routes,
        }
      },
      checks: {
        'packets-for-127-0-0-1-pass-the-loopback-device': {
          claims: { N7: 'lo', N8: 'lo' },
          outcomes: ['lo', 'wire', 'both'],
          outcome: ({ atFirst, afterLoopback, wire, toLoopback, loopbackRoute }) =>
            isLocal(loopbackRoute.printed) ? carrier(atFirst, afterLoopback, wire, toLoopback) : 'other',
          expect: { linux: { outcome: 'lo', source: OUTPUT } },
          lie: 'another-port',
        },
        'packets-for-the-hosts-own-address-pass-the-loopback-device': {
          outcomes: ['lo', 'wire', 'both'],
          outcome: ({ afterLoopback, afterOwn, wire, toOwn }) => carrier(afterLoopback, afterOwn, wire, toOwn),
          expect: { linux: { outcome: 'lo', source: OUTPUT } },
          lie: 'another-port',
        },
        'packets-for-the-other-host-pass-the-wire': {
          claims: { N7: 'wire' },
          outcomes: ['lo', 'wire', 'both'],
          outcome: ({ afterOwn, afterOther, wire, toOther }) => carrier(afterOwn, afterOther, wire, toOther),
          expect: { linux: { outcome: 'wire', source: 'veth(4); ip-route(8)' } },
          lie: 'another-port',
        },
      },
    }),
  },
})
