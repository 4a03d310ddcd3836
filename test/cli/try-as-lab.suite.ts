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

  test('keeps processes with several sockets, clients with an end of their own, and whoever met itself', async () => {
    const first = ['tcp 127.0.0.1', 'udp 0.0.0.0 reuseAddr in 1', 'udp 127.0.0.1 reuseAddr in 1', '-> 127.0.0.2 udp']
    const second = ['-> 127.0.0.1 udp from 127.0.0.3:6013', 'close 3', '-> 127.0.0.1 udp from 127.0.0.3:6013']
    const third = ['tcp 127.0.0.1', 'tcp ::1 bound in 1', '-> 127.0.0.1', 'kill 2', '-> 127.0.0.1']
    const own = ['-> 127.0.0.1 from 127.0.0.1:7461', '-> 127.0.0.1 udp from 127.0.0.1:7461']
    const kept = await labs.run(TRY, '--port', '7461', '--as-lab', 'several', ...first, ...second, ...third, ...own)
    expect(kept).toMatchObject({ exitCode: 0, stderr: '' })
    const text = labs.read('03-several', 'lab.ts')
    expect(text).toContain('const socket3 = await proceed(process1, `3 udp 127.0.0.1 ${port} reuseAddr`)')
    expect(text).toContain("await ask(process1, '3 close', 'closed')")
    expect(text).toContain("outcome: 'itself'")
    const { exitCode, stdout } = await labs.run(LAB, 'several')
    expect(stdout).toContain('12 passed')
    expect(exitCode).toBe(0)
  })

  test('expects any one of a group where one of a group got it', async () => {
    const group = ['tcp 127.0.0.1 reusePort', 'tcp 127.0.0.1 reusePort', '-> 127.0.0.1', 'kill 1', '-> 127.0.0.1']
    expect(await labs.run(TRY, '--as-lab', 'group', ...group)).toMatchObject({ exitCode: 0, stderr: '' })
    expect(labs.read('04-group', 'lab.ts')).toContain("outcome: ['socket1', 'socket2']")
    expect((await labs.run(LAB, 'group')).stdout).toContain('4 passed')
  })

  test('tells its programs line by line where one socket with reusePort follows another and a client', async () => {
    const steps = [
      'tcp 127.0.0.1 reusePort',
      '-> 127.0.0.1',
      'kill 1',
      'tcp 127.0.0.1',
      'close 9',
      'tcp 127.0.0.1 as 1234567',
    ]
    const wrong = await labs.run(TRY, '--as-lab', 'after', ...steps)
    expect(wrong).toMatchObject({ exitCode: 2, stdout: '' })
    const kept = await labs.run(
      TRY,
      '--as-lab',
      'after',
      ...steps.filter((one) => one !== 'close 9'),
      'tcp :: as no-one',
    )
    expect(kept.stderr).toContain('knows one other user')
    const whole = await labs.run(TRY, '--as-lab', 'after', ...steps.slice(0, 4), 'tcp 127.0.0.2 as no-such-user')
    expect(whole.stdout).toContain('Left out, because nothing was observed:\n  5  tcp 127.0.0.2 as no-such-user\n')
    expect(labs.read('05-after', 'lab.ts')).toContain('await proceed(process4, `4 tcp 127.0.0.1 ${port}`)')
    expect((await labs.run(LAB, 'after')).stdout).toContain('3 passed')
  })

  test('is formatted as Prettier has it, and compiles', async () => {
    const options = await resolveConfig(join(PROJECT, 'labs/x.ts'))
    for (const name of ['lab.ts', 'narration.en.ts']) {
      for (const id of ['01-kept', '02-small', '03-several', '04-group', '05-after']) {
        expect(await check(labs.read(id, name), { ...options, parser: 'typescript' })).toBe(true)
      }
    }
    const config = join(labs.top, 'tsconfig.json')
    writeFileSync(config, JSON.stringify({ extends: '../../tsconfig.json', include: ['labs'] }))
    const tsc = [join(PROJECT, 'node_modules/typescript/bin/tsc'), '-p', config]
    expect((await execa(process.execPath, tsc, { reject: false })).stdout).toBe('')
  })

  test('with two other users is refused before it begins', async () => {
    const steps = ['tcp ::', 'udp :: as 65533', 'udp ::1 as 65534']
    const { exitCode, stdout, stderr } = await labs.run(TRY, '--as-lab', 'unfit', ...steps)
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr).toContain('step 3: udp ::1 as 65534 cannot be kept as a lab, which knows one other user')
    expect(existsSync(labs.file('06-unfit'))).toBe(false)
  })
})
