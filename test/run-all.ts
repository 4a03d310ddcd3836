/** Runs all labs once, and says whether what came of it is sound. */

import { expect } from 'vitest'

import type { CheckResult } from '../harness/domain/verdict.ts'
import type { LabRunOptions } from './lab-command.ts'
import { lab } from './lab-command.ts'
import { leftoversAfter, newMark } from './leftovers.ts'

type Told = Pick<CheckResult, 'id' | 'lab' | 'verdict' | 'seen'>

/** Runs all labs and returns what each check came to. */
export async function runAll(options: LabRunOptions = {}): Promise<{ exitCode: number | undefined; checks: Told[] }> {
  const mark = newMark()
  const { exitCode, stdout, stderr } = await lab(['--all', '--report', 'ndjson'], {
    ...options,
    env: { ...options.env, ...mark.env },
  })
  expect(stderr).toBe('')
  expect(await leftoversAfter(mark)).toEqual([])
  const events = stdout.split('\n').map((line) => JSON.parse(line) as { type: string; result?: Told })
  return { exitCode, checks: events.flatMap(({ type, result }) => (type === 'check' && result ? [result] : [])) }
}

/** The checks with this verdict, one line each. */
export const of = (checks: Told[], verdict: string) =>
  checks.filter((check) => check.verdict === verdict).map(({ lab: name, id, seen }) => `${name}: ${id}: ${seen}`)

/** Neither failed nor left open. What is skipped is given back, to be looked at. */
export function expectSound({ exitCode, checks }: { exitCode: number | undefined; checks: Told[] }): string[] {
  expect(of(checks, 'fail')).toEqual([])
  expect(of(checks, 'inconclusive')).toEqual([])
  expect(exitCode).toBe(0)
  const skipped = of(checks, 'skip')
  for (const line of skipped) expect(line).toMatch(/: [a-z0-9-]+: \S.* .*\S$/)
  return skipped
}
