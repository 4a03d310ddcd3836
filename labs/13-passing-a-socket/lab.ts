/** Can a process pass an open socket to another one, to its child and to a process that it has nothing to do with? */

import { act, defineLab } from '../../harness/lab.ts'
import { HELD, holds, SERVED, whoHolds, whoServed } from './sides.ts'

const LINUX = 'unix(7), SCM_RIGHTS: the passed descriptor refers to the same open file description'
const OTHERS = 'unix(4) of macOS and the BSDs, SCM_RIGHTS: the received descriptor is a duplicate, as of dup(2)'

const PASSED = {
  linux: { outcome: 'the-receiver', source: LINUX },
  posix: { outcome: 'the-receiver', source: OTHERS },
} as const
const BOTH = { linux: { outcome: 'both', source: LINUX }, posix: { outcome: 'both', source: OTHERS } } as const
const STILL = {
  linux: { outcome: 'the-receiver', source: `${LINUX}; close(2)` },
  posix: { outcome: 'the-receiver', source: `${OTHERS}; POSIX close` },
} as const

export default defineLab({
  id: '13-passing-a-socket',
  acts: {
    toAChild: act({
      requires: ['ipv4-loopback'],
      async experiment({ start, connect, ask, list, port }) {
        const sender = await start('hand-over', '127.0.0.1', port)
        const connection = await connect('127.0.0.1')
        const receiver = await ask(sender, 'pass', 'passed')
        const listed = await list('lsof')
        const closed = await ask(sender, 'close', 'closed')
        const afterwards = await list('lsof')
        return { sender, receiver, connection, listed, closed, afterwards, late: await connect('127.0.0.1') }
      },
      checks: {
        'child-serves-a-connection-that-its-parent-accepted': {
          claims: { T7: 'the-receiver' },
          outcomes: SERVED,
          outcome: ({ sender, receiver, connection }) => whoServed(connection, { sender, receiver }),
          expect: PASSED,
          lie: 'another-socket-passed',
        },
        'listing-shows-parent-and-child-on-a-passed-listener': {
          claims: { T7: 'both', H2: ['sender-only', 'receiver-only'] },
          outcomes: HELD,
          outcome: ({ sender, receiver, listed }) => whoHolds(listed, { sender, receiver }),
          expect: BOTH,
          lie: 'another-socket-passed',
        },
        'child-serves-when-the-parent-has-closed-the-listener': {
          claims: { T7: 'the-receiver' },
          outcomes: SERVED,
          outcome: ({ sender, receiver, afterwards, late }) =>
            holds(afterwards, sender) ? 'other' : whoServed(late, { sender, receiver }),
          expect: STILL,
          lie: 'another-socket-passed',
        },
      },
    }),

    toAStranger: act({
      requires: ['ipv4-loopback', 'python', 'proc'],
      async experiment({ start, said, connect, list, kill, port }) {
        const sender = await start('giver.py', '127.0.0.1', port)
        const receiver = await start('taker.py', '127.0.0.1', port)
        const parents = [await said(sender, 'parent'), await said(receiver, 'parent')]
        const listed = await list('lsof')
        const connection = await connect('127.0.0.1')
        await kill(sender)
        const afterwards = await list('lsof')
        return { sender, receiver, parents, listed, connection, afterwards, late: await connect('127.0.0.1') }
      },
      checks: {
        'listing-shows-two-unrelated-processes-on-a-passed-listener': {
          claims: { T7: 'both', H2: ['sender-only', 'receiver-only'] },
          outcomes: HELD,
          outcome: ({ sender, receiver, listed }) => whoHolds(listed, { sender, receiver }),
          expect: BOTH,
          lie: 'another-socket-passed',
        },
        'unrelated-process-serves-a-connection-that-another-accepted': {
          claims: { T7: 'the-receiver' },
          outcomes: SERVED,
          outcome: ({ sender, receiver, connection }) => whoServed(connection, { sender, receiver }),
          expect: PASSED,
          lie: 'another-socket-passed',
        },
        'receiver-serves-when-the-sender-has-been-killed': {
          claims: { T7: 'the-receiver' },
          outcomes: SERVED,
          outcome: ({ sender, receiver, late }) => whoServed(late, { sender, receiver }),
          expect: STILL,
          lie: 'another-socket-passed',
        },
      },
    }),
  },
})
