/**
 * Programs that know nothing of this harness stand in for the labs' own, through the whole grader: right ones pass, and
 * of wrong ones it is said what is wrong. A few of each; test/grade/class has all of them.
 */

import { beforeAll, describe, expect, test } from 'vitest'

import type { GradedSubmission } from '../../../harness/domain/graded.ts'
import { MISUNDERSTANDINGS } from './misunderstandings.ts'
import { expectMisunderstood, gradeKinds, kindNamed, skippedHere, whyNotGraded } from './misunderstood.ts'
import { whole } from './points.ts'
import type { Handed } from './programs.ts'
import { right, unusual, whyNotHere, wrong } from './programs.ts'
import type { Kind } from './generate.ts'
import { ITEMS } from './rubric.ts'

/** Those that end soon, one for each thing that is looked at: a socket, its address, its options, its client, its end. */
const SHORT = MISUNDERSTANDINGS.filter(({ name }) =>
  [
    'exits-before-a-client as server1',
    'waits-for-the-client as server1',
    'leaves-a-child as server1',
    'sees-the-grader as server1',
    'tcp-for-udp as server2',
    'dials-8000 as client',
    'closes-at-once as client',
    'never-accepts as server7',
    'raises as server1',
    'forks-without-end as server1',
    'floods as server1',
    'dual-stack as server8',
    'no-such-program as server1',
    'not-built as server1',
    ...(whyNotHere('c') === null ? ['option-after-bind as server3', 'ipv4-only as server7'] : []),
  ].includes(name),
)
const RIGHT = ['right-python-onlyUdpIsLeft', 'right-node-ipv6Only', 'right-python-both', 'one-of-two-programs']

describe.skipIf(whyNotGraded !== null)(`programs that stand in${skippedHere}`, () => {
  let graded: Map<string, GradedSubmission>

  beforeAll(async () => {
    graded = await gradeKinds([...SHORT.map(({ name }) => name), ...RIGHT].map(kindNamed), ['--jobs', '4'])
  }, 300_000)

  test.for(SHORT)('$name', (one) => {
    expectMisunderstood(graded.get(one.name.replaceAll(' ', '-')), one)
  })

  test.for(RIGHT)('%s', (name) => {
    const one = graded.get(name)
    const came = one?.items.map(({ id, verdict, points }) => [id, { verdict, points }]) ?? []
    const { points, items } = whole(kindNamed(name), {})
    expect({ points: one?.points, items: Object.fromEntries(came) as unknown }).toEqual({ points, items })
  })

  test('a program that is right by luck is found out, because it has to be right each time', async () => {
    const coin: Kind = {
      name: 'coin',
      parts: ['sameAddressTwice'],
      programs: { server4: wrong('coin/server.py') },
      lost: {},
    }
    const one = (await gradeKinds([coin], ['--repeat', '20'])).get('coin')
    const role = one?.items.find(({ id }) => id === ITEMS.server4)
    expect(role).toMatchObject({ verdict: 'fail', points: 0, findings: [{ kind: 'ended-early' }] })
    expect(one?.points).toBe(0)
  }, 300_000)

  test('a program without a socket is not taken for one that another one keeps from its port', async () => {
    const programs = { server4: right('python', 'server4') as Handed, server5: wrong('only-prints/server.py') }
    const kinds: Kind[] = [{ name: 'one-of-two', parts: [], programs, lost: {} }]
    const one = (await gradeKinds(kinds, [], { labs: '03' })).get('one-of-two')
    const came = (name: string) => one?.items.find(({ check, part }) => check === name && part === 'program')
    expect(came('server4')).toMatchObject({ verdict: 'pass', points: 1 })
    expect(came('server5')).toMatchObject({ verdict: 'fail', findings: [{ kind: 'only-prints' }] })
    const both = came('listeners-on-two-loopback-addresses-share-a-port')
    expect(both).toMatchObject({ verdict: 'skip', points: 0, maxPoints: 1, restsOn: came('server5')?.id })
  }, 300_000)

  test('a server that ends its connection by a reset has served its client', async () => {
    const second = right('python', 'server2')
    const programs = { server1: unusual('resets.py'), ...(second && { server2: second }) }
    const kind: Kind = { name: 'resets', parts: ['onlyUdpIsLeft'], programs, lost: {} }
    const one = (await gradeKinds([kind])).get('resets')
    const { points, items } = whole(kind, {})
    const came = one?.items.map(({ id, verdict, points }) => [id, { verdict, points }]) ?? []
    expect({ points: one?.points, items: Object.fromEntries(came) as unknown }).toEqual({ points, items })
  })

  test('what a program printed is kept as its words, and as nothing else', () => {
    const printed = graded.get('right-python-onlyUdpIsLeft')?.printed ?? []
    expect(printed.map(({ role }) => role)).toEqual(['server1', 'server2'])
    expect(printed[0]?.text).toMatch(/^127\.0\.0\.1 \d+\n/)
  })
})
