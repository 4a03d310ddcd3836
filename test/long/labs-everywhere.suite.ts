/** All labs, end to end, as the README says it. Under other settings of the system: test/environments. */

import { expect, test } from 'vitest'

import { findLabs } from '../../harness/catalog/find.ts'
import { expectSound, of, runLabs } from '../run-all.ts'

test('as this user every lab runs, and has checks that pass', { timeout: 300_000 }, async () => {
  const told = await runLabs('all')
  expectSound(told)
  const passed = of(told.checks, 'pass')
  expect(findLabs().filter((id) => !passed.some((line) => line.startsWith(`${id}: `)))).toEqual([])
})
