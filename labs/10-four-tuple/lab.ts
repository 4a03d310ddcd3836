/** What is a socket bound to before and after each call? May two sockets have one four-tuple? What is left at the end? */

import { act, defineLab } from '../../harness/lab.ts'
import {
  areSame,
  connectionsOf,
  hostOf,
  inWords,
  isEndpoint,
  isGiven,
  keeps,
  outcomeOf,
  told,
  whatWorks,
} from './names.ts'
import type { Heard, Names } from './names.ts'

const BIND = 'bind(2): until then a socket has no address; getpeername(2), ENOTCONN'
const CONNECT = 'POSIX connect: a socket that is not bound gets an unused local address; getpeername(2)'
const ACCEPT = 'accept(2): the original socket is unaffected by this call'
const MIRROR = 'accept(2); RFC 9293, section 3.3.1'
const HEADERS = 'RFC 791, section 3.1, and RFC 9293, section 3.1: addresses and ports, and no name'
const LOOKUP = 'RFC 9293, section 4: a connection is identified by its two sockets; Linux __inet_lookup_established'
const TAKEN = 'Linux net/ipv4/inet_hashtables.c, __inet_check_established'
const NOT_CONNECTED = 'recv(2), ENOTCONN: neither connected nor accepted; send(2)'
const UDP = 'udp(7): sendto or sendmsg with an address, recvfrom once there is a local one'
const LOCK = 'Linux net/ipv4/tcp.c, tcp_set_state: inet_put_port unless SOCK_BINDPORT_LOCK; af_inet.c, __inet_bind'
const DISSOLVED = 'connect(2): an AF_UNSPEC address dissolves the association; EISCONN'

const TWICE = ['connected', 'EADDRNOTAVAIL', 'EADDRINUSE'] as const
const REFUSED = ['EADDRNOTAVAIL', 'EADDRINUSE'] as const

export default defineLab({
  id: '10-four-tuple',
  acts: {
    callByCall: act({
      requires: ['ipv4-loopback', 'python'],
      async experiment({ start, said, ask, proceed, list, port }) {
        const server = await start('step-server.py', '127.0.0.1', port)
        const fresh = await said(server, 'socket')
        const bound = await said(server, 'bind')
        await proceed(server)
        const client = await start('step-client.py', '127.0.0.1', port)
        const unbound = await said(client, 'socket')
        const connected = await said(client, 'connect')
        const accepted = client.outcome === 'connected' ? await ask(server, 'accept', 'accept') : null
        const listener = accepted && (await said(server, 'listener'))
        const listed = await list('ss', { connections: true })
        return { port, fresh, bound, unbound, connected, accepted, listener, listed }
      },
      checks: {
        'bind-gives-a-socket-its-own-end': {
          claims: { T1: 'own-end', T14: 'own-end' },
          outcomes: ['own-end', 'both-ends', 'nothing'],
          outcome({ port, fresh, bound }) {
            const { own, peer } = told<Names>(bound)
            if (isGiven(told<Names>(fresh).own)) return 'other'
            if (!isGiven(own)) return 'nothing'
            return inWords(own) !== `127.0.0.1:${port}` ? 'other' : isEndpoint(peer) ? 'both-ends' : 'own-end'
          },
          expect: { posix: { outcome: 'own-end', source: BIND } },
          lie: 'connected-from-the-start',
        },
        'connect-gives-a-socket-both-ends': {
          claims: { T2: 'both-ends', T14: ['both-ends', 'own-end'] },
          outcomes: ['both-ends', 'other-end', 'own-end'],
          outcome({ unbound, connected }) {
            const { own, peer } = told(connected)
            if (isGiven(told<Names>(unbound).own)) return 'other'
            if (!isGiven(peer)) return outcomeOf(connected, 'own-end')
            return isGiven(own) ? 'both-ends' : 'other-end'
          },
          expect: { posix: { outcome: 'both-ends', source: CONNECT } },
          lie: 'another-port',
        },
        'accept-gives-the-listener-a-peer': {
          claims: { T1: 'no-peer' },
          outcomes: ['no-peer', 'the-client'],
          outcome({ listener, listed }) {
            if (!listener) return 'other'
            if (isEndpoint(told<Names>(listener).peer)) return 'the-client'
            return listed.rows.some(({ state, peer }) => state === 'LISTEN' && !peer) ? 'no-peer' : 'other'
          },
          expect: { posix: { outcome: 'no-peer', source: ACCEPT } },
          lie: 'accept-takes-the-listener',
        },
        'two-ends-of-a-connection-mirror-each-other': {
          claims: { T2: 'mirrored', T3: 'mirrored' },
          outcomes: ['mirrored', 'different'],
          outcome({ connected, accepted }) {
            if (!accepted) return outcomeOf(connected, 'different')
            const [client, server] = [told(connected), told<Names>(accepted)]
            const isMirrored = areSame(client.own, server.peer) && areSame(client.peer, server.own)
            return isMirrored && isGiven(client.own) ? 'mirrored' : 'different'
          },
          expect: { posix: { outcome: 'mirrored', source: MIRROR } },
          lie: 'another-port',
        },
      },
    }),

    fourTuples: act({
      requires: ['ipv4-loopback', 'python'],
      async experiment({ start, said, ask, proceed, list, port, anotherPort }) {
        const [other, own] = [await anotherPort(), await anotherPort()]
        const server = await start('step-server.py', '127.0.0.1', port)
        await proceed(server)
        await proceed(await start('step-server.py', '127.0.0.1', other))
        const client = await start('step-client.py', '127.0.0.1', port, own)
        const first = await said(client, 'connect')
        const hear = async () => {
          const byName = await ask(client, `connect localhost ${port}`, 'connect')
          for (const _ of [first, byName]) await ask(server, 'accept', 'accept')
          await ask(client, 'write', 'write')
          return { byName, heard: await ask(server, 'read', 'read') }
        }
        const both = client.error ? null : await hear()
        const listed = await list('ss', { connections: true })
        const rival = await start('step-client.py', '127.0.0.1', other, own)
        const elsewhere = await said(rival, 'connect')
        const again = rival.error ? null : await ask(rival, `connect 127.0.0.1 ${port} ${own}`, 'connect')
        const againByName = again && (await ask(rival, `connect localhost ${port} ${own}`, 'connect'))
        return { port, other, own, first, both, listed, elsewhere, again, againByName }
      },
      checks: {
        'sockets-of-one-port-differ-in-their-peers': {
          claims: { H3: 'in-the-peer', T4: 'in-the-peer' },
          outcomes: ['in-the-peer', 'in-the-port', 'in-nothing'],
          outcome({ port, first, both, listed }) {
            if (!both) return outcomeOf(first, 'in-nothing')
            const names = told<Heard[]>(both.heard)
            if (names.some(({ own }) => !isEndpoint(own) || own.port !== port)) return 'in-the-port'
            const peers = new Set(names.map(({ peer }) => inWords(peer)))
            if (peers.size < names.length) return 'in-nothing'
            return connectionsOf(listed).length === names.length ? 'in-the-peer' : 'other'
          },
          expect: { posix: { outcome: 'in-the-peer', source: MIRROR } },
          lie: 'another-port',
        },
        'bytes-reach-the-socket-that-has-their-sender-as-its-peer': {
          claims: { T4: 'that-one' },
          outcomes: ['that-one', 'another-one'],
          outcome({ first, both }) {
            if (!both) return outcomeOf(first, 'another-one')
            const names = told<Heard[]>(both.heard)
            return names.every(({ peer, text }) => inWords(peer) === text) ? 'that-one' : 'another-one'
          },
          expect: { posix: { outcome: 'that-one', source: LOOKUP } },
          lie: 'another-port',
        },
        'server-learns-the-name-that-a-client-dialled': {
          claims: { T24: 'yes' },
          outcomes: ['no', 'yes'],
          outcome({ first, both }) {
            if (!both) return outcomeOf(first, 'no')
            const seen = told<Heard[]>(both.heard).map(({ own, peer }) => `${inWords(own)} ${hostOf(peer)}`)
            return seen.every((one) => one === seen[0]) ? 'no' : 'yes'
          },
          expect: { posix: { outcome: 'no', source: HEADERS } },
          lie: 'another-port',
        },
        'one-four-tuple-can-be-had-twice': {
          claims: { T4: REFUSED },
          outcomes: TWICE,
          outcome: ({ first, again }) => outcomeOf(again ?? first, 'connected'),
          expect: { linux: { outcome: 'EADDRNOTAVAIL', source: TAKEN } },
          lie: 'own-port-ignored',
        },
        'host-name-makes-it-another-connection': {
          claims: { T24: 'connected' },
          outcomes: TWICE,
          outcome({ port, first, both, againByName }) {
            const isSameServer = both && inWords(told(both.byName).peer) === `127.0.0.1:${port}`
            return isSameServer && againByName ? outcomeOf(againByName, 'connected') : outcomeOf(first, 'other')
          },
          expect: { linux: { outcome: 'EADDRNOTAVAIL', source: TAKEN } },
          lie: 'own-port-ignored',
        },
        'one-own-end-can-have-two-servers': {
          claims: { H3: 'connected' },
          outcomes: TWICE,
          outcome({ own, elsewhere }) {
            const { own: end } = told(elsewhere)
            return isEndpoint(end) && end.port === own ? outcomeOf(elsewhere, 'connected') : 'other'
          },
          expect: { linux: { outcome: 'connected', source: TAKEN } },
          lie: 'own-port-ignored',
        },
      },
    }),

    notConnected: act({
      requires: ['ipv4-loopback', 'python'],
      async experiment({ start, said, port }) {
        const receiver = await start('receiver', '127.0.0.1', port)
        const program = await start('unconnected.py', '127.0.0.1', port)
        const tcp = { fresh: await said(program, 'fresh'), listener: await said(program, 'listener') }
        return { receiver, ...tcp, udp: await said(program, 'udp') }
      },
      checks: {
        'tcp-socket-sends-and-receives-without-a-connection': {
          claims: { T23: 'neither' },
          outcomes: ['neither', 'both', 'one-of-the-two'],
          outcome: ({ fresh, listener }) => whatWorks(fresh, listener),
          expect: { posix: { outcome: 'neither', source: NOT_CONNECTED } },
          lie: 'connected-from-the-start',
        },
        'udp-socket-sends-and-receives-without-a-connection': {
          claims: { T23: 'neither' },
          outcomes: ['both', 'neither', 'one-of-the-two'],
          outcome: ({ udp }) => whatWorks(udp),
          expect: { posix: { outcome: 'both', source: UDP } },
          lie: 'datagrams-ignored',
        },
      },
    }),

    afterwards: act({
      network: 'own',
      requires: ['ipv4-loopback', 'python'],
      async experiment({ start, ask, port, anotherPort }) {
        await start('listener', '127.0.0.1', port)
        const live = async (...chosen: number[]) => {
          const program = await start('ended.py', '127.0.0.1', port, ...chosen)
          const ended = await ask(program, 'end', 'end')
          const rival = await ask(program, 'rival', 'rival')
          return { program, ended, rival, again: await ask(program, `bind ${await anotherPort()}`, 'bind') }
        }
        const chosen = await live(await anotherPort())
        const atOnce = await ask(chosen.program, 'connect', 'connect')
        const disconnected = await ask(chosen.program, 'disconnect', 'disconnect')
        const once = { atOnce, disconnected, more: await ask(chosen.program, 'connect', 'connect') }
        return { chosen, ...once, portZero: await live(0), unbound: await live() }
      },
      checks: {
        'port-that-a-program-chose-is-free-after-the-connection': {
          claims: { T15: 'free' },
          outcomes: ['free', 'kept'],
          outcome: ({ chosen }) => keeps(chosen),
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
        'ended-socket-connects-again-without-another-bind': {
          claims: { T15: 'never' },
          outcomes: ['after-a-disconnect', 'at-once', 'never'],
          outcome({ atOnce, more }) {
            if (told(atOnce).outcome === 'ok') return 'at-once'
            return told(more).outcome === 'ok' ? 'after-a-disconnect' : 'never'
          },
          expect: { linux: { outcome: 'after-a-disconnect', source: DISSOLVED } },
          lie: 'own-port-ignored',
        },
      },
    }),
  },
})
