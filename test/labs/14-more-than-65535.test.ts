/** Lab 14 on changed evidence: every outcome is reached, judged and told. */

import { expect, test } from 'vitest'

import type { Ran, Said } from '../../harness/domain/observation.ts'
import lab, { planFor } from '../../labs/14-more-than-65535/lab.ts'
import { claimsIn, testOutcomes } from './outcomes.ts'

type Evidence = Awaited<ReturnType<(typeof lab)['acts']['oneServerPort']['experiment']>>

const print = (ran: Ran, ...printed: string[]) => void Object.assign(ran, { printed, exitCode: 0 })

const tell = (said: readonly Said[], connections: number) => {
  for (const one of said) Object.assign(one, { value: { connections, rss: 80_000_000, refused: null } })
}

/** As many connections at the clients, at the servers, and in the table. */
const have = ({ opened, kept, rows, descriptors }: Evidence, connections: number) => {
  tell(opened, connections)
  tell(kept, connections)
  print(rows, `${connections}`)
  print(descriptors, `${connections + 20}`)
}

const answer = await testOutcomes(lab, {
  oneServerPort: {
    'connections-outnumber-the-ports-in-use': {
      'some-of-them': [(evidence) => have(evidence, 499), (evidence) => have(evidence, 2)],
      'one-of-them': (evidence) => have(evidence, 1),
      other: [
        (evidence) => have(evidence, 0),
        ({ rows }) => print(rows, '70000'),
        ({ kept }) => tell(kept, 499),
        ({ rows }) => void Object.assign(rows, { printed: [], exitCode: 2 }),
      ],
    },
    'each-connection-takes-a-descriptor-of-the-server': {
      fewer: ({ descriptors }) => print(descriptors, '499'),
      other: (evidence) => have(evidence, 1),
    },
  },
})

const limit = (word: string): Ran => ({ command: 'ulimit -Hn', exitCode: 0, printed: [word], timedOut: false })

test('over as many processes as the limit of open files asks for, and twenty pairs at most', () => {
  expect(planFor(false, limit('20000'))).toEqual({ processes: 1, steps: 1, each: 500 })
  expect(planFor(false, limit('256')).each).toBe(130)
  expect(planFor(true, limit('unlimited'))).toEqual({ processes: 1, steps: 7, each: 10_000 })
  for (const word of ['64', '256', '1024', '4096', '20000', '1048576']) {
    const { processes, steps, each } = planFor(true, limit(word))
    expect(processes).toBeLessThanOrEqual(20)
    expect(processes * steps * each > 65_535).toBe(Number(word) >= 4096)
    expect(each).toBeGreaterThan(0)
    expect(steps * each).toBeLessThan(Number(word))
  }
})

test('the words say what the number shows, and what it does not', () => {
  const id = 'connections-outnumber-the-ports-in-use'
  const all = (number: number, servers = 1) =>
    answer(id, (evidence) => {
      evidence.dialled = number
      have(evidence, number)
      const [first] = evidence.kept
      if (servers === 2 && first) evidence.kept = [first, { ...first, value: { connections: 0, rss: 1 } }]
    })
  expect(all(500).why).toContain('Two port numbers served them all.')
  expect(all(70_000).seen).toContain('70,000 were open at once, more than there are port numbers.')
  expect(all(70_000).why).toContain('One process held them all.')
  expect(all(70_000, 2).why).toContain('One thing is not shown here')
})

test('the claim of the document', () => {
  expect(claimsIn(answer('connections-outnumber-the-ports-in-use'))).toEqual({ T8: true })
  expect(claimsIn(answer('each-connection-takes-a-descriptor-of-the-server'))).toEqual({ T8: true })
})
