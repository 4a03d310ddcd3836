/** M8 against the running kernel, a few hundred sequences; and the other theories, which the same test must refute. */

import { join } from 'node:path'

import { execa } from 'execa'
import { beforeAll, describe, expect, test } from 'vitest'

import { THEORY_NAMES } from '../../harness/domain/theory.ts'
import { noNamespace } from '../namespace.ts'

const PROGRAM = join(import.meta.dirname, 'against-kernel.ts')
const SEED = process.env['SEED'] ?? String(Date.now() % 2 ** 31)

const title = noNamespace === null ? '' : ` (skipped: ${noNamespace})`

describe.skipIf(noNamespace !== null || process.platform !== 'linux')(`the running kernel${title}`, () => {
  /** What was told of each theory, under the settings that Linux comes with and under others. */
  let told: string[] = []

  beforeAll(async () => {
    const theories = THEORY_NAMES.flatMap((name) => ['--theory', name])
    const args = ['--disable-warning=ExperimentalWarning', PROGRAM, '--runs', '400', '--seed', SEED, ...theories]
    const { stdout } = await execa(process.execPath, args, { reject: false })
    told = stdout.split(/^(?=M\d against Linux)/m)
    // Sixteen times three processes are started.
  }, 300_000)

  const toldOf = (theory: string) => told.filter((one) => one.startsWith(`${theory} against`)).join('')

  test('is asked of every theory, twice', () => {
    expect(told.map((one) => one.slice(0, 2)).toSorted()).toEqual(THEORY_NAMES.flatMap((name) => [name, name]))
  })

  test('does as M8 says', () => {
    const seen = toldOf('M8')
    expect(seen).toMatch(/: 200 sequences, seed [^]*: 200 sequences, seed /)
    expect(seen).not.toContain('disagree')
    // The test looked at something: calls were let through and refused, packets were taken and refused.
    expect(seen).toMatch(/open tcp: listening +\d\d/)
    expect(seen).toMatch(/open tcp: EADDRINUSE +\d/)
    expect(seen).toMatch(/arrive over udp: one socket +\d/)
    expect(seen).toMatch(/arrive over tcp: ECONNREFUSED +\d/)
    expect(seen).not.toContain('silent')
  })

  test.each(THEORY_NAMES.filter((name) => name !== 'M8'))('refutes %s, and tells how', (theory) => {
    expect(toldOf(theory)).toMatch(/The shortest sequence that shows it:\n1\. .*: \S.*, foretold: /)
  })
})
