/** What an environment is in which nothing is wrong, and what it means that all labs hold in it. */

import { expect } from 'vitest'

import type { Capability } from '../../harness/domain/lab.ts'
import type { LabRunOptions } from '../lab-command.ts'
import { lab } from '../lab-command.ts'
import type { Told } from '../run-all.ts'
import { expectSound, of, runLabs, together } from '../run-all.ts'

/** How a run gets there: words before Node's, and variables. What was taken or made for it goes with the test. */
export type Way = Pick<LabRunOptions, 'prefix' | 'env'>

export type Environment = {
  /** What is so there: the test's title. */
  name: string
  /** Why it cannot be had on this machine, in one line; null where it can. Without it, it can be had everywhere. */
  whyNot?: () => string | null | Promise<string | null>
  enter: () => Way | Promise<Way>
  /** What is said where no lab can run there: in one line, with exit code 2. */
  refusal?: RegExp
  /** All of them, unless it concerns these only. */
  labs?: readonly string[]
  /** What is missing there: each is the reason of some skip. */
  lacks?: readonly Capability[]
  /** How many checks are skipped for want of what it lacks, where that is known beforehand. */
  skips?: number
  /** What may be missing as well, for whoever started the tests. */
  perhaps?: readonly Capability[]
  /** Another one in which the same labs run at the same time. */
  beside?: Environment
}

/** An upper bound: some environments are slow. */
const LIMIT_MS = 480_000

/** Runs the labs there: none fails, every skip names what is missing, and nothing stays behind. The doctor copes too. */
export async function expectToHold(environment: Environment): Promise<void> {
  const { enter, refusal, beside, labs = 'all' } = environment
  const way = await enter()
  if (refusal !== undefined) return await expectRefusal(way, refusal)
  const besideWay = await beside?.enter()
  const ways = besideWay === undefined ? [way] : [way, besideWay]
  const told = await together(...ways.map((one) => runLabs(labs, { ...one, timeoutMs: LIMIT_MS })))
  for (const [index, one] of told.entries()) expectSoundIn(index === 0 || !beside ? environment : beside, one)
  const doctor = await lab([], { ...way, command: 'harness/cli/doctor.ts' })
  expect(doctor).toMatchObject({ exitCode: 0, stderr: '' })
}

function expectSoundIn({ name, lacks = [], perhaps = [], skips }: Environment, told: Told): void {
  process.stdout.write(`${name}: ${counted(told.checks)}\n`)
  expectSound(told, lacks, perhaps)
  const missed = of(told.checks, 'skip').filter((line) => lacks.some((name) => line.includes(`: ${name}: `)))
  if (skips !== undefined) expect(missed).toHaveLength(skips)
}

async function expectRefusal(way: Way, refusal: RegExp): Promise<void> {
  const { exitCode, stdout, stderr } = await lab(['--all'], way)
  expect(stderr).toMatch(refusal)
  expect(stderr.split('\n')).toHaveLength(1)
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
}

/** `410 passed, skipped: 12 ipv6-loopback, 2 another-user`. */
function counted(checks: Told['checks']): string {
  const skips = Map.groupBy(
    checks.filter(({ verdict }) => verdict === 'skip'),
    ({ seen }) => seen.split(':')[0],
  )
  const words = [...skips].map(([capability, { length }]) => `${length} ${capability}`)
  const passed = `${of(checks, 'pass').length} passed`
  return words.length === 0 ? passed : `${passed}, skipped: ${words.join(', ')}`
}
