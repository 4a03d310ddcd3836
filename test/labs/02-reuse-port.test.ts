/** Lab 02 on changed evidence: every outcome is reached, judged and told. */

import { describe, expect, test } from 'vitest'

import type { Started } from '../../harness/domain/observation.ts'
import lab from '../../labs/02-reuse-port/lab.ts'
import { fail, listen, queue, refuse, serve, show } from './changes.ts'
import { row, tally } from './evidence.ts'
import { claimsIn, testOutcomes } from './outcomes.ts'

const canSet = 'system-lets-node-set-reuseport'
const oneHasIt = 'listeners-share-when-only-one-has-reuseport'
const starts = 'second-listener-starts-with-reuseport-on-both'
const rows = 'listing-shows-each-member-of-a-reuseport-group'
const theOther = 'second-client-ends-the-other-server'
const third = 'third-client-reaches-a-server-after-both-have-ended'

const heldBy = (...pids: number[]) =>
  row({
    local: { address: '127.0.0.1', port: 8080 },
    holders: pids.map((pid) => ({ pid, command: 'server3', fd: 20 })),
  })
const another: Pick<Started, 'program' | 'pid'> = { program: 'server3', pid: 4999 }

const answer = await testOutcomes(lab, {
  withoutOption: {
    'second-listener-starts-without-reuseport': {
      listening: ({ second }) => listen(second),
    },
    [canSet]: {
      ENOTSUP: ({ withOption }) => fail(withOption, 'ENOTSUP'),
      EACCES: ({ withOption }) => fail(withOption, 'EACCES'),
    },
  },
  onlyOne: {
    [oneHasIt]: {
      listening: ({ server3Second, server1Second }) => [server3Second, server1Second].forEach((one) => listen(one)),
      'one-order-only': [({ server1Second }) => listen(server1Second), ({ server3Second }) => listen(server3Second)],
    },
  },
  both: {
    [starts]: {
      EADDRINUSE: ({ secondStart }) => fail(secondStart, 'EADDRINUSE'),
    },
    [rows]: {
      'one-row': ({ listed }) => show(listed, [heldBy(51)]),
      'one-shared-row': ({ listed }) => show(listed, [heldBy(51, 52)]),
      other: [
        ({ listed }) => show(listed, []),
        ({ listed }) =>
          show(
            listed,
            [51, 52, 53].map((pid) => heldBy(pid)),
          ),
      ],
    },
    [theOther]: {
      'the-other': ({ first, second }) => {
        const { servedBy } = first
        first.servedBy = second.servedBy
        second.servedBy = servedBy
      },
      'the-same': ({ first, second }) => serve(second, first.servedBy ?? another),
      ECONNREFUSED: ({ second }) => refuse(second),
      other: [({ second }) => queue(second), ({ first }) => refuse(first)],
    },
    [third]: {
      connected: [({ third: client }) => queue(client), ({ third: client }) => serve(client, another)],
      'timed-out': ({ third: client }) => refuse(client, 'timed-out'),
    },
  },
  manyClients: {
    'connections-reach-every-member-of-a-reuseport-group': {
      'every-member': (evidence) => (evidence.tally = tally({ a: 80, b: 90, c: 70 })),
      'some-members': (evidence) => (evidence.tally = tally({ a: 120, b: 120 })),
      'one-member': (evidence) => (evidence.tally = tally({ a: 240 })),
    },
  },
  anotherUser: {
    'another-user-joins-a-reuseport-group': {
      listening: ({ other }) => listen(other),
    },
  },
})

describe('claims', () => {
  test('those of harbour and tuple are refuted, those of cafe hold', () => {
    expect(claimsIn(answer(starts))).toEqual({ C7: true, C19: true, H2: false, T4: false })
    expect(claimsIn(answer(rows))).toEqual({ C7: true })
    expect(claimsIn(answer(theOther))).toEqual({ C8: true })
    expect(claimsIn(answer(third))).toEqual({})
  })

  test('what cafe says of lsof is tested by lsof only, what tuple says of the kernel by any listing', () => {
    const byKernel = ({ listed }: { listed: { source: string } }) => Object.assign(listed, { source: 'proc' })
    expect(claimsIn(answer(rows, byKernel))).toEqual({ C7: null })
    expect(claimsIn(answer(starts, byKernel))).toMatchObject({ T4: false })
  })
})

describe('the words', () => {
  test("a listing is named as in a sentence: a tool, or the kernel's tables", () => {
    const seenIn = (source: string) => answer(rows, ({ listed }) => Object.assign(listed, { source })).seen
    expect(seenIn('lsof')).toMatch(/^In lsof there are two rows, held by server3/)
    expect(seenIn('proc')).toMatch(/^In the kernel's tables there are two rows, held by server3/)
  })

  test('a client is connected, refused, or gets no answer', () => {
    expect(answer(theOther).seen).toMatch(/The second client was served by server3 \(process \d+\)\.$/)
    expect(answer(theOther, ({ second }) => refuse(second)).seen).toMatch(
      /The second client was refused: ECONNREFUSED\.$/,
    )
    expect(answer(third, ({ third: client }) => queue(client)).seen).toBe(
      'The third client was connected, though no program has accepted it.',
    )
    expect(answer(third, ({ third: client }) => refuse(client, 'timed-out')).why).toMatch(/^Nothing answered\./)
  })
})

test('listings that disagree decide nothing', () => {
  const doubted = answer(rows, ({ listed }) => listed.disagreements.push('ss shows 1, lsof shows 2.'))
  expect(doubted).toMatchObject({ verdict: 'inconclusive', observed: null })
})

describe('elsewhere', () => {
  test.each(['darwin', 'netbsd', 'openbsd', 'win32'])('%s is expected to answer ENOTSUP', (os) => {
    expect(answer(canSet, ({ withOption }) => fail(withOption, 'ENOTSUP'), os).verdict).toBe('pass')
    expect(answer(canSet, undefined, os).verdict).toBe('fail')
  })

  test("FreeBSD's expectations rest on its own option", () => {
    expect(answer(starts, undefined, 'freebsd').expected?.source).toContain('SO_REUSEPORT_LB')
    expect(answer(starts).expected?.source).toContain('socket(7)')
  })

  test('no source says what FreeBSD does with one option on two sockets: noted', () => {
    expect(answer(oneHasIt, undefined, 'freebsd')).toMatchObject({ verdict: 'noted', expected: null })
  })
})
