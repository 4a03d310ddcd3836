/** Lab 12 on changed evidence: every answer that its checks can read off, and the words for it. */

import { describe, expect, test } from 'vitest'

import type { Listed, Said, Started } from '../../harness/domain/observation.ts'
import type { SocketRow } from '../../harness/domain/socket-row.ts'
import lab from '../../labs/12-processes-and-ports/lab.ts'
import { fail, listen, queue, refuse, serve, show } from './changes.ts'
import { row } from './evidence.ts'
import { claimsIn, testOutcomes } from './outcomes.ts'

const LOOPBACK = { address: '127.0.0.1', port: 8080 }

const heldBy = (...programs: (Pick<Started, 'pid'> | Said)[]) =>
  row({ local: LOOPBACK, holders: programs.map(({ pid }) => ({ pid, command: 'a', fd: 3 })) })

/** The server's end of the client's connection, with a process or without. */
const connection = ({ local }: Started, over: Partial<SocketRow>) => row({ local: LOOPBACK, peer: local, ...over })
const owned: Partial<SocketRow> = { state: 'ESTABLISHED', inode: 77, holders: [{ pid: 1, command: 'keeper', fd: 22 }] }

/** What only one of the listings shows. */
const showIn = (listed: Listed, source: string, rows: SocketRow[]) => {
  for (const one of [listed, ...listed.others]) if (one.source === source) one.rows = rows
}

const answer = await testOutcomes(lab, {
  severalPorts: {
    'one-process-serves-two-ports': {
      'two-processes': ({ second }) => serve(second, 'another'),
      'one-port-only': [({ first }) => refuse(first), ({ second }) => queue(second)],
      'no-port': ({ first, second }) => [first, second].forEach((client) => refuse(client)),
    },
  },
  inherited: {
    'listing-shows-parent-and-child-on-one-socket': {
      'two-sockets': ({ parent, child, both }) => show(both, [heldBy(parent), heldBy(child)]),
      'parent-only': ({ parent, both }) => show(both, [heldBy(parent)]),
      other: [({ child, both }) => show(both, [heldBy(child)]), ({ both }) => show(both, [])],
    },
    'port-is-free-when-the-parent-ends-before-the-child': {
      listening: ({ second }) => listen(second),
      EACCES: ({ second }) => fail(second, 'EACCES'),
    },
    'client-is-served-when-the-parent-ended-before-the-child': {
      'another-program': ({ client }) => serve(client, 'listener'),
      ECONNREFUSED: ({ client }) => refuse(client),
      'timed-out': ({ client }) => refuse(client, 'timed-out'),
      other: ({ client }) => queue(client),
    },
    'port-is-free-when-the-last-holder-has-closed-the-socket': {
      EADDRINUSE: ({ last }) => fail(last, 'EADDRINUSE'),
    },
  },
  threads: {
    'second-thread-accepts-on-the-descriptor-of-the-first': {
      'first-thread': ({ client, program }) => serve(client, program),
      nobody: [({ client }) => refuse(client), ({ client }) => queue(client)],
    },
    'listing-shows-two-threads-as-one-holder': {
      'two-holders': ({ program, listed }) => show(listed, [heldBy(program, { pid: 2 })]),
      'no-row': ({ listed }) => show(listed, []),
      other: [
        ({ listed }) => show(listed, [row()]),
        ({ listed }) =>
          show(
            listed,
            [1, 2, 3].map((pid) => heldBy({ pid })),
          ),
      ],
    },
    'client-is-served-when-one-thread-has-closed-the-descriptor': {
      connected: [({ late }) => queue(late), ({ late, program }) => serve(late, program)],
      'timed-out': ({ late }) => refuse(late, 'timed-out'),
      other: ({ client }) => refuse(client), // nobody ever listened: then nobody has closed anything
    },
  },
  rowsWithoutAProcess: {
    'connection-that-waits-for-accept-has-a-process': {
      'a-process': ({ client, waiting }) => show(waiting, [row(), connection(client, owned)]),
      'no-row': [
        ({ waiting }) => show(waiting, [row()]),
        ({ client, waiting }) => {
          fail(client, 'ECONNREFUSED')
          show(waiting, [])
        },
      ],
      other: ({ client, waiting }) => show(waiting, [connection(client, { ...owned, holders: [] })]),
    },
    'connection-in-time-wait-has-a-process': {
      'a-process': ({ client, over }) => show(over, [connection(client, owned)]),
      'no-row': ({ over }) => show(over, []),
      other: ({ client, over }) => show(over, [connection(client, { state: 'FIN-WAIT-2', inode: null })]),
    },
    'lsof-shows-a-connection-without-a-process': {
      'ss-only': ({ client, over }) => {
        showIn(over, 'ss', [connection(client, { state: 'TIME-WAIT' })])
        showIn(over, 'lsof', [])
      },
      both: ({ client, over }) => show(over, [connection(client, owned)]),
      neither: ({ over }) => show(over, []),
      other: ({ client, over }) => {
        showIn(over, 'ss', [])
        showIn(over, 'lsof', [connection(client, owned)])
      },
    },
  },
})

const shared = 'listing-shows-parent-and-child-on-one-socket'
const served = 'client-is-served-when-the-parent-ended-before-the-child'
const waits = 'connection-that-waits-for-accept-has-a-process'

describe('claims', () => {
  test('T6 holds and H2 does not where two processes have one socket', () => {
    expect(claimsIn(answer(shared))).toEqual({ T6: true, H2: false })
    const alone = answer(shared, ({ parent, both }) => show(both, [heldBy(parent)]))
    expect(claimsIn(alone)).toEqual({ T6: false, H2: true })
  })

  test('Q17 does not hold while the child has the socket, and would where the client is refused', () => {
    expect(claimsIn(answer('port-is-free-when-the-parent-ends-before-the-child'))).toEqual({ Q17: false })
    expect(claimsIn(answer(served))).toEqual({ T6: true, Q17: false })
    expect(claimsIn(answer(served, ({ client }) => refuse(client)))).toEqual({ T6: false, Q17: true })
  })

  test('T26 holds where a row has no process', () => {
    expect(claimsIn(answer(waits))).toEqual({ T26: true })
    const accepted = answer(waits, ({ client, waiting }) => show(waiting, [connection(client, owned)]))
    expect(claimsIn(accepted)).toEqual({ T26: false })
  })
})

describe('the words', () => {
  test('both holders are named with their descriptors', () => {
    expect(answer(shared).seen).toMatch(
      /there is one listening socket, held by parent \(process \d+, descriptor \d+\) and child \(process \d+, descriptor 3\)\.$/,
    )
  })

  test('what the clients heard tells who served', () => {
    expect(answer(served).seen).toMatch(
      /It heard: child, process \d+\. The client that came while the parent ran heard: parent, process \d+\.$/,
    )
  })

  test('a row without a process is told with its state and its missing inode', () => {
    expect(answer(waits).seen).toMatch(/has the state ESTABLISHED, no inode, and no process\.$/)
    expect(answer('connection-in-time-wait-has-a-process').seen).toMatch(/state TIME-WAIT, no inode, and no process\.$/)
  })

  test('what is known of Linux only is noted elsewhere', () => {
    expect(answer(waits, undefined, 'freebsd').verdict).toBe('noted')
    expect(answer(served, undefined, 'freebsd').verdict).toBe('pass')
  })
})
