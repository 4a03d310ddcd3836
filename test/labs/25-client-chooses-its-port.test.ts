/** Lab 25 on changed evidence: every outcome is reached, judged and told. */

import { describe, expect, test } from 'vitest'

import type { Sent, Started } from '../../harness/domain/observation.ts'
import lab from '../../labs/25-client-chooses-its-port/lab.ts'
import { drop, fail, queue, refuse, serve } from './changes.ts'
import { claimsIn, testOutcomes } from './outcomes.ts'

const connects = 'client-that-never-binds-is-connected'
const otherEnd = 'connect-gives-a-socket-the-address-of-the-server'
const ownPort = 'server-sees-the-port-that-the-client-chose'
const ownAddress = 'server-sees-the-address-that-the-client-chose'
const strangerReaches = 'stranger-reaches-a-connected-udp-socket'
const toldApartBy = 'kernel-tells-two-udp-sockets-of-one-port-apart-by'

/** This program got the datagram. */
const give = (sent: Sent, { program, pid }: Started) =>
  void Object.assign(sent, { outcome: 'received', receivedBy: { program, pid } })

const answer = await testOutcomes(lab, {
  neverBinds: {
    [connects]: {
      ECONNREFUSED: ({ client }) => fail(client, 'ECONNREFUSED'),
      other: ({ client }) => (client.outcome = 'bound'),
    },
    [otherEnd]: {
      'as-its-own': ({ listener, client }) => (client.local = listener.local),
      'not-at-all': ({ client }) =>
        client.rows.forEach((row) => Object.assign(row, { peer: { address: '127.0.0.1', port: 9 } })),
      ECONNREFUSED: ({ client }) => fail(client, 'ECONNREFUSED'),
      other: [({ listener }) => fail(listener, 'EADDRINUSE'), ({ client }) => (client.outcome = 'bound')],
    },
  },
  chooses: {
    [ownPort]: {
      'another-port': ({ fromPort }) => Object.assign(fromPort.seenByServer?.peer ?? {}, { port: 50_123 }),
      ECONNREFUSED: ({ fromPort }) => refuse(fromPort),
      EADDRINUSE: ({ fromPort }) => refuse(fromPort, 'EADDRINUSE'),
      other: [({ fromPort }) => refuse(fromPort, 'timed-out'), ({ fromPort }) => queue(fromPort)],
    },
    [ownAddress]: {
      'another-address': [
        ({ fromBoth }) => Object.assign(fromBoth?.seenByServer?.peer ?? {}, { address: '127.0.0.1' }),
        ({ fromBoth }) => Object.assign(fromBoth?.seenByServer?.peer ?? {}, { port: 50_123 }),
      ],
      ECONNREFUSED: ({ fromBoth }) => fromBoth && refuse(fromBoth),
      EADDRNOTAVAIL: ({ fromBoth }) => fromBoth && refuse(fromBoth, 'EADDRNOTAVAIL'),
      other: [
        ({ fromBoth }) => fromBoth && refuse(fromBoth, 'timed-out'),
        ({ fromBoth }) => fromBoth && queue(fromBoth),
        (evidence) => (evidence.fromBoth = null),
      ],
    },
  },
  takenPort: {
    'client-chooses-a-port-where-a-listener-is': {
      connected: ({ client }) => serve(client, 'listener'),
      ECONNREFUSED: ({ client }) => refuse(client),
      'timed-out': ({ client }) => refuse(client, 'timed-out'),
      other: ({ holder }) => fail(holder, 'EADDRINUSE'),
    },
  },
  sharedPort: {
    [strangerReaches]: {
      received: ({ client, alone }) => give(alone, client),
      silent: ({ alone }) => drop(alone, 'silent'),
      EHOSTUNREACH: ({ alone }) => drop(alone, 'EHOSTUNREACH'),
      other: ({ client }) => fail(client, 'EADDRINUSE'),
    },
    [toldApartBy]: {
      'last-bound': ({ server, fromPeer }) => give(fromPeer, server),
      'first-bound': ({ client, fromStranger }) => give(fromStranger, client),
      EADDRINUSE: ({ server }) => fail(server, 'EADDRINUSE'),
      EACCES: ({ server }) => fail(server, 'EACCES'),
      other: [
        ({ client }) => fail(client, 'EADDRINUSE'),
        ({ fromPeer }) => drop(fromPeer),
        ({ fromPeer, fromStranger }) => [fromPeer, fromStranger].forEach((sent) => drop(sent, 'silent')),
        ({ client, server, fromPeer, fromStranger }) => {
          give(fromPeer, server)
          give(fromStranger, client)
        },
      ],
    },
  },
})

describe('claims', () => {
  test('tuple is right that a client may choose, and that it need not', () => {
    expect([connects, ownPort, ownAddress].map((check) => claimsIn(answer(check as typeof connects)))).toEqual([
      { T16: true },
      { T16: true },
      { T16: true },
    ])
  })

  test('tuple is right about the address of the server, and leaves out that of the client', () => {
    expect(claimsIn(answer(otherEnd))).toEqual({ T17: true })
    expect(answer(otherEnd).why).toContain('which tuple leaves out')
    const elsewhere = { peer: { address: '127.0.0.1', port: 9 } }
    const lost = answer(otherEnd, ({ client }) => client.rows.forEach((row) => Object.assign(row, elsewhere)))
    expect(claimsIn(lost)).toEqual({ T17: false })
  })
})

test('tuple is right that the four-tuple decides', () => {
  expect(claimsIn(answer(toldApartBy))).toEqual({ T4: true })
  expect(claimsIn(answer(toldApartBy, ({ server, fromPeer }) => give(fromPeer, server)))).toEqual({ T4: false })
})

test('what was seen names the port that was chosen', () => {
  const { seen } = answer(ownPort)
  expect(seen).toMatch(/^The client chose port (\d+)\. listener \(process \d+\) .* as 127\.0\.0\.1:\1\.$/)
})
