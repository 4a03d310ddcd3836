/** `npm run check`: a step says how it went and what was printed; a signal ends it. */

import { join } from 'node:path'

import { execa } from 'execa'
import { describe, expect, test } from 'vitest'

import { Step } from './step.ts'

const step = (code: string) => new Step('name', 'npx name', ['-e', code])
const run = (code: string) => step(code).run(import.meta.dirname)

describe('a step', () => {
  test('that ends well is ok', async () => {
    expect(await run('process.exitCode = 0')).toMatchObject({ ok: true, output: '' })
  })

  test('that ends with another code failed, and all that it printed is kept', async () => {
    const { ok, output } = await run("console.log('what'); console.error('why'); process.exitCode = 3")
    expect({ ok, lines: output.split('\n').sort() }).toEqual({ ok: false, lines: ['', 'what', 'why'] })
  })

  test('that dies failed', async () => {
    expect(await run("process.kill(process.pid, 'SIGKILL')")).toMatchObject({ ok: false, output: 'ended by SIGKILL\n' })
  })

  test('is ended by a signal', async () => {
    const endless = step('setInterval(() => {}, 1000)')
    const running = endless.run(import.meta.dirname)
    endless.end('SIGTERM')
    expect(await running).toMatchObject({ ok: false, output: 'ended by SIGTERM\n' })
  })

  test('that cannot even start failed', async () => {
    expect((await step('').run('/nonexistent')).ok).toBe(false)
  })
})

describe('the command', () => {
  const check = (...args: string[]) =>
    execa(process.execPath, [join(import.meta.dirname, 'check.ts'), ...args], { reject: false, stdin: 'ignore' })

  test('says how each step runs alone', async () => {
    const { exitCode, stdout } = await check('--help')
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/^ {2}lint +npx oxlint --type-aware$/m)
    expect(stdout).toMatch(/^ {2}tests +npm test$/m)
  })

  test.each([
    [['--fast'], 'there is no option --fast; there are --quick, --help'],
    [['lint'], 'it takes no words'],
  ])('%j is wrong usage', async (args, message) => {
    const { exitCode, stdout, stderr } = await check(...args)
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr).toContain(message)
  })
})
