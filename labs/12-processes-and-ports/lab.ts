/** What do a process and a port have to do with each other? Several ports, several processes, threads, no process. */

import { act, defineLab, LISTEN, listenOutcome, whenClosed } from '../../harness/lab.ts'
import { howManyHolders, howShared, ownerOf, OWNERS, toolsThatShow } from './rows.ts'

const SHARED = 'POSIX fork: the descriptors of the child refer to the same open file descriptions'
const LAST_CLOSE = 'POSIX close: a socket is destroyed when its last descriptor is closed; POSIX bind'
const THREADS = 'POSIX, File Descriptor: a number of the process, whichever thread uses it'
const NO_FILE = 'Linux, sock_i_ino: 0 where no file belongs to it; accept(2)'
const TIME_WAIT = 'Linux net/ipv4/tcp_ipv4.c, get_timewait4_sock; RFC 9293, section 3.6.1'

export default defineLab({
  id: '12-processes-and-ports',
  acts: {
    severalPorts: act({
      requires: ['ipv4-loopback'],
      async experiment({ start, connect, anotherPort, port }) {
        const secondPort = await anotherPort()
        const program = await start('several-ports', '127.0.0.1', port, secondPort)
        const [first, second] = [await connect('127.0.0.1'), await connect('127.0.0.1', { port: secondPort })]
        return { program, first, second }
      },
      checks: {
        'one-process-serves-two-ports': {
          claims: { H1: 'one-process' },
          outcomes: ['one-process', 'two-processes', 'one-port-only', 'no-port'],
          outcome({ first, second }) {
            const served = [first, second].flatMap(({ servedBy }) => servedBy ?? [])
            if (served.length < 2) return served.length === 0 ? 'no-port' : 'one-port-only'
            return served[0]?.pid === served[1]?.pid ? 'one-process' : 'two-processes'
          },
          expect: { posix: { outcome: 'one-process', source: 'POSIX socket: each call makes a socket' } },
          lie: 'another-port',
        },
      },
    }),

    inherited: act({
      requires: ['ipv4-loopback', 'bound-socket'],
      async experiment({ start, connect, ask, list, kill, port }) {
        const parent = await start('parent-and-child', '127.0.0.1', port)
        const early = await connect('127.0.0.1')
        const child = await ask(parent, 'child', 'child')
        const both = await list('lsof')
        await kill(parent)
        const childAlone = await list('lsof')
        const second = await start('listener', '127.0.0.1', port)
        const client = await connect('127.0.0.1') // the child closes its descriptor before it answers
        const last = await start('listener', '127.0.0.1', port)
        return { parent, early, child, both, childAlone, second, client, last }
      },
      checks: {
        'listing-shows-parent-and-child-on-one-socket': {
          claims: { T6: 'one-socket', H2: 'parent-only' },
          outcomes: ['one-socket', 'two-sockets', 'parent-only'],
          outcome: ({ parent, child, both }) => howShared(both, parent, child),
          expect: { posix: { outcome: 'one-socket', source: SHARED } },
          lie: 'socket-not-inherited',
        },
        'port-is-free-when-the-parent-ends-before-the-child': {
          claims: { Q17: 'listening' },
          outcomes: LISTEN,
          outcome: ({ second }) => listenOutcome(second),
          expect: { posix: { outcome: 'EADDRINUSE', source: LAST_CLOSE } },
          lie: 'socket-not-inherited',
        },
        'client-is-served-when-the-parent-ended-before-the-child': {
          claims: { T6: 'the-child', Q17: ['ECONNREFUSED', 'another-program'] },
          outcomes: ['the-child', 'another-program', 'ECONNREFUSED', 'timed-out'],
          outcome({ child, client: { outcome, servedBy } }) {
            if (outcome !== 'connected') return outcome
            return !servedBy ? 'other' : servedBy.pid === child.pid ? 'the-child' : 'another-program'
          },
          expect: { posix: { outcome: 'the-child', source: SHARED } },
          lie: 'socket-not-inherited',
        },
        'port-is-free-when-the-last-holder-has-closed-the-socket': {
          outcomes: LISTEN,
          outcome: ({ last }) => listenOutcome(last),
          expect: { posix: { outcome: 'listening', source: LAST_CLOSE } },
          lie: 'socket-not-inherited',
        },
      },
    }),

    threads: act({
      requires: ['ipv4-loopback', 'bound-socket'],
      async experiment({ start, connect, ask, list, port }) {
        const program = await start('thread', '127.0.0.1', port)
        const client = await connect('127.0.0.1')
        const listed = await list('lsof')
        const closed = await ask(program, 'close', 'closed')
        return { program, client, listed, closed, late: await connect('127.0.0.1') }
      },
      checks: {
        'second-thread-accepts-on-the-descriptor-of-the-first': {
          claims: { T6: 'second-thread' },
          outcomes: ['second-thread', 'first-thread', 'nobody'],
          outcome: ({ client: { heard } }) =>
            heard === '' ? 'nobody' : /^thread [1-9]/.test(heard) ? 'second-thread' : 'first-thread',
          expect: { posix: { outcome: 'second-thread', source: THREADS } },
          lie: 'another-port',
        },
        'listing-shows-two-threads-as-one-holder': {
          outcomes: ['one-holder', 'two-holders', 'no-row'],
          outcome: ({ listed }) => howManyHolders(listed),
          expect: { posix: { outcome: 'one-holder', source: THREADS } },
          lie: 'child-keeps-socket',
        },
        'client-is-served-when-one-thread-has-closed-the-descriptor': {
          outcomes: ['ECONNREFUSED', 'connected', 'timed-out'],
          outcome: ({ client, late }) => (client.servedBy ? late.outcome : 'other'),
          expect: { posix: { outcome: 'ECONNREFUSED', source: `${THREADS}; POSIX close` } },
          lie: 'child-keeps-socket',
        },
      },
    }),

    rowsWithoutAProcess: act({
      // Its connections are kept in TIME-WAIT, whatever this machine is set to keep, and although resets may come late.
      network: 'own',
      requires: ['ipv4-loopback', 'proc'],
      async experiment({ run, start, pause, resume, said, list, kill, stop, port }) {
        await run('sh', '-c', 'echo 1 > /proc/sys/net/ipv4/tcp_rfc1337')
        const keeper = await start('keeper', '127.0.0.1', port)
        await pause(keeper)
        const client = await start('client', '127.0.0.1', port)
        const waiting = await list('ss', { port, connections: true })
        await resume(keeper)
        const kept = client.error ? null : await said(keeper, 'kept')
        await kill(keeper)
        await stop(client)
        return { keeper, client, waiting, kept, over: await whenClosed(() => list('ss', { port, connections: true })) }
      },
      checks: {
        'connection-that-waits-for-accept-has-a-process': {
          claims: { T26: 'no-process' },
          outcomes: OWNERS,
          outcome: ({ client, waiting }) => ownerOf(client, waiting, 'ESTABLISHED'),
          expect: { linux: { outcome: 'no-process', source: NO_FILE } },
          lie: 'another-port',
        },
        'connection-in-time-wait-has-a-process': {
          claims: { T26: 'no-process' },
          outcomes: OWNERS,
          outcome: ({ client, over }) => ownerOf(client, over, 'TIME-WAIT'),
          expect: { linux: { outcome: 'no-process', source: TIME_WAIT } },
          lie: 'another-port',
        },
        'lsof-shows-a-connection-without-a-process': {
          requires: ['lsof', 'ss'],
          outcomes: ['ss-only', 'both', 'neither'],
          outcome: ({ client, over }) => toolsThatShow(client, over),
          expect: { linux: { outcome: 'ss-only', source: 'lsof(8): files opened by processes; ss(8)' } },
          lie: 'another-port',
        },
      },
    }),
  },
})
