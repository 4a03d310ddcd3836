/** Lab 23 on changed evidence: every outcome is reached, judged and told. */

import { expect, test } from 'vitest'

import type { Listed, Ran, Said } from '../../harness/domain/observation.ts'
import { sentAgain } from '../../labs/23-lost-packets/counters.ts'
import lab from '../../labs/23-lost-packets/lab.ts'
import { claimsIn, testOutcomes } from './outcomes.ts'

const tell = (said: Said, value: Said['value']) => Object.assign(said, { value })

const ALL = Array.from({ length: 20 }, (_, index) => index + 1)

/** What the filter would have counted for one of its rules. */
const count = (counted: Ran, rule: string, packets: number) => {
  const recounted = (line: string) =>
    line.trim().startsWith(rule) ? line.replace(/counter packets \d+/, `counter packets ${packets}`) : line
  counted.printed = counted.printed.map(recounted)
}

/** nft says this where no rule was made. */
const withoutRules = (counted: Ran) =>
  Object.assign(counted, { exitCode: 1, printed: ['Error: No such file or directory'] })

const nothingSentAgain = (before: Ran, after: Ran) => {
  after.printed = [...before.printed]
}

const queue = ({ rows }: Listed, bytes: number) => rows.forEach((row) => (row.sendQueue = bytes))

const answer = await testOutcomes(lab, {
  everyFifth: {
    'tcp-delivers-everything-in-order': {
      holes: ({ overTcp }) => tell(overTcp, [1, 2, 4, 5]),
      'out-of-order': ({ overTcp }) => tell(overTcp, [2, 1, ...ALL.slice(2)]),
      other: [({ counted }) => count(counted, 'tcp dport', 0), ({ counted }) => withoutRules(counted)],
    },
    'tcp-sends-segments-again': {
      once: ({ before, after }) => nothingSentAgain(before, after),
      other: [({ counted }) => count(counted, 'tcp dport', 0), ({ after }) => void (after.printed = [])],
    },
    'udp-delivers-everything': {
      whole: ({ overUdp }) => tell(overUdp, ALL),
      other: [({ counted }) => count(counted, 'udp dport', 0), ({ counted }) => withoutRules(counted)],
    },
    'udp-sender-is-told-of-the-loss': {
      told: ({ sentOverUdp }) => tell(sentOverUdp, { messages: 20, errors: 4 }),
      other: [
        ({ sentOverUdp }) => tell(sentOverUdp, { messages: 16, errors: 0 }),
        ({ counted }) => count(counted, 'udp dport', 0),
      ],
    },
  },
  oneMessage: {
    'receiver-asks-before-the-sender-sends-again': {
      asks: ({ counted }) => count(counted, 'tcp sport', 1),
      other: [
        ({ news }) => tell(news, 'answered'),
        ({ counted }) => count(counted, 'tcp dport', 1),
        ({ counted }) => withoutRules(counted),
      ],
    },
    'tcp-sender-keeps-what-nobody-has-confirmed': {
      'not-at-all': ({ waiting }) => queue(waiting, 0),
      'for-ever': ({ confirmed }) => queue(confirmed, 300),
      other: [
        ({ waiting }) => void (waiting.rows = []),
        ({ confirmed }) => void (confirmed.rows = []),
        ({ overTcp }) => tell(overTcp, []),
        ({ counted }) => count(counted, 'tcp dport', 0),
      ],
    },
    'udp-sends-a-lost-datagram-again': {
      again: [({ overUdp }) => tell(overUdp, [1]), ({ counted }) => count(counted, 'udp dport', 2)],
      other: [({ counted }) => count(counted, 'udp dport', 0), ({ overTcp }) => tell(overTcp, [])],
    },
  },
})

test('the claims of the documents', () => {
  expect(claimsIn(answer('tcp-delivers-everything-in-order'))).toEqual({ T11: true })
  expect(claimsIn(answer('receiver-asks-before-the-sender-sends-again'))).toEqual({ H5: false })
})

test('a counter that the kernel does not print is no number', () => {
  expect(sentAgain({ command: '', exitCode: 1, printed: [], timedOut: false })).toBeNaN()
})
