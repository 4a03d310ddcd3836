/**
 * `npm run selftest`: shows that every check can fail, by running each lab under the lies that its checks name; and that
 * no lie makes another check pass falsely.
 */

import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'

import { listenForSignals } from '../../harness/cli/signals.ts'
import { UsageError } from '../../harness/cli/usage.ts'
import type { ActEvidence } from '../../harness/domain/evidence.ts'
import type { Lie } from '../../harness/domain/lie.ts'
import type { LoadedLab } from '../../harness/domain/loaded-lab.ts'
import type { CheckResult } from '../../harness/domain/verdict.ts'
import { countVerdicts } from '../../harness/domain/verdict.ts'
import type { Fault } from '../../harness/run/cast.ts'
import { NO_FAULT } from '../../harness/run/cast.ts'
import { run } from '../../harness/run/run.ts'
import { leftoversAfter, newMark } from '../leftovers.ts'
import type { Call } from '../lies/calls.ts'
import { faultForCall, whyNoCalls } from '../lies/calls.ts'
import { faultFor } from '../lies/fault.ts'
import { falseWords, wordsAlone } from './false-pass.ts'
import { judge } from './judge.ts'
import type { Plan, SelftestOptions } from './plan.ts'
import { actsUnder, HELP, planCalls, planSelftest, readSelftestOptions } from './plan.ts'
import { Places } from '../../harness/host/places.ts'

/** The answers of one run, by check, and what they were read off, by act. */
type Seen = { results: Map<string, CheckResult>; acts: Map<string, ActEvidence> }

/** One run more than there are cores, as a lab spends most of its time waiting. */
const places = new Places(availableParallelism() + 1)
const interruption = listenForSignals()
const mark = newMark()
const tested = { failed: 0, skipped: 0, unproven: [] as string[], falsePasses: [] as string[] }

try {
  const options = readSelftestOptions(process.argv.slice(2))
  if (options.help) say(HELP.trimEnd())
  else process.exitCode = await (options.calls ? testCalls(options) : selftest(options))
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
  const { failed, skipped, unproven } = tested
  for (const problem of unproven) say(`NOT SEEN TO FAIL  ${problem}`)
  const parts = [
    `${failed} were seen to fail`,
    `${unproven.length} were not`,
    `${skipped} were skipped on this machine`,
  ]
  const isWhole = failed + skipped > 0 && unproven.length === 0
  return await close(isWhole, `${failed + unproven.length + skipped} checks: ${parts.join(', ')}`, since)
}

/** Labs under system calls that are answered and never done. */
async function testCalls(options: SelftestOptions): Promise<number> {
  const since = performance.now()
  const why = whyNoCalls()
  if (why !== null) {
    say(`Skipped: ${why}.`)
    return 0
  }
  if (options.sample) say(`This is --calls --sample ${options.sample.size}/${options.sample.seed}.`)
  const plans = await planCalls(options)
  const counts = { pass: 0, fail: 0, inconclusive: 0 }
  const trials = plans.flatMap(({ lab, lies }) =>
    lies.map((call) => ({ lab, call, lied: places.take(() => perform(lab, faultForCall(call))) })),
  )
  for (const { lab, call, lied } of trials) {
    const seen = await lied
    if (interruption.signal.aborted) continue
    const { pass, fail, inconclusive } = countVerdicts([...seen.results.values()])
    counts.pass += pass
    counts.fail += fail
    counts.inconclusive += inconclusive
    say(`${lab.id}, ${call} answered with 0: ${pass} passed, ${fail} failed, ${inconclusive} were inconclusive`)
    findFalsePasses(lab, call, seen, [])
  }
  const told = `${counts.pass} passed, ${counts.fail} failed, ${counts.inconclusive} were inconclusive`
  // A lab of a sample may never make the call: then all of it passes, and rightly so.
  const hasShown = counts.fail + counts.inconclusive > 0 || (options.sample !== null && counts.pass > 0)
  return await close(hasShown, told, since)
}

/** What was left running, what passed falsely, and the line that ends every selftest. */
async function close(isWhole: boolean, told: string, since: number): Promise<number> {
  const left = existsSync('/proc') ? await leftoversAfter(mark) : []
  for (const one of left) process.kill(Number.parseInt(one), 'SIGKILL')
  for (const one of left) say(`LEFT RUNNING  ${one}`)
  const { falsePasses } = tested
  for (const one of falsePasses) say(`PASSED FALSELY  ${one}`)
  const seconds = ((performance.now() - since) / 1000).toFixed(1)
  say(`${told}; ${falsePasses.length} passed falsely, in ${seconds} s.`)
  return interruption.exitCode() ?? (isWhole && left.length === 0 && falsePasses.length === 0 ? 0 : 1)
}

/** A pass of another check must not rest on the word that the lie makes false. */
function findFalsePasses({ id }: LoadedLab, lie: Lie | Call, { results, acts }: Seen, own: readonly string[]): void {
  for (const result of results.values()) {
    const act = acts.get(result.act)
    const words = act && !own.includes(result.id) ? falseWords(lie, result, act) : []
    if (words.length > 0) tested.falsePasses.push(`${id}: ${result.id}, under ${lie}, by the word ${words.join(', ')}`)
  }
}

/** Runs the lab without a lie and under each of its lies; what is to be told of it, line by line. */
async function testLab({ lab, lies }: Plan): Promise<string[]> {
  const trial = (lie: Lie | null) =>
    places.take(() => perform(actsUnder(lab, lie === null ? lies : [lie]), lie === null ? NO_FAULT : faultFor(lie)))
  const honest = trial(null)
  const trials = lies.map((lie) => ({ lie, lied: trial(lie) }))
  const lines = await Promise.all(trials.map(async ({ lie, lied }) => report(lab, lie, await honest, await lied)))
  return [lab.id, ...lines.flat()]
}

async function perform(lab: LoadedLab, told: Fault): Promise<Seen> {
  const fault = { ...told, env: { ...told.env, ...mark.env } }
  const seen: Seen = { results: new Map(), acts: new Map() }
  if (interruption.signal.aborted) return seen
  for await (const event of run([lab], { jobs: 1, rounds: 1, fault, signal: interruption.signal })) {
    if (event.type === 'check') seen.results.set(event.result.id, event.result)
    if (event.type === 'act-end') seen.acts.set(event.evidence.act, event.evidence)
  }
  return seen
}

/** Answers that a signal cut short say nothing about a check. */
function report(lab: LoadedLab, lie: Lie, honest: Seen, lied: Seen): string[] {
  if (interruption.signal.aborted) return []
  const checks = checksOf(lab, lie)
  const others = [...lied.results.values()].filter(({ id }) => !checks.includes(id))
  const byWord = others.filter((one) => restsOnWord(one, lied))
  findFalsePasses(lab, lie, lied, checks)
  const { pass, fail, inconclusive } = countVerdicts(others)
  const besides = `under it ${pass} other checks of these acts passed (${byWord.length} by a program's own word), ${fail} failed, ${inconclusive} were inconclusive`
  const lines = checks.map((check) => {
    const { outcome, saw, problem } = judge(honest.results.get(check), lied.results.get(check))
    if (problem === null) tested[outcome] += 1
    else tested.unproven.push(`${lab.id}: ${check}, under ${lie}: ${problem}`)
    return `    ${outcome.padEnd(8)}  ${check}: ${saw}`
  })
  return [`  ${lie} (${besides})`, ...lines]
}

/** Whether a pass rests on something that only the program could see. */
function restsOnWord({ verdict, act, restsOn }: CheckResult, { acts }: Seen): boolean {
  const evidence = acts.get(act)
  return verdict === 'pass' && evidence !== undefined && wordsAlone(evidence, restsOn).length > 0
}

function checksOf({ lab }: LoadedLab, lie: Lie): string[] {
  const checks = Object.values(lab.acts).flatMap((act) => Object.entries(act.checks))
  return checks.filter(([, check]) => check.lie === lie).map(([id]) => id)
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
