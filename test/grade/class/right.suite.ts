/** Right programs in every language get every point of their roles and of the acts in which they stand in. */

import { rmSync } from 'node:fs'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { labsFolder } from '../../../harness/catalog/find.ts'
import { loadRoles } from '../../../harness/catalog/roles.ts'
import { leftoversAfter, newMark } from '../../leftovers.ts'
import { hand } from './generate.ts'
import { leftIn, makeDesk, readBook, startGrader } from './grader.ts'
import { skippedHere, whyNotGraded } from './misunderstood.ts'
import type { Handed, Language } from './programs.ts'
import { LANGUAGES, right, whyNotHere } from './programs.ts'

const LABS = '01,02,03,04'
const roles = Object.keys((await loadRoles(labsFolder())).book.roles)

for (const language of LANGUAGES) {
  const why = whyNotGraded === null ? whyNotHere(language) : null
  const skipped = why === null ? skippedHere : `: skipped, because ${why}`
  test.skipIf(skipped !== '')(`in ${language}${skipped}`, { timeout: 300_000 }, () => expectAllPoints(language))
}

async function expectAllPoints(language: Language): Promise<void> {
  // What a shell cannot do is done in Python there.
  const programs = Object.fromEntries(
    roles.map((role): [string, Handed | null] => [role, right(language, role) ?? right('python', role)]),
  ) as Record<string, Handed>
  const desk = makeDesk()
  const mark = newMark()
  for (const name of ['first', 'second']) {
    hand(join(desk.submissions, name), { name, parts: [], programs, lost: {} })
  }
  const args = [desk.submissions, '--labs', LABS, '--out', desk.out('out')]
  const { exitCode, stderr } = await startGrader(desk, args, { mark })
  const items = readBook(desk.out('out')).submissions.flatMap((one) => one.items)
  const ofPrograms = items.filter(({ part }) => part === 'program')
  expect(ofPrograms.length).toBeGreaterThan(2 * roles.length)
  expect(ofPrograms.filter(({ verdict, points }) => verdict !== 'pass' || points !== 1)).toEqual([])
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  expect(await leftoversAfter(mark)).toEqual([])
  expect(leftIn(desk)).toEqual([])
  rmSync(desk.folder, { recursive: true })
}
