import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { execa, execaSync } from 'execa'
import { afterAll, describe, expect, test } from 'vitest'

import type { LabRunOptions } from '../lab-command.ts'
import { lab, PROJECT } from '../lab-command.ts'
import { leftoversAfter, newMark } from '../leftovers.ts'

const folder = mkdtempSync(join(tmpdir(), 'outputs-'))
afterAll(() => rmSync(folder, { recursive: true }))
const file = (name: string) => join(folder, name)

/** A lab that is over soon. */
const LABS = { SOCKET_LABS_FOLDER: join(PROJECT, 'test/fixtures/short') }
const short = (args: readonly string[], { env, ...options }: LabRunOptions = {}) =>
  lab(['01', ...args], { ...options, env: { ...LABS, ...env } })

/** `lab` in a shell, for what only a shell can set up. */
const inShell = (script: string) =>
  execa('sh', ['-c', script, 'sh', process.execPath, 'harness/cli/lab.ts'], {
    cwd: PROJECT,
    reject: false,
    stdin: 'ignore',
    env: LABS,
  })

const noFull = existsSync('/dev/full') ? null : 'no /dev/full'

describe('a file that cannot be written to the end', () => {
  test.skipIf(noFull).for(['--report=json=/dev/full', '--report=ndjson=/dev/full', '--save=/dev/full'])(
    '%s: one line, exit code 2, and nothing stays behind',
    async (option) => {
      const mark = newMark()
      const { exitCode, stderr } = await short([option], mark)
      const what = option.startsWith('--save') ? 'the run is not kept: ' : ''
      expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: `lab: ${what}cannot write /dev/full: ENOSPC` })
      expect(await leftoversAfter(mark)).toEqual([])
    },
  )

  test.skipIf(noFull)('standard output that is full is told, and is no success', async () => {
    const { exitCode, stderr } = await inShell('"$1" "$2" 01 > /dev/full')
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: 'lab: cannot write to standard output: ENOSPC' })
  })

  test('a pipe that nobody reads is refused at once, not waited for', async () => {
    execaSync('mkfifo', [file('pipe')])
    const { exitCode, stderr } = await short(['--report', `json=${file('pipe')}`], { timeoutMs: 10_000 })
    expect(exitCode).toBe(2)
    expect(stderr).toMatch(/it is a pipe that nobody reads/)
  })
})

describe('two outputs', () => {
  test.for(['one.json', './one.json', '../outputs/one.json', 'link.json'])(
    'do not go to one file: one.json and %s',
    async (second) => {
      const place = file('outputs')
      mkdirSync(place, { recursive: true })
      rmSync(join(place, 'link.json'), { force: true })
      symlinkSync('one.json', join(place, 'link.json'))
      const { exitCode, stderr } = await short(['--report', `json=${place}/one.json`, '--save', `${place}/${second}`])
      expect(exitCode).toBe(2)
      expect(stderr).toBe(`lab: two outputs cannot go to one file: ${place}/${second}`)
      expect(readdirSync(place)).toEqual(['link.json'])
    },
  )
})

test.skipIf(noFull)('a report that is whole stays where the evidence finds no room', async () => {
  const { exitCode } = await short(['--report', `json=${file('whole.json')}`, '--save', '/dev/full'])
  expect(exitCode).toBe(2)
  expect(JSON.parse(readFileSync(file('whole.json'), 'utf8'))).toMatchObject({ complete: true })
})

describe('a report', () => {
  test('arrives whole through a pipe that somebody reads slowly', async () => {
    execaSync('mkfifo', [file('slow')])
    const { exitCode } = await inShell(
      `(exec <${file('slow')}; sleep 1; cat > ${file('copy')}) & sleep 0.3
       "$1" "$2" 01 --report ndjson=${file('slow')} >/dev/null; code=$?; wait; exit $code`,
    )
    expect(exitCode).toBe(0)
    const lines = readFileSync(file('copy'), 'utf8').trimEnd().split('\n')
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ type: 'run-end' })
  })

  test('to /dev/stdout has it for itself', async () => {
    const { stdout } = await inShell('"$1" "$2" 01 --report json=/dev/stdout | cat')
    expect((JSON.parse(stdout) as { format: string }).format).toBe('socket-labs-report')
  })

  test('keeps the mode of the file that it replaces, and goes where a link points', async () => {
    writeFileSync(file('private.json'), '')
    chmodSync(file('private.json'), 0o600)
    symlinkSync(file('private.json'), file('link.json'))
    symlinkSync('later.json', file('dangling.json'))
    const run = await short(['--report', `json=${file('link.json')}`, '--save', file('dangling.json')])
    expect(run.exitCode).toBe(0)
    expect((statSync(file('private.json')).mode & 0o777).toString(8)).toBe('600')
    expect(JSON.parse(readFileSync(file('private.json'), 'utf8'))).toBeTypeOf('object')
    expect(existsSync(file('later.json'))).toBe(true)
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([])
  })

  test('to standard output other than the narrated one does not go with --predict', async () => {
    const { exitCode, stderr } = await short(['--predict', '--report', 'json'])
    expect(exitCode).toBe(2)
    expect(stderr).toMatch(/--predict asks where the narrated report is told/)
  })
})
