/** M8 against the running kernel, a few hundred sequences; and the other theories, which the same test must refute. */

import { join } from 'node:path'

import { execa } from 'execa'
import { describe, expect, test } from 'vitest'

import { THEORY_NAMES } from '../../harness/domain/theory.ts'
import { noNamespace } from '../namespace.ts'

const PROGRAM = join(import.meta.dirname, 'against-kernel.ts')
const SEED = process.env['SEED'] ?? String(Date.now() % 2 ** 31)

async function hold(theory: string, runs: number) {
  const args = ['--disable-warning=ExperimentalWarning', PROGRAM, '--runs', String(runs), '--seed', SEED]
  return await execa(process.execPath, [...args, '--theory', theory], { reject: false })
}

const title = noNamespace === null ? '' : ` (skipped: ${noNamespace})`

describe.skipIf(noNamespace !== null || process.platform !== 'linux')(`the running kernel${title}`, () => {
  test('does as M8 says', async () => {
    const { stdout, stderr, exitCode } = await hold('M8', 400)
    expect(exitCode, stdout + stderr).toBe(0)
    // The test looked at something: calls were let through and refused, packets were taken and refused.
    expect(stdout).toMatch(/listen: ok +\d\d/)
    expect(stdout).toMatch(/listen: EADDRINUSE +\d/)
    expect(stdout).toMatch(/arrival over udp: one socket +\d/)
    expect(stdout).toMatch(/arrival over tcp: ECONNREFUSED +\d/)
  })

  test.each(THEORY_NAMES.filter((name) => name !== 'M8'))('refutes %s, and tells how', async (theory) => {
    const { stdout, exitCode } = await hold(theory, 400)
    expect(exitCode, stdout).toBe(1)
    expect(stdout).toMatch(new RegExp(`sequences that disagree:\n1\\. [^]*${theory} said .*; the kernel: `))
  })
})
