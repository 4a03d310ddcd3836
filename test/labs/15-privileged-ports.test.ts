/** Lab 15 on changed evidence: every answer that its checks can read off, and the words for it. */

import { expect, test } from 'vitest'

import type { Said } from '../../harness/domain/observation.ts'
import lab from '../../labs/15-privileged-ports/lab.ts'
import { fail, show } from './changes.ts'
import { claimsIn, testOutcomes } from './outcomes.ts'

/** The program tells something else; the rest stays as it was. */
const tell = (said: Said, over: object) => void (said.value = { ...(said.value as object), ...over })

/** What the program told, and what the listing has to say of it. */
type Told = { rights: Said; opened: Said }

const right = ({ rights, opened }: Told, capability: boolean, outcome: string, namespace = 'first') => {
  tell(rights, { capability, namespace, user: capability ? 0 : 1000 })
  tell(opened, { outcome })
}

const answer = await testOutcomes(lab, {
  thisMachine: {
    'program-of-ours-listens-on-a-privileged-port': {
      'with-the-right': (evidence) => right(evidence, true, 'listening'),
      'EACCES-without-it': (evidence) => right(evidence, false, 'EACCES'),
      'without-it': (evidence) => right(evidence, false, 'listening'),
      'EACCES-with-it': (evidence) => right(evidence, true, 'EACCES'),
      'right-of-elsewhere': (evidence) => right(evidence, true, 'EACCES', 'another'),
      none(evidence) {
        tell(evidence.rights, { limit: 0 })
        tell(evidence.opened, { port: 0, outcome: 'none' })
        evidence.listed = null
      },
      other: [
        ({ listed }) => listed && show(listed, []), // it says that it listens, and no table shows it
        (evidence) => void (evidence.listed = null),
        (evidence) => right(evidence, true, 'EADDRINUSE'),
      ],
    },
  },
  withAndWithout: {
    'program-with-the-right-listens-on-port-80': {
      EACCES: ({ privileged }) => fail(privileged, 'EACCES'),
      EADDRINUSE: ({ privileged }) => fail(privileged, 'EADDRINUSE'),
    },
    'program-of-user-0-without-the-right-listens-on-port-80': {
      listening: ({ on80 }) => tell(on80, { outcome: 'listening' }),
      EADDRINUSE: ({ on80 }) => tell(on80, { outcome: 'EADDRINUSE' }),
      other: [
        ({ rights }) => tell(rights, { capability: true }),
        ({ on80, listed }) => {
          tell(on80, { outcome: 'listening' })
          show(listed, [])
        },
      ],
    },
    'lowest-port-that-needs-no-right': {
      'above-1024': ({ on1024 }) => tell(on1024, { outcome: 'EACCES' }),
      'below-1024': ({ on1023, listed }) => {
        tell(on1023, { outcome: 'listening' })
        for (const row of listed.rows) if (row.local.port === 80) row.local.port = 1023
      },
      other: [
        ({ rights }) => tell(rights, { capability: true }),
        ({ on1023 }) => tell(on1023, { outcome: 'EADDRINUSE' }),
        ({ on1024 }) => tell(on1024, { outcome: 'EADDRINUSE' }),
      ],
    },
    'program-without-the-right-listens-on-port-8080': {
      EACCES: ({ on8080 }) => tell(on8080, { outcome: 'EACCES' }),
      other: ({ listed }) => show(listed, []),
    },
    'setting-opens-port-80-to-everybody': {
      EACCES: ({ later }) => tell(later.on80, { outcome: 'EACCES' }),
      'all-ports': ({ later, listed }) => {
        tell(later.on79, { outcome: 'listening' })
        for (const row of listed.rows) if (row.local.port === 1024) row.local.port = 79
      },
      other: [
        ({ lowered }) => void (lowered.exitCode = 1), // the setting was not changed
        ({ rights }) => tell(rights, { capability: true }),
        ({ later }) => tell(later.on79, { outcome: 'EADDRINUSE' }),
      ],
    },
  },
})

test('the claims of the documents', () => {
  expect(claimsIn(answer('program-with-the-right-listens-on-port-80'))).toEqual({ Q10: true })
  expect(claimsIn(answer('program-of-user-0-without-the-right-listens-on-port-80'))).toEqual({ Q10: true })
  expect(claimsIn(answer('setting-opens-port-80-to-everybody'))).toEqual({ Q10: false })
  expect(claimsIn(answer('lowest-port-that-needs-no-right'))).toEqual({ T9: false })
  expect(claimsIn(answer('program-without-the-right-listens-on-port-8080'))).toEqual({ C1: true })
})
