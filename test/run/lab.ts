/** A lab of one act for the tests of harness/run: its experiment is never performed. */

import type { AnyAct, AnyCheck } from '../../harness/domain/lab.ts'
import type { LoadedLab } from '../../harness/domain/loaded-lab.ts'
import type { AnyNarration, OutcomeText } from '../../harness/domain/narration.ts'

export const CLAIMS = {
  X1: { document: 'cafe', says: 'a client is connected' },
  X2: { document: 'harbour', says: 'a client is refused' },
}

/** Is a client connected? Reads the key `client` of the evidence. */
export function check(over: Partial<AnyCheck> = {}): AnyCheck {
  return {
    claims: { X1: 'connected', X2: ['ECONNREFUSED', 'timed-out'] },
    outcomes: ['connected', 'ECONNREFUSED', 'timed-out'],
    outcome: (evidence) => (evidence as { client: { outcome: string } }).client.outcome,
    expect: { posix: { outcome: 'connected', source: 'connect(2)' } },
    lie: 'another-port',
    ...over,
  }
}

const text = (outcome: string): OutcomeText<unknown> => ({
  choice: `${outcome}?`,
  seen: `It was ${outcome}.`,
  why: `Because of ${outcome}.`,
  ...(outcome === 'ECONNREFUSED' ? { expectedBecause: 'Ports look closed.' } : {}),
})

export function loadedLab(
  checks: Record<string, AnyCheck> = { 'a-check': check() },
  over: Partial<LoadedLab> = {},
): LoadedLab {
  const act: AnyAct = { experiment: () => Promise.reject(new Error('not to be performed')), checks }
  const words = Object.fromEntries(
    Object.entries(checks).map(([id, { outcomes }]) => {
      return [id, { question: `${id}?`, outcomes: Object.fromEntries(outcomes.map((one) => [one, text(one)])) }]
    }),
  )
  return {
    id: '77-test',
    folder: 'labs',
    defect: null,
    lab: { id: '77-test', acts: { only: act } },
    narration: {
      title: 'A test',
      summary: 'A lab for tests.',
      acts: { only: { title: 'Only act', intro: 'It is short.', checks: words } } as AnyNarration['acts'],
      remember: ['Nothing.'],
    },
    claims: CLAIMS,
    file: 'labs/77-test/lab.ts',
    lines: { 'a-check': 12 },
    programFile: (program) => `${program}.ts`,
    ...over,
  }
}
