/** The harness resolves its imports as Node does, and asks the disk less. */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect, test } from 'vitest'

const PROJECT = join(import.meta.dirname, '../..')
const RESOLVE = ['--require', './harness/command/resolve.cjs']
const TELL = ['--require', './test/fixtures/loaded.cjs']

function loaded(options: string[], script: string): string[] {
  const words = ['--disable-warning=ExperimentalWarning', ...options, '--input-type=module', '-e', script]
  const { stderr } = spawnSync(process.execPath, words, { cwd: PROJECT, encoding: 'utf8' })
  return stderr.split('\n').toSorted((one, other) => one.localeCompare(other))
}

test.each([
  ['a command', './harness/cli/ports-list.ts'],
  ['the other process of the harness', './harness/run/elsewhere-entry.ts'],
  ['what reports are made of', './harness/report/html.ts'],
  ['execa', 'execa'],
])('%s: the same files, as the same kinds of modules', (_, module) => {
  const script = `await import('${module}'); process.exit()`
  const asNode = loaded(TELL, script)
  expect(asNode.length).toBeGreaterThan(20)
  expect(loaded([...RESOLVE, ...TELL], script)).toEqual(asNode)
})

test('a file that is missing is named', () => {
  // A copy of the folder, in which one file has been lost.
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'resolve-'))
  try {
    cpSync(join(PROJECT, 'harness/command'), join(folder, 'harness/command'), { recursive: true })
    rmSync(join(folder, 'harness/command/ran-out.ts'))
    const { stderr } = spawnSync(process.execPath, [...RESOLVE, './harness/command/tool.ts'], {
      cwd: folder,
      encoding: 'utf8',
    })
    expect(stderr).toContain(join(folder, 'harness/command/ran-out.ts'))
  } finally {
    rmSync(folder, { recursive: true })
  }
})
