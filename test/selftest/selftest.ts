/** `npm run selftest`: shows that every check can fail, by running each lab under the lies that its checks name. */

import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'

import { listenForSignals } from '../../harness/cli/signals.ts'
import { UsageError } from '../../harness/cli/usage.ts'
import type { Lie } from '../../harness/domain/lie.ts'
import type { LoadedLab } from '../../harness/domain/loaded-lab.ts'
import type { CheckResult } from '../../harness/domain/verdict.ts'
import { countVerdicts } from '../../harness/domain/verdict.ts'
import { NO_FAULT } from '../../harness/run/cast.ts'
import { run } from '../../harness/run/run.ts'
import { leftoversAfter, newMark } from '../leftovers.ts'
import { faultFor } from '../lies/fault.ts'
import { judge } from './judge.ts'
import type { Plan, SelftestOptions } from './plan.ts'
import { actsUnder, HELP, planSelftest, readSelftestOptions } from './plan.ts'
import { Places } from './places.ts'

/** The answers of one run, by check. */
type Seen = Map<string, CheckResult>

/** One run more than there are cores, as a lab spends most of its time waiting. */
const places = new Places(availableParallelism() + 1)
const interruption = listenForSignals()
const mark = newMark()
const tested = { failed: 0, skipped: 0, unproven: [] as string[] }

try {
  const options = readSelftestOptions(process.argv.slice(2))
  if (options.help) say(HELP.trimEnd())
  else process.exitCode = await selftest(options)
} catch (error) {
  if (!(error instanceof UsageError)) throw error
  process.stderr.write(`selftest: ${error.message}\n`)
  process.exitCode = 2
}

async function selftest(options: SelftestOptions): Promise<number> {
  const since = performance.now()
  if (options.sample) say(`This is --sample ${options.sample.size}/${options.sample.seed}.`)
  const plans = await planSelftest(options)
  // All wait for a place at once, and are told in their order. A lab that must be alone comes when the others are done.
  const told = plans.filter(({ lab }) => !lab.lab.alone).map((plan) => testLab(plan))
  for (const one of told) for (const line of await one) say(line)
  for (const plan of plans.filter(({ lab }) => lab.lab.alone)) for (const line of await testLab(plan)) say(line)
  const left = existsSync('/proc') ? await leftoversAfter(mark) : []
  for (const one of left) process.kill(Number.parseInt(one), 'SIGKILL')
  const { failed, skipped, unproven } = tested
  for (const problem of unproven) say(`NOT SEEN TO FAIL  ${problem}`)
  for (const one of left) say(`LEFT RUNNING  ${one}`)
  const seconds = ((performance.now() - since) / 1000).toFixed(1)
  const parts = [
    `${failed} were seen to fail`,
    `${unproven.length} were not`,
    `${skipped} were skipped on this machine`,
  ]
  say(`${failed + unproven.length + skipped} checks: ${parts.join(', ')}, in ${seconds} s.`)
  const isWhole = failed + skipped > 0 && unproven.length === 0 && left.length === 0
  return interruption.exitCode() ?? (isWhole ? 0 : 1)
}

/** Runs the lab without a lie and under each of its lies; what is to be told of it, line by line. */
async function testLab({ lab, lies }: Plan): Promise<string[]> {
  const trial = (lie: Lie | null) => places.take(() => perform(actsUnder(lab, lie === null ? lies : [lie]), lie))
  const honest = trial(null)
  const trials = lies.map((lie) => ({ lie, lied: trial(lie) }))
  const lines = await Promise.all(trials.map(async ({ lie, lied }) => report(lab, lie, await honest, await lied)))
  return [lab.id, ...lines.flat()]
}

async function perform(lab: LoadedLab, lie: Lie | null): Promise<Seen> {
  const { nodeArguments, env } = lie === null ? NO_FAULT : faultFor(lie)
  const fault = { nodeArguments, env: { ...env, ...mark.env } }
  const seen: Seen = new Map()
  if (interruption.signal.aborted) return seen
  for await (const event of run([lab], { jobs: 1, rounds: 1, fault, signal: interruption.signal })) {
    if (event.type === 'check') seen.set(event.result.id, event.result)
  }
  return seen
}

/** Answers that a signal cut short say nothing about a check. */
function report(lab: LoadedLab, lie: Lie, honest: Seen, lied: Seen): string[] {
  if (interruption.signal.aborted) return []
  const checks = checksOf(lab, lie)
  const others = [...lied.values()].filter(({ id }) => !checks.includes(id))
  const { pass, fail, inconclusive } = countVerdicts(others)
  const besides = `under it ${pass} other checks of these acts passed, ${fail} failed, ${inconclusive} were inconclusive`
  const lines = checks.map((check) => {
    const { outcome, saw, problem } = judge(honest.get(check), lied.get(check))
    if (problem === null) tested[outcome] += 1
    else tested.unproven.push(`${lab.id}: ${check}, under ${lie}: ${problem}`)
    return `    ${outcome.padEnd(8)}  ${check}: ${saw}`
  })
  return [`  ${lie} (${besides})`, ...lines]
}

function checksOf({ lab }: LoadedLab, lie: Lie): string[] {
  const checks = Object.values(lab.acts).flatMap((act) => Object.entries(act.checks))
  return checks.filter(([, check]) => check.lie === lie).map(([id]) => id)
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
