/** Runs labs once, told in words and as events, and says whether what came of it is sound. */

import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect } from 'vitest'

import type { RunEvent } from '../harness/domain/event.ts'
import type { Capability } from '../harness/domain/lab.ts'
import type { CheckResult } from '../harness/domain/verdict.ts'
import type { LabRunOptions } from './lab-command.ts'
import { lab } from './lab-command.ts'
import { leftoversAfter, namesAfter, namesInKernel, newMark } from './leftovers.ts'
import { lackedHere } from './lacked-here.ts'

export type Told = {
  exitCode: number | undefined
  /** How many checks the run set out to answer. */
  planned: number
  checks: CheckResult[]
  /** The evidence, for whoever has to find out why: kept only where the run was not sound. */
  events: string
}

/** An upper bound for one run of all labs, on a machine that does other things as well. */
const LIMIT_MS = 240_000

/**
 * Runs labs, all of them unless some are named, and looks for what is left: processes, temporary files, network
 * namespaces, names of Unix-domain sockets.
 */
export async function runLabs(labs: readonly string[] | 'all', options: LabRunOptions = {}): Promise<Told> {
  const scratch = mkdtempSync(join(tmpdir(), 'all-labs-'))
  chmodSync(scratch, 0o755)
  const [reports, temporary] = ['reports', 'temporary'].map((name) => forEverybody(join(scratch, name))) as [
    string,
    string,
  ]
  const file = join(reports, 'events.ndjson')
  const mark = newMark()
  const before = namesInKernel()
  const args = labs === 'all' ? ['--all'] : labs
  const { exitCode, stdout, stderr } = await lab([...args, '--report', 'narrated', '--report', `ndjson=${file}`], {
    timeoutMs: LIMIT_MS,
    ...options,
    env: { ...options.env, ...mark.env, TMPDIR: temporary },
  })
  expect(stderr).toBe('')
  expect(stdout).toMatch(/\d+ passed|nothing was checked/)
  expect(await leftoversAfter(mark)).toEqual([])
  expect(readdirSync(temporary)).toEqual([])
  expect(await namesAfter(before)).toEqual([])
  const events = readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as RunEvent)
  if (exitCode === 0) rmSync(scratch, { recursive: true })
  return {
    exitCode,
    planned: events.flatMap((event) => (event.type === 'run-start' ? [event.checks] : []))[0] ?? Number.NaN,
    checks: events.flatMap((event) => (event.type === 'check' ? [event.result] : [])),
    events: file,
  }
}

/** Runs side by side. All come to their end, also where one of them is not as it should be: none goes on unwatched. */
export async function together(...runs: Promise<Told>[]): Promise<Told[]> {
  await Promise.allSettled(runs)
  return await Promise.all(runs)
}

/** The checks with this verdict, one line each. */
export const of = (checks: readonly CheckResult[], verdict: string) =>
  checks.filter((check) => check.verdict === verdict).map(({ lab: name, id, seen }) => `${name}: ${id}: ${seen}`)

/**
 * Every check has its answer; none failed, none was left open. What is skipped names its capability: one of `lacking`,
 * each of which is missed by some check, or one that may be lacking: `perhaps`, or for want of a tool on this machine.
 */
export function expectSound(
  told: Told,
  lacking: readonly Capability[] = [],
  perhaps: readonly Capability[] = [],
): void {
  const { exitCode, planned, checks, events } = told
  expect(of(checks, 'fail'), events).toEqual([])
  expect(of(checks, 'inconclusive'), events).toEqual([])
  expect(exitCode).toBe(0)
  expect(checks).toHaveLength(planned)
  const skips = checks.filter(({ verdict }) => verdict === 'skip')
  for (const { seen } of skips) expect(seen).toMatch(/^[a-z0-9-]+: \S.*\S$/)
  const missed = ({ seen }: CheckResult) => seen.split(':')[0] as Capability
  const may = [...lacking, ...perhaps, ...lackedHere()]
  const unforeseen = skips.filter((skip) => !may.includes(missed(skip)))
  expect(of(unforeseen, 'skip'), events).toEqual([])
  expect([...new Set(skips.map(missed))]).toEqual(expect.arrayContaining([...lacking]))
}

/** As /tmp is: whoever runs the labs may write there. */
function forEverybody(folder: string): string {
  mkdirSync(folder)
  chmodSync(folder, 0o1777)
  return folder
}
