/**
 * M8 against the running kernel, thirty thousand sequences: npm run test:theories. With SEED a run is repeated,
 * with RUNS it is made longer or shorter.
 */

import { join } from 'node:path'

import { execa } from 'execa'
import { expect, test } from 'vitest'

import { noNamespace } from '../namespace.ts'

const { RUNS = '30000', SEED = String(Date.now() % 2 ** 31) } = process.env
const isHere = noNamespace === null && process.platform === 'linux'

test.skipIf(!isHere)(
  `the running kernel does as M8 says${isHere ? '' : ` (skipped: ${noNamespace})`}`,
  async () => {
    const program = join(import.meta.dirname, 'against-kernel.ts')
    const args = ['--disable-warning=ExperimentalWarning', program, '--runs', RUNS, '--seed', SEED]
    const { stdout, stderr, exitCode } = await execa(process.execPath, args, { reject: false })
    process.stdout.write(`${stdout}\n`)
    expect(exitCode, stdout + stderr).toBe(0)
  },
  600_000,
)
