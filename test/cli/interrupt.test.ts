import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

import { describe, expect, onTestFinished, test } from 'vitest'

import { lab, startLab } from '../lab-command.ts'
import { leftoversAfter, newMark } from '../leftovers.ts'

const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const

describe('a signal ends a run in order', () => {
  test.for(Object.entries(SIGNALS))('%s gives exit code %i, and nothing stays behind', async ([signal, code]) => {
    const mark = newMark()
    const running = startLab(['04'], mark)
    running.stdout.once('data', () => setTimeout(() => running.kill(signal as NodeJS.Signals), 400))
    const { exitCode, stdout } = await running
    expect(exitCode).toBe(code)
    expect(stdout).toContain(`Interrupted by ${signal}`)
    expect(stdout).toMatch(/\d+ inconclusive/)
    expect(stdout).toContain('Not done: ')
    expect(stdout).not.toContain('Remember')
    expect(stdout).toMatch(/All programs that it had started have ended, and their ports are free again\.$/)
    expect(await leftoversAfter(mark)).toEqual([])
  })

  test('the same signal twice within a moment, as npm and a terminal send it, counts as one', async () => {
    const running = startLab(['04'])
    running.stdout.once('data', () => {
      running.kill('SIGINT')
      setTimeout(() => running.kill('SIGINT'), 20)
    })
    const { exitCode, stdout } = await running
    expect(exitCode).toBe(130)
    expect(stdout).toContain('Interrupted by SIGINT')
  })

  test('after SIGKILL, which the harness cannot hear, its programs are ended by the guardian', async () => {
    const mark = newMark()
    const running = startLab(['04'], mark)
    running.stdout.once('data', () => setTimeout(() => running.kill('SIGKILL'), 500))
    const { signal } = await running
    expect(signal).toBe('SIGKILL')
    expect(await leftoversAfter(mark)).toEqual([])
  })
})

test('after a signal a report for programs has every check, each with its verdict', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'interrupt-')), 'report.json')
  onTestFinished(() => rmSync(dirname(file), { recursive: true }))
  const running = startLab(['04', '--report', `json=${file}`])
  running.stdout.once('data', () => setTimeout(() => running.kill('SIGINT'), 400))
  const { exitCode } = await running
  expect(exitCode).toBe(130)
  const report = JSON.parse(readFileSync(file, 'utf8')) as {
    planned: number
    interruptedBy: string
    labs: { checks: unknown[] }[]
  }
  expect(report.interruptedBy).toBe('SIGINT')
  expect(report.labs.flatMap(({ checks }) => checks)).toHaveLength(report.planned)
})

describe('a reader that goes away', () => {
  test('ends the run quietly', async () => {
    const mark = newMark()
    const running = startLab(['04'], mark)
    running.stdout.once('data', () => running.stdout.destroy())
    const { exitCode, stderr } = await running
    expect({ exitCode, stderr }).toEqual({ exitCode: 141, stderr: '' })
    expect(await leftoversAfter(mark)).toEqual([])
  })
})

test('a lab that takes longer than --timeout is inconclusive and says so', async () => {
  const mark = newMark()
  const { exitCode, stdout } = await lab(['04', '--timeout', '0.4'], mark)
  expect(exitCode).toBe(3)
  expect(stdout).toMatch(/Nothing was observed: the lab took longer than/)
  expect(await leftoversAfter(mark)).toEqual([])
})
