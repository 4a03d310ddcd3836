/** Lab 08 on changed evidence: every answer that its checks can read off, and the words for it. */

import { describe, expect, test } from 'vitest'

import type { Started } from '../../harness/domain/observation.ts'
import lab from '../../labs/08-ephemeral-ports/lab.ts'
import { fail, listen, queue, refuse } from './changes.ts'
import { claimsIn, testOutcomes } from './outcomes.ts'

const on = (program: Started, port: number) => {
  program.local = { address: '127.0.0.1', port }
}

const client = 'client-can-get-any-port-from-1024-up'
const kind = 'port-that-the-system-chooses-is-a-dynamic-one'
const zero = 'listener-that-is-told-port-zero-listens-there'

const answer = await testOutcomes(lab, {
  twoClients: {
    [client]: {
      any: (evidence) => (evidence.ephemeralRange = [1024, 65_535]),
      'outside-its-range': [({ first }) => on(first, 2048), ({ second }) => on(second, 61_000)],
      'below-1024': ({ first, second }) => (on(first, 2048), on(second, 1023)),
      other: ({ second }) => fail(second, 'ECONNREFUSED'),
    },
    'connect-gives-a-socket-the-servers-address': {
      'as-its-own': ({ listener, first }) => on(first, listener.local?.port ?? 0),
      'not-connected': ({ first }) => fail(first, 'ECONNREFUSED'),
      other: ({ first }) => (first.rows = []),
    },
  },
  portZero: {
    [zero]: {
      'port-zero': ({ listener }) => on(listener, 0),
      'outside-its-range': ({ listener }) => on(listener, 2048),
      other: ({ listener }) => fail(listener, 'EACCES'),
    },
    [kind]: {
      dynamic: (evidence) => (on(evidence.listener, 49_152), (evidence.ephemeralRange = [49_152, 65_535])),
      'outside-its-range': [({ listener }) => on(listener, 2048), ({ listener }) => on(listener, 61_000)],
      other: ({ listener }) => fail(listener, 'EADDRINUSE'),
    },
  },
  tooLarge: {
    'node-listens-on-a-port-above-65535': {
      'refused-by-the-system': ({ inNode }) => fail(inNode, 'EACCES'),
      listening: ({ inNode }) => listen(inNode, '127.0.0.1'),
      other: ({ inNode }) => Object.assign(inNode, { outcome: 'bound', error: null }),
    },
    'port-above-65535-is-cut-to-its-low-16-bits-in-c': {
      'another-port': ({ inC }) => inC && on(inC, 40_001),
      other: (evidence) => (evidence.inC = null),
    },
  },
  highestPort: {
    'client-reaches-a-listener-on-port-65535': {
      connected: (evidence) => queue(evidence.client),
      ECONNREFUSED: (evidence) => refuse(evidence.client),
      'timed-out': (evidence) => refuse(evidence.client, 'timed-out'),
    },
  },
})

describe('claims', () => {
  test('Q5 and C3 hold for a port of the system, and for none that the client chose', () => {
    expect(claimsIn(answer(client))).toEqual({ Q5: true, C3: true })
    expect(claimsIn(answer(client, ({ first }) => on(first, 2048)))).toEqual({ Q5: false, C3: false })
    expect(claimsIn(answer(client, ({ first }) => on(first, 1023)))).toEqual({ Q5: false, C3: false })
  })

  test('Q6 holds at its upper end, and not for port 0', () => {
    expect(claimsIn(answer('node-listens-on-a-port-above-65535'))).toEqual({ Q6: true })
    expect(claimsIn(answer('client-reaches-a-listener-on-port-65535'))).toEqual({ Q6: true })
    expect(claimsIn(answer(zero))).toEqual({ Q6: false })
  })

  test('T9 does not hold for a range that begins below 49152, whatever port was chosen; T17 holds, and is told as a half', () => {
    expect(claimsIn(answer(kind))).toEqual({ T9: false })
    expect(claimsIn(answer(kind, ({ listener }) => on(listener, 55_555)))).toEqual({ T9: false })
    const moved = answer(kind, (evidence) => {
      on(evidence.listener, 49_152)
      evidence.ephemeralRange = [49_152, 65_535]
    })
    expect(claimsIn(moved)).toEqual({ T9: true })
    const both = answer('connect-gives-a-socket-the-servers-address')
    expect(claimsIn(both)).toEqual({ T17: true })
    expect(both.why).toMatch(/tuple says .* That is half of it/)
  })
})

describe('words', () => {
  test("both documents' ranges are told beside IANA's and this machine's", () => {
    expect(answer(client).why).toMatch(/dialogue says 1024 to 65535/)
    const { seen, why } = answer(kind, ({ listener }) => on(listener, 40_441))
    expect(why).toMatch(/0 to 1023.*1024 to 49151.*49152 to 65535.*32768 to 60999.*tuple counts 1024/)
    expect(seen).toMatch(/The range of this machine is \d+ to \d+\./)
  })

  test('the message of Node, a sentence of its own, ends in one full stop', () => {
    expect(answer('node-listens-on-a-port-above-65535').seen).toMatch(/Received type number \(\d+\)\. The error has/)
  })
})
