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
const have = ({ rounds, rows, descriptors }: Evidence, connections: number) => {
  const last = rounds.at(-1)
  tell(last?.opened ?? [], connections)
  tell(last?.kept ?? [], connections)
  print(rows, `${connections}`)
  print(descriptors, `${connections + 20}`)
}

const answer = await testOutcomes(lab, {
  oneServerPort: {
    'connections-outnumber-the-ports-in-use': {
      'more-than-65535': (evidence) => have(evidence, 65_536),
      'more-than-the-ports-in-use': [(evidence) => have(evidence, 65_535), (evidence) => have(evidence, 3)],
      'one-for-each-port': (evidence) => have(evidence, 1),
      other: [
        ({ rows }) => print(rows, '70000'),
        ({ rounds }) => tell(rounds.at(-1)?.kept ?? [], 499),
        ({ rows }) => void Object.assign(rows, { printed: [], exitCode: 2 }),
      ],
    },
    'each-connection-takes-a-descriptor-of-the-server': {
      fewer: ({ descriptors }) => print(descriptors, '499'),
      other: (evidence) => have(evidence, 1),
    },
  },
})

test('over as many processes as the limit of open files asks for', () => {
  const limit = (word: string): Ran => ({ command: 'ulimit -Hn', exitCode: 0, printed: [word], timedOut: false })
  expect(planFor(false, limit('256'))).toEqual({ processes: 1, steps: 1, each: 500 })
  for (const word of ['1024', '4096', '20000', '1048576', 'unlimited']) {
    const { processes, steps, each } = planFor(true, limit(word))
    expect(processes * steps * each).toBeGreaterThan(65_535)
    if (word !== 'unlimited') expect(steps * each).toBeLessThan(Number(word))
  }
})

test('the claim of the document', () => {
  expect(claimsIn(answer('connections-outnumber-the-ports-in-use'))).toEqual({ T8: true })
  expect(claimsIn(answer('each-connection-takes-a-descriptor-of-the-server'))).toEqual({ T8: true })
})
