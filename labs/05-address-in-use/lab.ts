/**
 * When does the system answer EADDRINUSE? Takes one address twice over TCP and over UDP, a wildcard address beside a
 * specific one, an address that is only bound, and one whose holder has ended or was killed.
 */

import { readFile } from 'node:fs/promises'
import { networkInterfaces } from 'node:os'

import { act, defineLab, LISTEN, listenOutcome, openRows } from '../../harness/lab.ts'
import type { Started } from '../../harness/lab.ts'

/** In TEST-NET-3, which RFC 5737 keeps for documents: no machine ought to have it. */
const NOT_LOCAL = '203.0.113.1'

const KERNEL = 'Linux net/ipv4/inet_connection_sock.c, inet_rcv_saddr_equal'
const WINE = 'Wine ws2_32 tests, test_reuseaddr'

/** Why this machine may all the same let a program bind that address: ip(7), ip_nonlocal_bind. */
async function whyAllowed(): Promise<'setting' | 'its-own' | null> {
  const isOwn = Object.values(networkInterfaces()).some((one) => one?.some(({ address }) => address === NOT_LOCAL))
  const setting = await readFile('/proc/sys/net/ipv4/ip_nonlocal_bind', 'utf8').catch(() => '')
  return isOwn ? 'its-own' : setting.trim() === '1' ? 'setting' : null
}

function bindOutcome({ outcome, error }: Started) {
  return outcome === 'bound' ? outcome : ((error?.code as `E${string}` | undefined) ?? 'other')
}

export default defineLab({
  id: '05-address-in-use',
  acts: {
    sameAddress: act({
      requires: ['ipv4-loopback'],
      async experiment({ start, list, port }) {
        const [listener, receiver] = [
          await start('listener', '127.0.0.1', port),
          await start('receiver', '127.0.0.1', port),
        ]
        const listener2 = await start('listener', '127.0.0.1', port)
        const receiver2 = await start('receiver', '127.0.0.1', port)
        return { listener, receiver, listener2, receiver2, listed: await list('lsof') }
      },
      checks: {
        'tcp-listener-starts-on-an-address-in-use': {
          outcomes: LISTEN,
          outcome: ({ listener2 }) => listenOutcome(listener2),
          expect: {
            posix: { outcome: 'EADDRINUSE', source: 'bind(2)' },
            win32: { outcome: 'EADDRINUSE', source: WINE },
          },
          lie: 'reuse-port-forced',
        },
        'udp-socket-is-bound-to-an-address-in-use': {
          outcomes: ['bound', 'EADDRINUSE'],
          outcome: ({ receiver2 }) => bindOutcome(receiver2),
          expect: { posix: { outcome: 'EADDRINUSE', source: 'bind(2)' } },
          lie: 'reuse-port-forced',
        },
        'error-names-the-call-that-node-made': {
          outcomes: ['listen-and-bind', 'bind-twice', 'listen-twice'],
          outcome: ({ listener2, receiver2 }) => {
            const calls = `${listener2.error?.syscall} ${receiver2.error?.syscall}`
            const outcomes = {
              'listen bind': 'listen-and-bind',
              'bind bind': 'bind-twice',
              'listen listen': 'listen-twice',
            } as const
            return outcomes[calls as keyof typeof outcomes] ?? 'other'
          },
          expect: {
            posix: { outcome: 'listen-and-bind', source: 'Node lib/net.js, setupListenHandle; lib/dgram.js' },
            win32: { outcome: 'listen-and-bind', source: 'Node lib/net.js, setupListenHandle; lib/dgram.js' },
          },
          lie: 'bind-named-in-errors',
        },
        'listing-names-the-process-that-has-the-address': {
          outcomes: ['the-holders', 'another-process', 'no-process', 'no-row'],
          outcome: ({ listener, receiver, listed }) => {
            const rows = openRows(listed)
            if (rows.length === 0) return 'no-row'
            const pids = rows.flatMap(({ holders }) => holders.map(({ pid }) => pid))
            if (pids.length === 0) return 'no-process'
            const ours = [listener.pid, receiver.pid]
            return pids.length === 2 && ours.every((pid) => pids.includes(pid)) ? 'the-holders' : 'another-process'
          },
          expect: { posix: { outcome: 'the-holders', source: 'lsof(8)' } },
          lie: 'another-port',
        },
      },
    }),

    wildcardAndSpecific: act({
      requires: ['ipv4-loopback', 'loopback-block'],
      async experiment({ start, stop, port }) {
        const server6 = await start('server6', port)
        const server4Second = await start('server4', port)
        await stop(server6)
        await start('server4', port)
        const server6Second = await start('server6', port)
        return {
          server4Second,
          server6Second,
          notLocal: await start('listener', NOT_LOCAL, port),
          allowed: await whyAllowed(),
        }
      },
      checks: {
        'specific-listener-starts-after-wildcard-listener': {
          claims: { C10: 'EADDRNOTAVAIL' },
          outcomes: ['EADDRINUSE', 'EADDRNOTAVAIL', 'listening'],
          outcome: ({ server4Second }) => listenOutcome(server4Second),
          expect: {
            linux: { outcome: 'EADDRINUSE', source: 'socket(7), SO_REUSEADDR' },
            darwin: { outcome: 'listening', source: 'xnu bsd/netinet/in_pcb.c; nodejs/node#26274' },
            win32: { outcome: 'listening', source: `nodejs/node#14618; ${WINE}` },
          },
          lie: 'reuse-port-forced',
        },
        'wildcard-listener-starts-after-specific-listener': {
          outcomes: ['EADDRINUSE', 'EADDRNOTAVAIL', 'listening'],
          outcome: ({ server6Second }) => listenOutcome(server6Second),
          expect: {
            linux: { outcome: 'EADDRINUSE', source: KERNEL },
            darwin: { outcome: 'listening', source: 'xnu bsd/netinet/in_pcb.c' },
            win32: { outcome: 'listening', source: WINE },
          },
          lie: 'reuse-port-forced',
        },
        'listener-starts-on-an-address-that-is-not-local': {
          claims: { T25: ['EADDRNOTAVAIL', 'allowed-here'] },
          outcomes: ['EADDRNOTAVAIL', 'EADDRINUSE', 'allowed-here', 'listening'],
          outcome: ({ notLocal, allowed }) =>
            allowed && notLocal.local?.address === NOT_LOCAL ? 'allowed-here' : listenOutcome(notLocal),
          expect: { posix: { outcome: ['EADDRNOTAVAIL', 'allowed-here'], source: 'bind(2); ip(7), ip_nonlocal_bind' } },
          lie: 'loopback-instead',
        },
      },
    }),

    acrossFamilies: act({
      requires: ['ipv4-loopback', 'ipv6-loopback'],
      async experiment({ start, stop, port }) {
        const server6 = await start('server6', port)
        const server7 = await start('server7', port)
        await stop(server6)
        await start('listener', '127.0.0.1', port)
        return { server7, wildcardIPv6: await start('listener', '::', port) }
      },
      checks: {
        'ipv6-wildcard-listener-starts-after-ipv4-wildcard-listener': {
          claims: { C17: 'EADDRINUSE' },
          outcomes: LISTEN,
          outcome: ({ server7 }) => listenOutcome(server7),
          expect: { linux: { outcome: 'EADDRINUSE', source: 'ipv6(7), IPV6_V6ONLY' } },
          lie: 'ipv6-only-forced',
        },
        'ipv6-wildcard-listener-starts-after-specific-ipv4-listener': {
          outcomes: LISTEN,
          outcome: ({ wildcardIPv6 }) => listenOutcome(wildcardIPv6),
          expect: { linux: { outcome: 'EADDRINUSE', source: KERNEL } },
          lie: 'ipv6-only-forced',
        },
      },
    }),

    onlyBound: act({
      requires: ['ipv4-loopback', 'bound-socket'],
      async experiment({ start, proceed, port }) {
        const [first, second] = [await start('bound', '127.0.0.1', port), await start('bound', '127.0.0.1', port)]
        const firstListens = await proceed(first)
        const third = await start('bound', '127.0.0.1', port)
        // What was refused has nothing to listen on.
        return { first, second, firstListens, third, secondListens: second.error ? second : await proceed(second) }
      },
      checks: {
        'two-sockets-are-bound-to-one-address-while-none-listens': {
          outcomes: ['bound', 'EADDRINUSE'],
          outcome: ({ second }) => bindOutcome(second),
          expect: { linux: { outcome: 'bound', source: 'socket(7), SO_REUSEADDR' } },
          lie: 'listens-at-once',
        },
        'socket-is-bound-to-an-address-where-another-listens': {
          outcomes: ['bound', 'EADDRINUSE'],
          outcome: ({ third }) => bindOutcome(third),
          expect: { posix: { outcome: 'EADDRINUSE', source: 'bind(2)' } },
          lie: 'reuse-port-forced',
        },
        'second-bound-socket-listens-after-the-first': {
          outcomes: ['listening', 'EADDRINUSE', 'never-bound'],
          outcome: ({ second, secondListens }) => (second.error ? 'never-bound' : listenOutcome(secondListens)),
          expect: { linux: { outcome: 'EADDRINUSE', source: 'listen(2)' } },
          lie: 'reuse-port-forced',
        },
      },
    }),

    afterTheEnd: act({
      requires: ['ipv4-loopback'],
      async experiment({ start, stop, kill, port }) {
        await stop(await start('listener', '127.0.0.1', port))
        const afterSigterm = await start('listener', '127.0.0.1', port)
        await kill(afterSigterm)
        return { afterSigterm, afterSigkill: await start('listener', '127.0.0.1', port) }
      },
      checks: {
        'address-is-free-after-its-holder-got-sigterm': {
          claims: { Q17: 'listening' },
          outcomes: LISTEN,
          outcome: ({ afterSigterm }) => listenOutcome(afterSigterm),
          expect: { posix: { outcome: 'listening', source: 'POSIX, _Exit: Consequences of Process Termination' } },
          lie: 'child-keeps-socket',
        },
        'address-is-free-after-its-holder-got-sigkill': {
          claims: { Q17: 'listening' },
          outcomes: LISTEN,
          outcome: ({ afterSigkill }) => listenOutcome(afterSigkill),
          expect: { posix: { outcome: 'listening', source: 'POSIX, _Exit: Consequences of Process Termination' } },
          lie: 'child-keeps-socket',
        },
      },
    }),
  },
})
