/** Lab 21 on changed evidence: every outcome is reached, judged and told. */

import { expect, test } from 'vitest'

import type { Endpoint } from '../../harness/domain/endpoint.ts'
import type { Listed, Said } from '../../harness/domain/observation.ts'
import lab from '../../labs/21-phantom-port/lab.ts'
import { openFor, ownEnd, rowOf } from '../../labs/21-phantom-port/rows.ts'
import { fail, show } from './changes.ts'
import { row } from './evidence.ts'
import { claimsIn, testOutcomes } from './outcomes.ts'

const peer = (client: Said, listed: Listed, to: Endpoint | null) => {
  const found = rowOf(client, listed)
  if (found) found.peer = to
}

const hold = (client: Said, listed: Listed, pids: number[]) => {
  const found = rowOf(client, listed)
  if (found) found.holders = pids.map((pid) => ({ pid, command: 'sleep', fd: 3 }))
}

/** Another program has got the number that the client has given back. */
const takeAgain = (client: Said, listed: Listed) => {
  const holders = [{ pid: 7, command: 'other', fd: 3 }]
  show(listed, [row({ protocol: 'udp', local: ownEnd(client), inode: 1, holders })])
}

const openAt = (said: Said, ...found: { port: number; from: number }[]) => Object.assign(said, { value: found })

const answer = await testOutcomes(lab, {
  question: {
    'unbound-udp-client-is-listed-like-a-server': {
      'with-its-peer': ({ sent, during }) => peer(sent, during, { address: '127.0.0.1', port: 8080 }),
      'not-listed': ({ during }) => show(during, []),
    },
    'connected-udp-client-is-listed-like-a-server': {
      'like-a-server': ({ connected, duringOther }) => peer(connected, duringOther, null),
      'not-listed': ({ duringOther }) => show(duringOther, []),
    },
    'listing-names-the-program-of-a-udp-client': {
      'more-than-one': ({ sent, during }) => hold(sent, during, [sent.pid, 7]),
      nobody: [({ sent, during }) => hold(sent, during, []), ({ during }) => show(during, [])],
      other: ({ sent, during }) => hold(sent, during, [7]),
    },
    'udp-port-is-gone-when-its-client-has-ended': {
      gone: ({ sent, after }) => takeAgain(sent, after),
      'still-there': ({ during, after }) => show(after, structuredClone(during.rows)),
      other: ({ during }) => show(during, []),
    },
    'port-of-an-unbound-udp-client-is-one-for-clients': {
      another: (evidence) => (evidence.ephemeralRange = [1024, 2048]),
      other: [({ during }) => show(during, []), (evidence) => (evidence.ephemeralRange = null)],
    },
  },
  meetsItself: {
    'scanner-finds-a-port-open-where-nobody-listens': {
      none: ({ after }) => openAt(after),
      'from-another-port': ({ after }) => openAt(after, { port: 8080, from: 8080 }, { port: 8082, from: 8081 }),
      other: [({ listed }) => listed.rows.push(row()), ({ before, after }) => openAt(before, ...openFor(after))],
    },
    'client-connects-to-its-own-port': {
      ECONNREFUSED: ({ client }) => fail(client, 'ECONNREFUSED'),
      'connected-to-another': ({ listed }) => {
        for (const one of listed.rows) one.peer = { address: '127.0.0.1', port: 1 }
      },
    },
    'connection-of-a-client-with-itself-has-two-rows': {
      'two-rows': ({ listed }) => listed.rows.push(...structuredClone(listed.rows)),
      'no-row': ({ listed }) => show(listed, []),
      other: ({ listed }) => listed.rows.push(row()),
    },
  },
})

test('the exercise of the document', () => {
  expect(claimsIn(answer('udp-port-is-gone-when-its-client-has-ended'))).toEqual({ N9: true })
  expect(claimsIn(answer('scanner-finds-a-port-open-where-nobody-listens'))).toEqual({ N9: true })
})
