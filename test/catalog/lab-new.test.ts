/** `lab:new` from end to end: what it writes runs, is listed, is sound, compiles, is formatted, and can fail. */

import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { execa } from 'execa'
import { check, resolveConfig } from 'prettier'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { freeNumber } from '../../harness/catalog/inconsistencies.ts'
import { chooseId } from '../../harness/cli/lab-new-name.ts'
import { newLab } from '../../harness/cli/lab-new-template.ts'
import { LAB, LAB_CHECK, LAB_NEW, LabsFolder, PROJECT } from './labs-folder.ts'

const labs = new LabsFolder()
afterAll(() => labs.delete())

describe('a new lab', () => {
  let made: Awaited<ReturnType<LabsFolder['run']>>

  beforeAll(async () => {
    mkdirSync(labs.file('07-older'))
    made = await labs.run(LAB_NEW, 'my-port')
  })

  test('gets the number after the highest one, and is told with three commands to go on with', () => {
    expect(made).toMatchObject({ exitCode: 0, stderr: '' })
    const files = ['lab.ts', 'narration.en.ts', 'README.md']
    for (const name of files) expect(made.stdout).toContain(`wrote ${labs.shown('08-my-port', name)}\n`)
    expect(readdirSync(labs.file('08-my-port')).sort()).toEqual(files.sort())
    expect(made.stdout.match(/^ {2}npm run .*08-my-port/gm)).toHaveLength(3)
  })

  test('runs green for real', async () => {
    const { exitCode, stdout } = await labs.run(LAB, 'my-port')
    expect(stdout).toContain('2 passed')
    expect(exitCode).toBe(0)
  })

  test('is listed', async () => {
    expect((await labs.run(LAB)).stdout).toContain('08-my-port  A server that listens')
  })

  test('has nothing wrong with it', async () => {
    expect(await labs.run(LAB_CHECK, '08')).toMatchObject({ exitCode: 0, stdout: '1 lab, 2 checks: nothing is wrong.' })
  })

  test('fails under the lie that its checks name', async () => {
    const { exitCode, stdout } = await labs.run('test/selftest/selftest.ts', '08-my-port')
    expect(stdout).toContain('2 checks: 2 were seen to fail, 0 were not')
    expect(exitCode).toBe(0)
  })

  test('compiles, and no longer does when a text is missing', async () => {
    const config = join(labs.top, 'tsconfig.json')
    writeFileSync(config, JSON.stringify({ extends: '../../tsconfig.json', include: ['labs/08-my-port'] }))
    const tsc = [join(PROJECT, 'node_modules/typescript/bin/tsc'), '-p', config]
    const sound = await execa(process.execPath, tsc, { reject: false })
    expect(sound.stdout).toBe('')
    expect(sound.exitCode).toBe(0)
    const words = labs.read('08-my-port', 'narration.en.ts')
    labs.edit('08-my-port/narration.en.ts', "'timed-out': {", "'timed-in': {")
    const silent = await execa(process.execPath, tsc, { reject: false })
    labs.write('08-my-port/narration.en.ts', words)
    expect(silent.stdout).toMatch(/'timed-in'.* does not exist in type/)
  })
})

test.each(['30-a', '30-a-name-with-so-many-words-as-it-may-be', '30-8080'])(
  '%s is formatted as Prettier has it',
  async (id) => {
    const options = await resolveConfig(join(PROJECT, 'labs/x.ts'))
    for (const text of Object.values(newLab({ id, harness: '../../harness/lab.ts' }))) {
      expect(await check(text, { ...options, parser: 'typescript' })).toBe(true)
    }
  },
)

describe('names', () => {
  const folders = ['07-older', '20-taken', 'Not_A_Lab']

  test.each([
    ['my-port', '21-my-port'],
    ['31-my-port', '31-my-port'],
    ['8080', '21-8080'],
    ['06-x', '06-x'],
  ])('%s becomes %s', (word, id) => {
    expect(chooseId([word], folders)).toBe(id)
  })

  test.each([
    [[], 'it needs a name'],
    [['two', 'words'], 'join the words with hyphens: two-words'],
    [['My-Port'], "'My-Port' is no name of a lab"],
    [['my_port'], 'is no name of a lab'],
    [['../escape'], 'is no name of a lab'],
    [['31-'], 'is no name of a lab'],
    [['x'.repeat(41)], 'at most 40 letters'],
    [['20-other'], '20-taken has the number 20; 21 is free'],
    [['taken'], 'there is a lab of that name: 20-taken'],
    [['33-taken'], 'there is a lab of that name: 20-taken'],
  ])('%j is refused', (words, why) => {
    expect(() => chooseId(words, folders)).toThrow(why)
  })

  test('a refusal is one line and exit code 2, and writes nothing', async () => {
    const before = readdirSync(labs.path)
    const { exitCode, stdout, stderr } = await labs.run(LAB_NEW, 'My-Port')
    expect({ exitCode, stdout, lines: stderr.split('\n').length }).toEqual({ exitCode: 2, stdout: '', lines: 1 })
    expect(readdirSync(labs.path)).toEqual(before)
  })

  test('what stands where the lab would stand is left as it is', async () => {
    labs.write('40-file', 'mine')
    const { exitCode, stderr } = await labs.run(LAB_NEW, '40-file')
    expect(exitCode).toBe(2)
    expect(stderr).toContain('EEXIST')
    expect(labs.read('40-file')).toBe('mine')
  })
})

test('after number 99 the lowest free one is next, and after all of them none', () => {
  expect(freeNumber([])).toBe('01')
  expect(freeNumber(['01-a', '31-b'])).toBe('32')
  expect(freeNumber(['01-a', '99-b'])).toBe('02')
  const all = Array.from({ length: 99 }, (_, index) => `${String(index + 1).padStart(2, '0')}-x`)
  expect(freeNumber(all)).toBeUndefined()
})
