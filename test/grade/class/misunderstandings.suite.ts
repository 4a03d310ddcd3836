/** Every misunderstanding is found, by its name and with what it rests on, and loses exactly its points. */

import { beforeAll, describe, expect, test } from 'vitest'

import type { GradedSubmission } from '../../../harness/domain/graded.ts'
import { FINDINGS } from '../../../harness/domain/role.ts'
import { MISUNDERSTANDINGS } from './misunderstandings.ts'
import { expectMisunderstood, gradeKinds, kindNamed, skippedHere, whyNotGraded } from './misunderstood.ts'

/** Programs that take memory and time are hostile: class.suite.ts has them. One that says nothing is alone in that. */
const ELSEWHERE = ['does-not-listen', 'too-much-memory', 'too-much-time']

test('every finding is shown by a program', () => {
  const shown = MISUNDERSTANDINGS.flatMap(({ findings }) => findings)
  expect(FINDINGS.filter((kind) => !shown.includes(kind))).toEqual(ELSEWHERE)
})

describe.skipIf(whyNotGraded !== null)(`of programs that were handed in${skippedHere}`, () => {
  let graded: Map<string, GradedSubmission>

  beforeAll(async () => {
    graded = await gradeKinds(
      MISUNDERSTANDINGS.map(({ name }) => kindNamed(name)),
      ['--jobs', '4'],
    )
  }, 600_000)

  test.for(MISUNDERSTANDINGS)('$name', (one) => {
    expectMisunderstood(graded.get(one.name.replaceAll(' ', '-')), one)
  })
})
