/** When does the system answer EADDRINUSE? In every form that Node can show; and when is the address free again? */

import { act, bindOutcome, CONNECT, defineLab, LISTEN, listenOutcome, openRows } from '../../harness/lab.ts'
import * as expected from './expected.ts'
import { NOT_LOCAL, whyAllowed } from './not-local.ts'

export default defineLab({
  id: '05-address-in-use',
  acts: {
    sameAddress: act({
      requires: ['ipv4-loopback'],
      async experiment({ start, list, port }) {
        const listener = await start('listener', '127.0.0.1', port)
        const receiver = await start('receiver', '127.0.0.1', port)
        const listener2 = await start('listener', '127.0.0.1', port)
        const receiver2 = await start('receiver', '127.0.0.1', port)
        return { listener, receiver, listener2, receiver2, listed: await list('lsof') }
      },
      checks: {
        'tcp-listener-starts-on-an-address-in-use': {
          outcomes: LISTEN,
          outcome: ({ listener2 }) => listenOutcome(listener2),
          expect: expected.TWICE,
          lie: 'reuse-port-forced',
        },
        'udp-socket-is-bound-to-an-address-in-use': {
          outcomes: ['bound', 'EADDRINUSE'],
          outcome: ({ receiver2 }) => bindOutcome(receiver2),
          expect: expected.TWICE_OVER_UDP,
          lie: 'reuse-port-forced',
        },
        'error-of-a-refused-listener-names-the-call-listen': {
          outcomes: ['listen', 'another'],
          outcome: ({ listener2: { error } }) => (!error ? 'other' : error.syscall === 'listen' ? 'listen' : 'another'),
          expect: expected.NAMED_LISTEN,
          lie: 'bind-named-in-errors',
        },
        'listing-names-the-process-that-has-the-address': {
          outcomes: ['the-holders', 'others', 'nobody'],
          outcome({ listener, receiver, listed }) {
            const named = openRows(listed).flatMap(({ holders }) => holders.map(({ pid }) => pid))
            const isOurs = [listener, receiver].every(({ pid }) => named.includes(pid)) && named.length === 2
            return named.length === 0 ? 'nobody' : isOurs ? 'the-holders' : 'others'
          },
          expect: { posix: { outcome: 'the-holders', source: 'lsof(8)' } },
          lie: 'child-keeps-socket',
        },
      },
    }),

    wildcardAndSpecific: act({
      requires: ['ipv4-loopback', 'loopback-block'],
      async experiment({ start, stop, port }) {
        const server6 = await start('server6', port)
        const server4Second = await start('server4', port)
        const server7Second = await start('server7', port)
        await stop(server6)
        await start('server4', port)
        const server6Second = await start('server6', port)
        const notLocal = await start('listener', NOT_LOCAL, port)
        return { server4Second, server7Second, server6Second, notLocal, allowed: await whyAllowed(notLocal) }
      },
      checks: {
        'wildcard-and-specific-listeners-share-a-port': {
          claims: { C10: 'EADDRNOTAVAIL', C19: ['EADDRINUSE', 'EADDRNOTAVAIL'] }, // C10 speaks of the first order alone
          outcomes: ['EADDRINUSE', 'EADDRNOTAVAIL', 'listening', 'one-order-only'],
          outcome: ({ server4Second: first, server6Second: other }) =>
            [other.outcome, 'EADDRNOTAVAIL'].includes(first.outcome) ? listenOutcome(first) : 'one-order-only',
          expect: expected.WILDCARD_AND_SPECIFIC,
          lie: 'reuse-port-forced',
        },
        'ipv6-wildcard-listener-starts-beside-an-ipv4-one': {
          claims: { C17: 'EADDRINUSE' },
          outcomes: [...LISTEN, 'EAFNOSUPPORT'],
          outcome: ({ server7Second }) => listenOutcome(server7Second),
          expect: expected.IPV6_BESIDE_IPV4,
          lie: 'ipv6-only-forced',
        },
        'listener-starts-on-an-address-that-is-not-local': {
          claims: { T25: ['EADDRNOTAVAIL', 'allowed'] },
          outcomes: ['EADDRNOTAVAIL', 'EADDRINUSE', 'allowed', 'listening'],
          outcome: ({ notLocal, allowed }) => (allowed ? 'allowed' : listenOutcome(notLocal)),
          expect: expected.ON_A_FOREIGN_ADDRESS,
          lie: 'loopback-instead',
        },
      },
    }),

    onlyBound: act({
      requires: ['ipv4-loopback', 'bound-socket'],
      async experiment({ start, proceed, port }) {
        const first = await start('bound', '127.0.0.1', port)
        const second = await start('bound', '127.0.0.1', port)
        await proceed(first)
        const third = await start('bound', '127.0.0.1', port)
        return { second, third, secondListens: second.error ? second : await proceed(second) }
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
          expect: expected.BOUND_TWICE,
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
      async experiment({ start, stop, kill, connect, port }) {
        await stop(await start('listener', '127.0.0.1', port))
        const afterSigterm = await start('listener', '127.0.0.1', port)
        await kill(afterSigterm)
        const client = await connect('127.0.0.1')
        return { afterSigterm, client, afterSigkill: await start('listener', '127.0.0.1', port) }
      },
      checks: {
        'address-is-free-after-sigterm-ended-its-holder': {
          claims: { Q17: 'listening' },
          outcomes: LISTEN,
          outcome: ({ afterSigterm }) => listenOutcome(afterSigterm),
          expect: expected.FREE_AFTER_THE_END,
          lie: 'child-keeps-socket',
        },
        'client-reaches-the-port-of-a-killed-listener': {
          claims: { Q17: 'ECONNREFUSED' },
          outcomes: CONNECT,
          outcome: ({ client }) => client.outcome,
          expect: {
            posix: { outcome: 'ECONNREFUSED', source: 'POSIX connect, ECONNREFUSED; RFC 9293, section 3.5.2' },
          },
          lie: 'child-keeps-socket',
        },
        'address-is-free-after-sigkill-ended-its-holder': {
          claims: { Q17: 'listening' },
          outcomes: LISTEN,
          outcome: ({ afterSigkill }) => listenOutcome(afterSigkill),
          expect: expected.FREE_AFTER_THE_END,
          lie: 'child-keeps-socket',
        },
      },
    }),
  },
})
