/** Lab 30 on changed evidence: every outcome is reached, judged and told. */

import { expect, test } from 'vitest'

import type { Said } from '../../harness/domain/observation.ts'
import lab, { measured, quickest } from '../../labs/30-sockets-between-neighbours/lab.ts'
import { claimsIn, testOutcomes } from './outcomes.ts'

/** The times of the other way, as a multiple of those over TCP. */
const ratio = (said: Said, way: 'unix' | 'pipe', what: 'roundTrip' | 'oneWay', tcpTakes: number) => {
  const tcp = quickest(said, 'tcp', what)
  for (const round of measured(said).rounds) round[way][what] = tcp / tcpTakes
}

const bands = (way: 'unix' | 'pipe', what: 'roundTrip' | 'oneWay') => ({
  slower: [
    ({ times }: { times: Said }) => ratio(times, way, what, 1.16),
    ({ times }: { times: Said }) => ratio(times, way, what, 9),
  ],
  alike: [
    ({ times }: { times: Said }) => ratio(times, way, what, 1.1),
    ({ times }: { times: Said }) => ratio(times, way, what, 0.7),
  ],
  quicker: [
    ({ times }: { times: Said }) => ratio(times, way, what, 0.5),
    ({ times }: { times: Said }) => ratio(times, way, what, 0.01),
  ],
})

const answer = await testOutcomes(lab, {
  threeWays: {
    'same-bytes-arrive-over-tcp-a-unix-socket-and-a-pipe': {
      'not-all': [
        ({ times }) => measured(times).rounds.forEach(({ unix }) => (unix.whole = false)),
        ({ times }) => measured(times).rounds.forEach(({ tcp }) => (tcp.whole = false)),
      ],
      other: ({ listed }) => (listed.rows = listed.rows.filter(({ state }) => state !== 'ESTABLISHED')),
    },
    'round-trip-over-tcp-takes-longer-than-over-a-unix-socket': bands('unix', 'roundTrip'),
    'bytes-one-way-over-tcp-take-longer-than-over-a-unix-socket': bands('unix', 'oneWay'),
    'round-trip-over-tcp-takes-longer-than-through-pipes': bands('pipe', 'roundTrip'),
  },
})

test('of the rounds the quickest counts, and not the first, which looks at the bytes', () => {
  const round = (roundTrip: number) => ({ tcp: { roundTrip, oneWay: 1, whole: true } })
  const said = { value: { rounds: [1, 4, 2, 9].map(round) } } as unknown as Said
  expect(quickest(said, 'tcp', 'roundTrip')).toBe(2)
})

test('the claim of the document', () => {
  expect(claimsIn(answer('same-bytes-arrive-over-tcp-a-unix-socket-and-a-pipe'))).toEqual({ T21: true })
})
