/** Lab 20 on changed evidence: every outcome is reached, judged and told. */

import { expect, test } from 'vitest'

import type { Sent } from '../../harness/domain/observation.ts'
import lab from '../../labs/20-filtered/lab.ts'
import { drop, refuse, say, serve, show } from './changes.ts'
import { claimsIn, testOutcomes } from './outcomes.ts'

const receive = (sent: Sent) => {
  const receivedBy = { program: 'tcp-and-udp', pid: 4900 }
  Object.assign(sent, { outcome: 'received', heard: 'tcp-and-udp, process 4900\n', receivedBy })
}

const answer = await testOutcomes(lab, {
  dropped: {
    'client-whose-packets-are-dropped-hears-nothing': {
      connected: ({ filtered }) => serve(filtered, 'tcp-and-udp'),
      ECONNREFUSED: ({ filtered }) => refuse(filtered),
      EHOSTUNREACH: ({ filtered }) => refuse(filtered, 'EHOSTUNREACH'),
      other: ({ before }) => refuse(before), // no server was there to be filtered
    },
    'sender-whose-datagrams-are-dropped-hears-nothing': {
      received: ({ filteredUdp }) => receive(filteredUdp),
      ECONNREFUSED: ({ filteredUdp }) => drop(filteredUdp),
      other: ({ before }) => refuse(before),
    },
    'closed-port-beside-it-answers-at-once': {
      ignores: ({ closed, closedUdp }) => {
        refuse(closed, 'timed-out')
        drop(closedUdp, 'silent')
      },
      other: [({ closed }) => serve(closed, 'closed'), ({ closedUdp }) => drop(closedUdp, 'silent')],
    },
    'nmap-has-a-word-of-its-own-for-the-silent-port': {
      filtered: ({ scanned }) => say(scanned, 8080, { state: 'filtered' }),
      closed: ({ scanned }) => say(scanned, 8080, { state: 'closed' }),
      open: ({ scanned }) => say(scanned, 8080, { state: 'open' }),
      other: [
        ({ scanned }) => say(scanned, 8080, { state: 'unfiltered' }),
        (evidence) => void (evidence.scanned = null),
      ],
    },
    'filtered-port-is-still-listed-as-listening': {
      gone: ({ listed }) => show(listed, []),
      other: ({ filtered }) => serve(filtered, 'tcp-and-udp'),
    },
  },
  answered: {
    'client-that-a-filter-rejects-is-told-so': {
      ECONNREFUSED: ({ rejected }) => refuse(rejected),
      'timed-out': ({ rejected }) => refuse(rejected, 'timed-out'),
      connected: ({ rejected }) => serve(rejected, 'several-ports'),
      EACCES: ({ rejected }) => refuse(rejected, 'EACCES'),
    },
    'client-that-a-filter-resets-sees-a-closed-port': {
      'another-answer': [({ reset }) => refuse(reset, 'timed-out'), ({ reset }) => serve(reset, 'several-ports')],
      other: ({ listed }) => show(listed, []),
    },
    'route-of-type-unreachable-is-told-at-once': {
      ENETUNREACH: ({ unreachable }) => refuse(unreachable, 'ENETUNREACH'),
      ECONNREFUSED: ({ unreachable }) => refuse(unreachable),
      'timed-out': ({ unreachable }) => refuse(unreachable, 'timed-out'),
      EINVAL: ({ unreachable }) => refuse(unreachable, 'EINVAL'),
    },
    'route-of-type-blackhole-is-told-at-once': {
      ENETUNREACH: ({ blackhole }) => refuse(blackhole, 'ENETUNREACH'),
      EHOSTUNREACH: ({ blackhole }) => refuse(blackhole, 'EHOSTUNREACH'),
      'timed-out': ({ blackhole }) => refuse(blackhole, 'timed-out'),
      ECONNREFUSED: ({ blackhole }) => refuse(blackhole),
    },
    'address-without-a-route-is-told-at-once': {
      EHOSTUNREACH: ({ noRoute }) => refuse(noRoute, 'EHOSTUNREACH'),
      ECONNREFUSED: ({ noRoute }) => refuse(noRoute),
      'timed-out': ({ noRoute }) => refuse(noRoute, 'timed-out'),
      EINVAL: ({ noRoute }) => refuse(noRoute, 'EINVAL'),
    },
  },
})

test('the claims of the documents', () => {
  expect(claimsIn(answer('client-whose-packets-are-dropped-hears-nothing'))).toEqual({ H10: true })
  expect(claimsIn(answer('closed-port-beside-it-answers-at-once'))).toEqual({ Q8: false })
  expect(claimsIn(answer('filtered-port-is-still-listed-as-listening'))).toEqual({ H18: false })
})
