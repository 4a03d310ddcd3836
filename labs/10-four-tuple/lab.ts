/** What is a socket bound to before and after each call? May two have one four-tuple? What is left of it at the end? */

import { act, defineLab } from '../../harness/lab.ts'
import { afterAccept, afterBind, afterConnect, dialledByName, difference, fromTheSameEnd } from './names.ts'
import { keeps, keepsForGood, outcomeOf, whatWorks } from './names.ts'

const TAKEN = 'Linux net/ipv4/inet_hashtables.c, __inet_check_established'
const LOCK = 'Linux net/ipv4/tcp.c, tcp_set_state: inet_put_port unless SOCK_BINDPORT_LOCK; af_inet.c, __inet_bind'
const TWICE = ['connected', 'EADDRNOTAVAIL', 'EADDRINUSE'] as const

export default defineLab({
  id: '10-four-tuple',
  acts: {
    callByCall: act({
      requires: ['ipv4-loopback', 'python', 'client-ports'],
      async experiment({ start, said, ask, proceed, list, port }) {
        const server = await start('step-server.py', '127.0.0.1', port)
        const [fresh, bound] = [await said(server, 'socket'), await said(server, 'bind')]
        await proceed(server)
        const client = await start('step-client.py', '127.0.0.1', port)
        const [unbound, connected] = [await said(client, 'socket'), await said(client, 'connect')]
        const [accepted, listener] = [await ask(server, 'accept', 'accept'), await said(server, 'listener')]
        return { port, fresh, bound, unbound, connected, accepted, listener, listed: await list('ss') }
      },
      checks: {
        'bind-gives-a-socket-its-own-end': {
          claims: { T1: 'own-end', T14: 'own-end' },
          outcomes: ['own-end', 'both-ends', 'nothing'],
          outcome: ({ port, fresh, bound }) => afterBind(fresh, bound, `127.0.0.1:${port}`),
          expect: { posix: { outcome: 'own-end', source: 'POSIX bind; POSIX getpeername, ENOTCONN' } },
          lie: 'connected-from-the-start',
        },
        'connect-gives-a-socket-both-ends': {
          claims: { T2: 'both-ends', T14: ['both-ends', 'own-end'] },
          outcomes: ['both-ends', 'other-end', 'own-end'],
          outcome: ({ unbound, connected }) => afterConnect(unbound, connected),
          expect: { posix: { outcome: 'both-ends', source: 'POSIX connect: it binds a socket that is not bound' } },
          lie: 'connected-from-the-start',
        },
        'accept-gives-the-client-as-peer-to-a-new-socket': {
          claims: { T1: 'a-new-socket', T3: 'a-new-socket' },
          outcomes: ['a-new-socket', 'the-listener'],
          outcome: (evidence) => afterAccept(evidence),
          expect: { posix: { outcome: 'a-new-socket', source: 'POSIX accept; RFC 9293, section 3.3.1' } },
          lie: 'accept-takes-the-listener',
        },
      },
    }),

    fourTuples: act({
      requires: ['ipv4-loopback', 'python', 'client-ports'],
      async experiment({ start, ask, proceed, list, port, anotherPort }) {
        const [other, own] = [await anotherPort(), { address: '127.0.0.1', port: await anotherPort() }]
        const server = await start('step-server.py', '127.0.0.1', port)
        for (const one of [server, await start('step-server.py', '127.0.0.1', other)]) await proceed(one)
        const client = await start('step-client.py', '127.0.0.1', port, own.port)
        const byName = await ask(client, `connect localhost ${port}`, 'connect')
        await ask(server, 'accept', 'accept')
        await ask(server, 'accept', 'accept')
        await ask(client, 'write', 'write')
        const heard = await ask(server, 'read', 'read')
        const dial = (host: string, to = port) => ask(client, `connect ${host} ${to} ${own.port}`, 'connect')
        const [again, againByName] = [await dial('127.0.0.1'), await dial('localhost')]
        const elsewhere = await dial('127.0.0.1', other)
        const listed = await list('ss', { port: own.port, connections: true })
        return { port, own, client, byName, heard, again, againByName, elsewhere, listed }
      },
      checks: {
        'sockets-of-one-port-differ-in-the-peer': {
          claims: { H3: 'in-the-peer', T4: 'in-the-peer' },
          outcomes: ['in-the-peer', 'in-the-port', 'in-nothing'],
          outcome: ({ port, heard }) => difference(heard, port),
          expect: { posix: { outcome: 'in-the-peer', source: 'RFC 9293, section 4, connection' } },
          lie: 'sends-on-another-socket',
        },
        'one-four-tuple-can-be-had-twice': {
          claims: { T4: ['EADDRNOTAVAIL', 'EADDRINUSE'] },
          outcomes: TWICE,
          outcome: ({ again }) => outcomeOf(again, 'connected'),
          expect: { linux: { outcome: 'EADDRNOTAVAIL', source: TAKEN } },
          lie: 'own-port-ignored',
        },
        'host-name-makes-it-another-connection': {
          claims: { T24: 'connected' },
          outcomes: TWICE,
          outcome: (evidence) => dialledByName(evidence),
          expect: { linux: { outcome: 'EADDRNOTAVAIL', source: TAKEN } },
          lie: 'own-port-ignored',
        },
        'one-own-end-can-have-two-peers': {
          claims: { H3: 'connected' },
          outcomes: TWICE,
          outcome: ({ own, elsewhere, listed }) => fromTheSameEnd(elsewhere, own, listed),
          expect: { linux: { outcome: 'connected', source: TAKEN } },
          lie: 'own-port-ignored',
        },
      },
    }),

    notConnected: act({
      requires: ['ipv4-loopback', 'python', 'client-ports'],
      async experiment({ start, said, port }) {
        await start('receiver', '127.0.0.1', port)
        const program = await start('unconnected.py', '127.0.0.1', port)
        const [fresh, listener] = [await said(program, 'fresh'), await said(program, 'listener')]
        return { fresh, listener, udp: await said(program, 'udp') }
      },
      checks: {
        'tcp-socket-sends-and-receives-without-a-connection': {
          claims: { T23: 'neither' },
          outcomes: ['neither', 'both', 'one-of-the-two'],
          outcome: ({ fresh, listener }) => whatWorks(fresh, listener),
          expect: { posix: { outcome: 'neither', source: 'POSIX recv, ENOTCONN; POSIX send, ENOTCONN or EPIPE' } },
          lie: 'connected-from-the-start',
        },
        'udp-socket-sends-and-receives-without-a-connection': {
          claims: { T23: 'neither' },
          outcomes: ['both', 'neither', 'one-of-the-two'],
          outcome: ({ udp }) => whatWorks(udp),
          expect: { posix: { outcome: 'both', source: 'POSIX sendto; RFC 768' } },
          lie: 'datagrams-ignored',
        },
      },
    }),

    afterwards: act({
      network: 'own',
      requires: ['ipv4-loopback', 'python'],
      async experiment({ start, ask, port, anotherPort }) {
        await start('listener', '127.0.0.1', port)
        const live = async (...own: number[]) => {
          const program = await start('ended.py', '127.0.0.1', port, ...own)
          const [ended, rival] = [await ask(program, 'end', 'end'), await ask(program, 'rival', 'rival')]
          return { program, ended, rival, again: await ask(program, `bind ${await anotherPort()}`, 'bind') }
        }
        const chosen = await live(await anotherPort())
        const atOnce = await ask(chosen.program, 'connect', 'connect')
        await ask(chosen.program, 'disconnect', 'disconnect')
        const later = await ask(chosen.program, 'connect', 'connect')
        return { chosen, atOnce, later, portZero: await live(0), unbound: await live() }
      },
      checks: {
        'port-that-a-program-chose-is-free-after-the-connection': {
          claims: { T15: 'free' },
          outcomes: ['free', 'kept'],
          outcome: ({ chosen, atOnce, later }) => keepsForGood(chosen, atOnce, later),
          expect: { linux: { outcome: 'kept', source: LOCK } },
          lie: 'own-port-ignored',
        },
        'port-that-the-system-chose-is-free-after-the-connection': {
          claims: { T15: 'free' },
          outcomes: ['free', 'kept'],
          outcome: ({ portZero, unbound }) => (keeps(portZero) === keeps(unbound) ? keeps(unbound) : 'other'),
          expect: { linux: { outcome: 'free', source: LOCK } },
          lie: 'client-chooses-its-port',
        },
      },
    }),
  },
})
