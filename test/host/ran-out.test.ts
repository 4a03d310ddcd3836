/** A machine that has run out of open files lacks no tool: nothing was observed, and a later probe may find it. */

import { join } from 'node:path'

import { execa } from 'execa'
import { describe, expect, test } from 'vitest'

import { lackedHere } from '../lacked-here.ts'
import { PROJECT } from '../lab-command.ts'

/** Opens files until there are no more, asks, gives them back, and asks again. */
const SCRIPT = `
import { closeSync, openSync } from 'node:fs'
import { runTool } from '${join(PROJECT, 'harness/command/tool.ts')}'
import { launch } from '${join(PROJECT, 'harness/process/launch.ts')}'
import { probe } from '${join(PROJECT, 'harness/host/capabilities.ts')}'

const told = (work) => work.then(({ outcome, why }) => outcome ?? String(why), ({ name, message }) => name + ': ' + message)
const program = { program: 'greeter', file: '/bin/true', args: [], marker: 'none' }
await runTool('/bin/true', [])
const files = []
try {
  for (;;) files.push(openSync('/dev/null', 'r'))
} catch {}
const first = [runTool('/bin/true', []), launch(program), probe('lsof'), probe('lsof')]
const during = await Promise.all(first.map(told))
for (const file of files) closeSync(file)
const after = await Promise.all([runTool('/bin/true', []), probe('lsof')].map(told))
console.log(JSON.stringify({ during, after }))
`

describe.skipIf(process.platform !== 'linux')('without an open file left', () => {
  test('no tool is called absent, and no capability lacking', async () => {
    const ulimited = ['-c', 'ulimit -n 60 && exec "$@"', 'sh', process.execPath, '--input-type=module', '-e', SCRIPT]
    const { stdout } = await execa('/bin/sh', ulimited, { cwd: PROJECT, stdin: 'ignore' })
    const { during, after } = JSON.parse(stdout) as { during: string[]; after: string[] }
    const none = (what: string) =>
      `Inconclusive: ${what} could not be started: this process may open no further file (EMFILE)`
    expect(during).toEqual([none('/bin/true'), none('greeter'), none('lsof'), none('lsof')])
    expect(after[0]).toBe('ran')
    expect(after[1] === 'null').toBe(!lackedHere().includes('lsof'))
  })
})
