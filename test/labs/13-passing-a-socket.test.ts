/** Lab 13 on changed evidence: every answer that its checks can read off, and the words for it. */

import { describe, expect, test } from 'vitest'

import type { Connected, Listed } from '../../harness/domain/observation.ts'
import lab from '../../labs/13-passing-a-socket/lab.ts'
import { queue, refuse, serve, show } from './changes.ts'
import { row } from './evidence.ts'
import { claimsIn, testOutcomes } from './outcomes.ts'

type Process = { pid: number; program: string }

const heldBy = (...programs: Process[]) =>
  row({
    local: { address: '127.0.0.1', port: 8080 },
    holders: programs.map(({ pid, program }) => ({ pid, command: program, fd: 3 })),
  })

type Clients = { sender: Process; connection: Connected; late: Connected }

/** Every outcome of a check about who served a client. */
const whoServed = (client: 'connection' | 'late') => ({
  'the-sender': (evidence: Clients) => serve(evidence[client], evidence.sender),
  nobody: (evidence: Clients) => queue(evidence[client]),
  ECONNREFUSED: (evidence: Clients) => refuse(evidence[client]),
  'timed-out': (evidence: Clients) => refuse(evidence[client], 'timed-out'),
  other: (evidence: Clients) => serve(evidence[client], 'another'),
})

type Listing = { sender: Process; receiver: Process; listed: Listed }

/** Every outcome of a check about who holds the listener. */
const whoHolds = {
  'sender-only': ({ sender, listed }: Listing) => show(listed, [heldBy(sender)]),
  'receiver-only': ({ receiver, listed }: Listing) => show(listed, [heldBy(receiver)]),
  'two-sockets': ({ sender, receiver, listed }: Listing) => show(listed, [heldBy(sender), heldBy(receiver)]),
  other: [({ listed }: Listing) => show(listed, []), ({ listed }: Listing) => show(listed, [row()])],
}

const answer = await testOutcomes(lab, {
  toAChild: {
    'child-serves-a-connection-that-its-parent-accepted': whoServed('connection'),
    'listing-shows-parent-and-child-on-a-passed-listener': whoHolds,
    'child-serves-when-the-parent-has-closed-the-listener': {
      ...whoServed('late'),
      other: ({ sender, afterwards }) => show(afterwards, [heldBy(sender)]), // it was never closed
    },
  },
  toAStranger: {
    'listing-shows-two-unrelated-processes-on-a-passed-listener': whoHolds,
    'unrelated-process-serves-a-connection-that-another-accepted': whoServed('connection'),
    'receiver-serves-when-the-sender-has-been-killed': whoServed('late'),
  },
})

const unrelated = 'unrelated-process-serves-a-connection-that-another-accepted'
const onOne = 'listing-shows-two-unrelated-processes-on-a-passed-listener'

describe('claims', () => {
  test('T7 holds where the receiver answers, and not where the sender does', () => {
    expect(claimsIn(answer(unrelated))).toEqual({ T7: true })
    expect(claimsIn(answer(unrelated, ({ connection, sender }) => serve(connection, sender)))).toEqual({ T7: false })
  })

  test('H2 does not hold where two processes have one socket', () => {
    expect(claimsIn(answer(onOne))).toEqual({ T7: true, H2: false })
    expect(claimsIn(answer(onOne, whoHolds['sender-only']))).toEqual({ T7: false, H2: true })
  })
})

describe('the words', () => {
  test('who accepted and who answered are told apart', () => {
    expect(answer(unrelated).seen).toMatch(/was accepted by process (\d+)\. It heard: taker, process (?!\1)\d+\.$/)
  })

  test('both programs have the same parent, which is neither of them', () => {
    expect(answer(onOne).seen).toMatch(
      /parent of process \d+ is process (\d+)\. The parent of process \d+ is process \1\.$/,
    )
  })
})
