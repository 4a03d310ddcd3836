/** Lab 17 on changed evidence: every answer that its checks can read off, and the words for it. */

import { expect, test } from 'vitest'

import type { Listed } from '../../harness/domain/observation.ts'
import type { SocketRow } from '../../harness/domain/socket-row.ts'
import lab from '../../labs/17-kernel-table/lab.ts'
import { claimsIn, testOutcomes } from './outcomes.ts'

type Bytes = Awaited<ReturnType<(typeof lab)['acts']['bytes']['experiment']>>

const every = (listed: Listed): SocketRow[] => [listed, ...listed.others].flatMap(({ rows }) => rows)

/** All listings of the first show what those of the second do. */
const copy = (listed: Listed, from: Listed) => Object.assign(listed, structuredClone(from))

const state = (listed: Listed, protocol: string, printed: string) => {
  for (const row of every(listed)) if (row.protocol === protocol) row.stateAsPrinted = printed
}

const queue = (listed: Listed, protocol: string, length: number | null) => {
  for (const row of every(listed)) if (row.protocol === protocol) row.receiveQueue = length
}

const empty = (listed: Listed) => {
  for (const one of [listed, ...listed.others]) Object.assign(one, { printed: [], rows: [] })
}

const reprint = (listed: Listed, from: RegExp, to: string) => {
  for (const one of [listed, ...listed.others]) one.printed = one.printed.map((line) => line.replace(from, to))
}

const unread = (evidence: Bytes) => void (evidence.read = null)

const answer = await testOutcomes(lab, {
  oneRow: {
    'state-byte-of-a-listener': {
      '01': ({ open }) => state(open, 'tcp', '01'),
      'no-row': [
        ({ open }) => empty(open),
        ({ open }) => every(open).forEach((row) => void (row.holders = [])), // somebody else's row
      ],
      other: ({ open }) => state(open, 'tcp', '06'),
    },
    'closed-port-has-a-row': {
      always: ({ before, open, after }) => {
        copy(before, open)
        copy(after, open)
      },
      before: ({ before, open }) => copy(before, open),
      after: ({ after, open }) => copy(after, open),
      other: ({ open }) => empty(open), // the server was never there
    },
  },
  bytes: {
    'address-is-written-in-the-byte-order-of': {
      'the-network': ({ full }) => reprint(full, /0100007F/, '7F000001'),
      other: [({ full }) => empty(full), ({ full }) => reprint(full, /0100007F/, '0200007F')],
    },
    'row-tells-whose-socket-it-is-by': {
      process: ({ full, numbers }) => reprint(full, / \d+ (\d \w{16})/, ` ${numbers.pid} $1`),
      neither: [
        ({ full }) => reprint(full, / \d+ (\d \w{16})/, ' 1 $1'),
        ({ numbers }) => void (numbers.value = { ...(numbers.value as object), user: 4711 }),
      ],
      other: ({ full }) => empty(full),
    },
    'receive-queue-of-a-tcp-connection-counts': {
      'more-than-the-bytes': ({ full }) => queue(full, 'tcp', 832),
      nothing: ({ full }) => queue(full, 'tcp', 0),
      other: [
        unread,
        ({ full }) => empty(full),
        ({ full }) => queue(full, 'tcp', 3),
        ({ full }) => queue(full, 'tcp', null),
        ({ after }) => queue(after, 'tcp', 7), // it stays there after it was read
      ],
    },
    'receive-queue-of-a-udp-socket-counts': {
      bytes: ({ full }) => queue(full, 'udp', 5),
      nothing: ({ full }) => queue(full, 'udp', 0),
      other: [unread, ({ after }) => queue(after, 'udp', 832), ({ full }) => queue(full, 'udp', 4)],
    },
    'connect-changes-the-state-byte-of-a-udp-socket': {
      'always-07': ({ after }) => state(after, 'udp', '07'),
      'always-0A': ({ full, after }) => {
        state(full, 'udp', '0A')
        state(after, 'udp', '0A')
      },
      other: [({ full }) => state(full, 'udp', '01'), ({ after }) => empty(after)],
    },
  },
})

test('on a big-endian machine the address comes out as it is sent', () => {
  const { observed, verdict } = answer('address-is-written-in-the-byte-order-of', ({ full, numbers }) => {
    reprint(full, /0100007F/, '7F000001')
    numbers.value = { ...(numbers.value as object), byteOrder: 'big' }
  })
  expect({ observed, verdict }).toEqual({ observed: 'the-machine', verdict: 'pass' })
})

test('the claims of the documents', () => {
  expect(claimsIn(answer('state-byte-of-a-listener'))).toEqual({ Q13: true, Q15: true })
  expect(claimsIn(answer('closed-port-has-a-row'))).toEqual({ Q13: false })
  expect(claimsIn(answer('receive-queue-of-a-udp-socket-counts'))).toEqual({ Q15: true })
  expect(claimsIn(answer('connect-changes-the-state-byte-of-a-udp-socket'))).toEqual({ Q14: false })
})
