import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, expect, test } from 'vitest'

import type { SavedRun } from '../../harness/domain/evidence.ts'
import { lab } from '../lab-command.ts'

const folder = mkdtempSync(join(tmpdir(), 'replay-'))
afterAll(() => rmSync(folder, { recursive: true }))

const file = join(folder, 'run.json')
let first: Awaited<ReturnType<typeof lab>>
beforeAll(async () => {
  first = await lab(['04', '--save', file])
})

test('saved evidence is told again word for word, without a socket', async () => {
  expect(first.exitCode).toBe(0)
  const again = await lab(['--replay', file])
  expect(again.exitCode).toBe(0)
  // Told again: the same words but for one line that says so, and for the time that the run took.
  const words = (text: string) => text.replaceAll(/, in \d+\.\d s\./g, '').split('\n')
  const told = words(again.stdout).filter((line) => !/^Told again|^opened\./.test(line))
  expect(told).toEqual(words(first.stdout))
})

test('evidence that says otherwise gets another verdict: the answers are read off it, not stored in it', async () => {
  const saved = JSON.parse(readFileSync(file, 'utf8')) as SavedRun
  const act = saved.labs[0]?.acts.find(({ act: name }) => name === 'ipv4Wildcard')
  const evidence = act?.evidence as unknown as { overIPv6: { outcome: string } }
  evidence.overIPv6.outcome = 'timed-out'
  const changed = join(folder, 'changed.json')
  writeFileSync(changed, JSON.stringify(saved))
  const { exitCode, stdout } = await lab(['--replay', changed])
  expect(exitCode).toBe(1)
  expect(stdout).toMatch(/FAIL {2}A client dials ::1, over IPv6/)
})
