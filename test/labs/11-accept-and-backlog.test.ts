/** Lab 11 on changed evidence: every outcome is reached, judged and told. */

import { expect, test } from 'vitest'

import type { Listed, Started } from '../../harness/domain/observation.ts'
import lab from '../../labs/11-accept-and-backlog/lab.ts'
import { drop, fail, refuse, serve } from './changes.ts'
import { claimsIn, testOutcomes } from './outcomes.ts'

const every = (listed: Listed) => [listed, ...listed.others].flatMap(({ rows }) => rows)

const queue = (listed: Listed, length: number | null) => {
  for (const row of every(listed)) if (row.state === 'LISTEN') row.receiveQueue = length
}

const withoutConnections = (listed: Listed) => {
  for (const one of [listed, ...listed.others]) one.rows = one.rows.filter(({ state }) => state !== 'ESTABLISHED')
}

const holdConnections = (listed: Listed, { pid }: Pick<Started, 'pid'>) => {
  for (const row of every(listed)) {
    if (row.state === 'ESTABLISHED') row.holders = [{ pid, command: 'backlog', fd: 22 }]
  }
}

const nameNobody = (listed: Listed) => {
  for (const row of every(listed)) row.holders = []
}

const anotherPort = (listed: Listed) => {
  for (const row of every(listed)) if (row.state === 'ESTABLISHED') row.local.port += 1
}

const twice = (listed: Listed) => {
  for (const one of [listed, ...listed.others])
    one.rows = [...one.rows, ...one.rows.filter((row) => row.protocol === 'udp')]
}

type Backlog = Awaited<ReturnType<(typeof lab)['acts']['backlog']['experiment']>>

const waits = ({ connected, listed }: Backlog, inQueue: number, clients = inQueue) => {
  if (connected) Object.assign(connected, { value: clients })
  queue(listed, inQueue)
}

const answer = await testOutcomes(lab, {
  notYetAccepted: {
    'client-is-connected-before-the-server-accepts': {
      ECONNREFUSED: ({ client }) => fail(client, 'ECONNREFUSED'),
      'timed-out': ({ client }) => Object.assign(client, { outcome: 'timed-out' }),
      ETIMEDOUT: ({ client }) => fail(client, 'ETIMEDOUT'),
      other: ({ before }) => queue(before, 0),
    },
    'connection-that-waits-belongs-to-a-process': {
      'the-server': ({ before, server }) => holdConnections(before, server),
      other: [
        ({ before }) => withoutConnections(before),
        ({ before }) => holdConnections(before, { pid: 4999 }),
        ({ before }) => nameNobody(before),
      ],
    },
    'queue-column-of-a-listener-counts-the-connections-that-wait': {
      'always-none': ({ before }) => queue(before, 0),
      'no-column': [({ before }) => queue(before, null), ({ after }) => queue(after, null)],
      other: ({ after }) => queue(after, 1),
    },
    'accepted-socket-has-the-listeners-port-and-one-client': {
      'another-port': ({ after }) => anotherPort(after),
      other: [
        (evidence) => void (evidence.accepted = null),
        ({ after }) => withoutConnections(after),
        ({ after }) => holdConnections(after, { pid: 4999 }),
      ],
    },
  },
  backlog: {
    'as-many-connections-wait-as-the-backlog-says': {
      'as-many': (evidence) => waits(evidence, 5),
      fewer: (evidence) => waits(evidence, 3),
      all: [(evidence) => waits(evidence, 8), ({ oneMore }) => serve(oneMore, 'backlog')],
      other: [
        (evidence) => waits(evidence, 6, 5),
        (evidence) => void (evidence.connected = null),
        ({ listed }) => queue(listed, null),
      ],
    },
    'client-of-a-full-accept-queue-is-refused': {
      connected: ({ oneMore }) => serve(oneMore, 'backlog'),
      ECONNREFUSED: ({ oneMore }) => refuse(oneMore),
      other: ({ listed }) => queue(listed, 0),
    },
  },
  handedOver: {
    'each-tcp-client-gets-a-socket-of-its-own': {
      'the-listener-only': ({ listed }) => withoutConnections(listed),
      other: ({ clients }) => clients.slice(0, 1).forEach((client) => fail(client, 'ECONNREFUSED')),
    },
    'each-udp-client-gets-a-socket-of-its-own': {
      'a-socket-each': ({ listed }) => twice(listed),
      other: ({ datagrams }) => datagrams.slice(0, 1).forEach((sent) => drop(sent)),
    },
  },
})

test("the system's own limit caps the backlog", () => {
  const capped = answer('as-many-connections-wait-as-the-backlog-says', (evidence) => {
    Object.assign(evidence.limit, { value: 3 })
    waits(evidence, 4)
  })
  expect(capped).toMatchObject({ observed: 'one-more', verdict: 'pass' })
  expect(capped.seen).toContain('With a backlog of 3 the queue of the LISTEN row counts 4')
})

test('the claims of the documents', () => {
  expect(claimsIn(answer('client-is-connected-before-the-server-accepts'))).toEqual({ T18: false })
  expect(claimsIn(answer('as-many-connections-wait-as-the-backlog-says'))).toEqual({ Q11: false })
})
