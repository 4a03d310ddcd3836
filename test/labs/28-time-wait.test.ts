/** Lab 28 on changed evidence: every outcome is reached, judged and told. */

import { expect, test } from 'vitest'

import type { Listed } from '../../harness/domain/observation.ts'
import lab, { secondsLeft } from '../../labs/28-time-wait/lab.ts'
import { fail, listen } from './changes.ts'
import { claimsIn, testOutcomes } from './outcomes.ts'

type Ends = { atServer: Listed; atClient: Listed }

const rowsOf = (listed: Listed) => [listed, ...listed.others].flatMap(({ rows }) => rows)

/** What the other side's listing shows as well, or instead. */
const copy = (from: Listed, to: Listed) => {
  to.rows = structuredClone(from.rows)
  to.others = structuredClone(from.others)
}

const forget = (listed: Listed) => {
  for (const row of rowsOf(listed)) if (row.state === 'TIME-WAIT') row.state = 'CLOSED'
}

const swap = ({ atServer, atClient }: Ends) => {
  const server = structuredClone(atServer)
  copy(atClient, atServer)
  copy(server, atClient)
}

const hold = (listed: Listed) => {
  for (const row of rowsOf(listed)) if (row.state === 'TIME-WAIT') row.holders = [{ pid: 4999, command: 'x', fd: 3 }]
}

const timer = (listed: Listed, ticks: string | null) => {
  for (const one of [listed, ...listed.others]) {
    one.printed = one.printed.map((line) =>
      line.replace(/ 06 (\S+) 03:[0-9A-F]{8} /, ticks === null ? ' 01 $1 00:00000000 ' : ` 06 $1 03:${ticks} `),
    )
  }
}

const answer = await testOutcomes(lab, {
  serverFirst: {
    'side-that-closes-first-is-left-in-time-wait': {
      client: swap,
      both: ({ atServer, atClient }) => copy(atServer, atClient),
      none: ({ atServer }) => forget(atServer),
    },
    'connection-in-time-wait-belongs-to-a-process': {
      somebody: ({ atServer }) => hold(atServer),
      other: ({ atServer }) => forget(atServer),
    },
    'time-wait-ends-within-a-minute': {
      later: [({ atServer }) => timer(atServer, '00002EE0'), ({ atServer }) => timer(atServer, '00000000')],
      other: ({ atServer }) => timer(atServer, null),
    },
    'node-listens-again-while-time-wait-lasts': {
      EADDRINUSE: ({ again }) => fail(again, 'EADDRINUSE'),
      other: ({ atServer }) => forget(atServer),
    },
    'plain-python-server-listens-while-time-wait-lasts': {
      listening: ({ plain }) => plain && listen(plain),
      other: [({ atServer }) => forget(atServer), (evidence) => void (evidence.plain = null)],
    },
  },
  clientFirst: {
    'client-that-closes-first-is-left-in-time-wait': {
      server: swap,
      both: ({ atServer, atClient }) => copy(atClient, atServer),
      none: ({ atClient }) => forget(atClient),
    },
    'plain-python-server-listens-after-the-client-closed-first': {
      EADDRINUSE: ({ plain }) => fail(plain, 'EADDRINUSE'),
      other: ({ atClient }) => forget(atClient),
    },
  },
})

test('the timer is read in hundredths of a second', () => {
  const line = '  2: 0100007F:1F90 0100007F:E13A 06 00000000:00000000 03:00001765 00000000 0 0 0 3 00000000c1b53b52'
  const listed = { printed: [line], others: [] } as unknown as Listed
  expect(secondsLeft(listed)).toBe(59.89)
  expect(secondsLeft({ ...listed, printed: [line.replace(' 06 ', ' 01 ')] })).toBeNull()
})

test('the claims of the documents', () => {
  expect(claimsIn(answer('connection-in-time-wait-belongs-to-a-process'))).toEqual({ T26: true })
})
