/**
 * All labs in environments in which nothing is wrong: none fails, every skip names what is missing, and nothing stays
 * behind. Too long for `npm test`. `SAMPLE=6` runs six of them, drawn by `SEED` or else by the commit.
 */

import { execaSync } from 'execa'
import { test } from 'vitest'

import { PROJECT } from '../lab-command.ts'
import { expectToHold } from './environment.ts'
import { drawn } from './sample.ts'
import { ENVIRONMENTS } from './table.ts'

const size = Number(process.env['SAMPLE'] ?? ENVIRONMENTS.length)
const seed = process.env['SEED'] ?? commit()
const chosen = drawn(ENVIRONMENTS, size, seed)
if (!(chosen.length > 0)) throw new Error(`SAMPLE is how many environments to run, not '${process.env['SAMPLE']}'`)
if (chosen.length < ENVIRONMENTS.length) {
  process.stdout.write(`${size} of ${ENVIRONMENTS.length} environments; the same again: SAMPLE=${size} SEED=${seed}\n`)
}

for (const environment of chosen) {
  test(environment.name, async ({ skip }) => {
    const why = (await environment.whyNot?.()) ?? null
    if (why !== null) skip(why)
    await expectToHold(environment)
  })
}

function commit(): string {
  const { stdout } = execaSync('git', ['rev-parse', '--short=12', 'HEAD'], { cwd: PROJECT, reject: false })
  return stdout || 'no-commit'
}
