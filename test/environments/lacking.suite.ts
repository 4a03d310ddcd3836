/** Machines that lack a part of what some labs need: the checks that need it are skipped by name, all others pass. */

import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { execaSync } from 'execa'
import { afterAll, describe, expect, test } from 'vitest'

import type { Capability } from '../../harness/domain/lab.ts'
import { lackedHere } from '../lacked-here.ts'
import { namespaced, noNamespace } from '../namespace.ts'
import { expectSound, of, runLabs } from '../run-all.ts'

const scratch = mkdtempSync(join(tmpdir(), 'lacking-'))
afterAll(() => rmSync(scratch, { recursive: true }))

const nft = execaSync('/bin/sh', ['-c', 'command -v nft'], { reject: false }).stdout
const noFilter = noNamespace ?? (nft === '' ? 'nft is not installed' : null)

/** A PATH whose nft answers as one does on a kernel without this expression. */
function kernelWithout(expression: string): { PATH: string } {
  const folder = join(scratch, expression)
  mkdirSync(folder)
  const refuses = `*${expression}*) echo 'Error: Could not process rule: No such file or directory' >&2; exit 1 ;;`
  writeFileSync(join(folder, 'nft'), `#!/bin/sh\ncase "$*" in\n${refuses}\nesac\nexec ${nft} "$@"\n`)
  for (const each of [scratch, folder, join(folder, 'nft')]) chmodSync(each, 0o755)
  return { PATH: `${folder}:${process.env['PATH'] ?? ''}` }
}

describe.skipIf(noFilter)(`a kernel whose packet filter knows less${noFilter ? ` (skipped: ${noFilter})` : ''}`, () => {
  const PARTS: [expression: string, capability: Capability, skipped: number, passed: number][] = [
    ['numgen', 'packet-filter-numgen', 4, 13],
    ['reject', 'packet-filter-reject', 2, 15],
    ['counter', 'packet-filter', 12, 5],
  ]
  test.each(PARTS)('without %s', async (expression, capability, skipped, passed) => {
    const told = await runLabs(['20-filtered', '23-lost-packets'], { env: kernelWithout(expression) })
    expectSound(told, [capability])
    const skips = of(told.checks, 'skip').filter((line) => line.includes(`: ${capability}: `))
    expect(skips).toHaveLength(skipped)
    expect(skips.join('\n')).toContain('it needs')
    if (lackedHere().length === 0) expect(of(told.checks, 'pass')).toHaveLength(passed)
  })
})

test.skipIf(noNamespace)(
  `where a user namespace has no further one below it${noNamespace ? ` (skipped: ${noNamespace})` : ''}`,
  async () => {
    // There tcpdump can become nobody else, if it is built to do so.
    const prefix = namespaced('echo 0 > /proc/sys/user/max_user_namespaces')
    expectSound(await runLabs(['22-another-host', '24-on-the-wire'], { prefix }), [], ['tcpdump', 'another-user'])
  },
)
