/** A harness whose own code never pauses is ended by the kernel. */

import { join } from 'node:path'

import { execa } from 'execa'
import { expect, test } from 'vitest'

const FILE = join(import.meta.dirname, '../fixtures/computes-for-ever.ts')

test('code that computes without a pause is ended, and code that waits is not', async () => {
  const { stdout, signal } = await execa(process.execPath, ['--disable-warning=ExperimentalWarning', FILE], {
    reject: false,
  })
  expect({ stdout, signal }).toEqual({ stdout: 'still here', signal: 'SIGVTALRM' })
})
