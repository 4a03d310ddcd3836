/** Has misunderstandings graded, all in one run of the grader, and says what was found of each. */

import { rmSync } from 'node:fs'
import { join } from 'node:path'

import { expect } from 'vitest'

import type { GradedSubmission } from '../../../harness/domain/graded.ts'
import { findingInWords } from '../../../harness/words/findings.en.ts'
import { lackedHere } from '../../lacked-here.ts'
import { leftoversAfter, newMark } from '../../leftovers.ts'
import { noNamespace } from '../../namespace.ts'
import type { Kind } from './generate.ts'
import { hand, kinds } from './generate.ts'
import { leftIn, makeDesk, readBook, startGrader } from './grader.ts'
import type { Misunderstanding } from './misunderstandings.ts'
import { whole } from './points.ts'
import { ITEMS } from './rubric.ts'

const LACKED = lackedHere().filter((one) => ['ipv6-loopback', 'own-network', 'python'].includes(one))

/** Why no program can be graded here as these tests expect it, or null. */
export const whyNotGraded: string | null =
  noNamespace ?? (LACKED.length > 0 ? `this machine lacks ${LACKED.join(', ')}` : null)

/** For the title of what is skipped. */
export const skippedHere = whyNotGraded === null ? '' : `: skipped, because ${whyNotGraded}`

/** By name what a submission of each kind came to: by the rubric of the class, or in every item of some labs. */
export async function gradeKinds(
  some: readonly Kind[],
  words: readonly string[] = [],
  { labs }: { labs?: string } = {},
): Promise<Map<string, GradedSubmission>> {
  const desk = makeDesk()
  for (const kind of some) hand(join(desk.submissions, kind.name), kind)
  const mark = newMark()
  const items = labs === undefined ? ['--rubric', desk.rubric] : ['--labs', labs]
  const args = [desk.submissions, ...items, '--out', desk.out('out'), ...words]
  const { exitCode, stderr } = await startGrader(desk, args, { mark })
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  expect(await leftoversAfter(mark)).toEqual([])
  expect(leftIn(desk)).toEqual([])
  const { submissions } = readBook(desk.out('out'))
  rmSync(desk.folder, { recursive: true })
  return new Map(submissions.map((one) => [one.name, one]))
}

export function kindNamed(name: string): Kind {
  const kind = kinds().find((one) => one.name === name.replaceAll(' ', '-'))
  if (!kind) throw new Error(`there is no kind ${name}`)
  return kind
}

/** The right finding, by its name, with its facts and in words; and exactly the points that are lost by it. */
export function expectMisunderstood(
  graded: GradedSubmission | undefined,
  { name, role, findings, facts = {} }: Misunderstanding,
): void {
  const item = graded?.items.find(({ id }) => id === ITEMS[role as keyof typeof ITEMS])
  expect(item?.findings.map(({ kind }) => kind)).toEqual(findings)
  const found = item?.findings ?? []
  if (found.length > 0) {
    expect(found[0]?.facts).toMatchObject(facts)
    const told = found.map(findingInWords)
    const [observed, why] = [told.map(({ seen }) => seen).join(' '), told.map((one) => one.why).join(' ')]
    expect(item).toMatchObject({ observed, why })
    expect(`${observed} ${why}`).not.toMatch(/undefined|NaN|null/)
  }
  const { points, items } = whole(kindNamed(name), {})
  const came = graded?.items.map(({ id, verdict, points: got }) => [id, { verdict, points: got }]) ?? []
  expect({ points: graded?.points, items: Object.fromEntries(came) as unknown }).toEqual({ points, items })
}
