/** A session at the bench that is kept as a lab: it is sound, compiles, is formatted, and runs green. */

import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { execa } from 'execa'
import { check, resolveConfig } from 'prettier'
import { afterAll, describe, expect, test } from 'vitest'

import { LAB, LAB_CHECK, LabsFolder, PROJECT } from '../catalog/labs-folder.ts'

const TRY = 'harness/cli/try.ts'
const labs = new LabsFolder()
afterAll(() => labs.delete())

describe('a session', () => {
  test('becomes a lab that is sound and green', async () => {
    const first = [
      'tcp 0.0.0.0',
      'tcp :: ipv6Only',
      '-> 127.0.0.1',
      'udp 127.0.0.1 reuseAddr',
      'udp 127.0.0.1 reuseAddr',
    ]
    const second = ['-> 127.0.0.1 udp', 'kill 1', '-> 127.0.0.1', 'tcp 127.0.0.1 bound reusePort']
    const steps = [...first, ...second, '-> 127.0.0.1 from 127.0.0.2:6011', 'close 2', '-> ::1']
    const kept = await labs.run(TRY, '--as-lab', 'kept', ...steps)
    expect(kept.stderr).toBe('')
    expect(kept.stdout).toContain(`wrote ${labs.shown('01-kept', 'lab.ts')}\n`)
    expect(await labs.run(LAB_CHECK, '01')).toMatchObject({
      exitCode: 0,
      stdout: '1 lab, 10 checks: nothing is wrong.',
    })
    const { exitCode, stdout } = await labs.run(LAB, '01')
    expect(stdout).toContain('10 passed')
    expect(exitCode).toBe(0)
  })

  test('of one step is enough', async () => {
    expect(await labs.run(TRY, '--as-lab', 'small', '-> 127.0.0.2 udp')).toMatchObject({ exitCode: 0 })
    expect((await labs.run(LAB, 'small')).stdout).toContain('1 passed')
  })

  test('is formatted as Prettier has it, and compiles', async () => {
    const options = await resolveConfig(join(PROJECT, 'labs/x.ts'))
    for (const name of ['lab.ts', 'narration.en.ts']) {
      for (const id of ['01-kept', '02-small']) {
        expect(await check(labs.read(id, name), { ...options, parser: 'typescript' })).toBe(true)
      }
    }
    const config = join(labs.top, 'tsconfig.json')
    writeFileSync(config, JSON.stringify({ extends: '../../tsconfig.json', include: ['labs'] }))
    const tsc = [join(PROJECT, 'node_modules/typescript/bin/tsc'), '-p', config]
    expect((await execa(process.execPath, tsc, { reject: false })).stdout).toBe('')
  })

  test.each([
    [['tcp ::', 'udp :: in 1'], 'step 2, udp :: in 1, cannot be kept as a lab'],
    [['-> ::1 udp from ::1:5000'], 'step 1'],
    [['tcp :: as root'], 'a lab knows one other user, nobody'],
  ])('%j is refused before it begins', async (steps, why) => {
    const { exitCode, stdout, stderr } = await labs.run(TRY, '--as-lab', 'unfit', ...steps)
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr).toContain(why)
    expect(existsSync(labs.file('03-unfit'))).toBe(false)
  })
})
