/** Lab 26 on changed evidence: every outcome is reached, judged and told. */

import { expect, test } from 'vitest'

import type { Listed, Started } from '../../harness/domain/observation.ts'
import lab from '../../labs/26-unexpected-listener/lab.ts'
import { fail, listen } from './changes.ts'
import { row } from './evidence.ts'
import { claimsIn, testOutcomes } from './outcomes.ts'

const copy = (from: Listed, to: Listed) => {
  to.rows = structuredClone(from.rows)
}

const rename = ({ rows }: Listed, command: string | null) => {
  for (const { holders } of rows) for (const holder of holders) holder.command = command
}

const letListen = ({ anothers }: { anothers: Started | null }) => void (anothers && listen(anothers))

const answer = await testOutcomes(lab, {
  twoListings: {
    'comparing-two-listings-finds-the-new-listener': {
      'nothing-new': ({ before, after }) => copy(before, after),
      'more-than-that': ({ after }) => after.rows.push(row({ local: { address: '::', port: 9999 } })),
      other: [
        ({ before }) => (before.rows = []),
        (evidence) => (evidence.intruder.asked = null),
        ({ intruder, after }) => {
          for (const { local } of after.rows) if (local.port === intruder.local?.port) local.port += 1
        },
      ],
    },
    'listing-shows-the-name-that-a-program-chose-itself': {
      'name-of-its-file': ({ after }) => rename(after, 'node'),
      'no-name': ({ after }) => rename(after, null),
      other: ({ before, after }) => copy(before, after),
    },
  },
  anyUser: {
    'user-opens-a-port-while-the-machine-runs': {
      EACCES: ({ ours }) => fail(ours, 'EACCES'),
      EADDRINUSE: ({ ours }) => fail(ours, 'EADDRINUSE'),
    },
    'user-without-rights-opens-a-port-while-the-machine-runs': {
      EACCES: ({ anothers }) => anothers && fail(anothers, 'EACCES'),
      other: (evidence) => void (evidence.anothers = null),
    },
  },
})

test('the claims of the documents', () => {
  expect(claimsIn(answer('comparing-two-listings-finds-the-new-listener'))).toEqual({ N1: true, T13: true })
  expect(claimsIn(answer('user-opens-a-port-while-the-machine-runs'))).toEqual({ T29: false })
  expect(claimsIn(answer('user-without-rights-opens-a-port-while-the-machine-runs', letListen))).toEqual({ T29: false })
})
