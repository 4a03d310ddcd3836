/** What a grader holds, and what it leaves behind when it is killed, with real processes. */

import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { LOCK, lockFolder } from '../../harness/grade/folder-lock.ts'
import { makeStage, removeLeftStages } from '../../harness/grade/stage-place.ts'
import { isStillThere, ownIdentity } from '../../harness/process/identity.ts'

let folder: string
let started: ChildProcess[]

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lock-'))
  started = []
})
afterEach(() => {
  for (const child of started) child.kill('SIGKILL')
  rmSync(folder, { recursive: true })
})

/** @param args the folder to be locked, or nothing for a stage. */
async function holder(args: readonly string[], env = {}): Promise<{ child: ChildProcess; said: string }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../fixtures/lock-holder.ts'), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  })
  started.push(child)
  const [piece] = (await once(child.stdout as NodeJS.ReadableStream, 'data')) as [Buffer]
  return { child, said: String(piece).trim() }
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL')
  await once(child, 'exit')
}

describe('the folder of a class', () => {
  test('is had by one of two processes, and by the other once the first was killed', async () => {
    const first = await holder([folder])
    expect(first.said).toBe('locked')
    const second = await holder([folder])
    expect(second.said).toMatch(
      new RegExp(`^another grader is at work there, process ${first.child.pid} since \\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z$`),
    )
    await kill(first.child)
    expect(existsSync(join(folder, LOCK))).toBe(true)
    const third = await holder([folder])
    expect(third.said).toBe('locked')
    expect(lockFolder(folder)).toEqual({ problem: expect.stringContaining(`process ${third.child.pid} `) as string })
    expect(readdirSync(folder)).toEqual([LOCK])
  })

  test('is free again when it was released', () => {
    const locked = lockFolder(folder)
    if ('problem' in locked) throw new Error(locked.problem)
    expect(lockFolder(folder)).toHaveProperty('problem')
    locked.release()
    expect(readdirSync(folder)).toEqual([])
    expect(lockFolder(folder)).not.toHaveProperty('problem')
  })

  const other = { ...ownIdentity(), host: 'elsewhere', since: '2026-11-22T10:00:00.000Z' }
  test.each([
    ['of another machine', { ...other, where: 'elsewhere' }, /of another machine or container .*"elsewhere".* remove /],
    ['that names nobody', { pid: 1 }, /does not say whose it is; .* remove /],
    ['with the number of nobody', { ...other, pid: -1 }, /does not say whose it is/],
  ])('is not taken where there is a lock %s', (_name, lock, problem) => {
    writeFileSync(join(folder, LOCK), JSON.stringify(lock))
    expect(lockFolder(folder)).toEqual({ problem: expect.stringMatching(problem) as string })
    expect(JSON.parse(readFileSync(join(folder, LOCK), 'utf8'))).toEqual(lock)
  })

  test.skipIf(process.platform !== 'linux')('is taken where another process has the number by now (Linux)', () => {
    writeFileSync(join(folder, LOCK), JSON.stringify({ ...other, start: '1' }))
    expect(lockFolder(folder)).not.toHaveProperty('problem')
  })

  test('is taken by one of many that see a lock of nobody', async () => {
    const { child } = await holder([folder])
    await kill(child)
    const all = await Promise.all(Array.from({ length: 4 }, () => holder([folder])))
    expect(all.filter(({ said }) => said === 'locked')).toHaveLength(1)
  })

  test('is not taken while somebody is about to take it', async () => {
    const { child } = await holder([folder])
    await kill(child)
    writeFileSync(join(folder, `${LOCK}.next`), '{}')
    expect(lockFolder(folder)).toEqual({ problem: expect.stringContaining('about to begin') as string })
  })
})

describe('a process', () => {
  test('is told from one that has ended, and from one of another machine', async () => {
    expect(isStillThere(ownIdentity())).toBe(true)
    expect(isStillThere({ ...ownIdentity(), where: 'elsewhere' })).toBeNull()
    const { child } = await holder([folder])
    const { pid, start, where } = JSON.parse(readFileSync(join(folder, LOCK), 'utf8')) as ReturnType<typeof ownIdentity>
    expect(isStillThere({ pid, start, where })).toBe(true)
    await kill(child)
    expect(isStillThere({ pid, start, where })).toBe(false)
  })
})

describe('the folder for a stage', () => {
  let before: string | undefined
  beforeEach(() => {
    before = process.env['TMPDIR']
    process.env['TMPDIR'] = folder
  })
  afterEach(() => {
    if (before === undefined) delete process.env['TMPDIR']
    else process.env['TMPDIR'] = before
  })

  test('of a grader that was killed is removed by the next one, and of one at work it is not', async () => {
    const own = makeStage()
    const [killed, working] = [await holder([], { TMPDIR: folder }), await holder([], { TMPDIR: folder })]
    removeLeftStages()
    expect([own, killed.said, working.said].map((one) => existsSync(one))).toEqual([true, true, true])
    await kill(killed.child)
    removeLeftStages()
    expect([own, killed.said, working.said].map((one) => existsSync(one))).toEqual([true, false, true])
  })

  test('stays where it has anything in it, is a link, is of another machine, or has another name', async () => {
    const { child, said } = await holder([], { TMPDIR: folder })
    await kill(child)
    writeFileSync(join(said, 'file'), '')
    const link = `${said.slice(0, -6)}abcdef`
    symlinkSync(folder, link)
    const elsewhere = join(folder, 'socket-labs-stage-1-1-0123456789abcdef-abcdef')
    const cache = join(folder, 'socket-labs-1000')
    for (const one of [elsewhere, cache]) mkdirSync(one)
    removeLeftStages()
    expect([said, link, elsewhere, cache].map((one) => existsSync(one))).toEqual([true, true, true, true])
  })
})
