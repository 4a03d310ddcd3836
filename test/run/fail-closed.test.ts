/** Whatever a program or an experiment does, the harness passes nothing that it did not see, and cleans up. */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, test } from 'vitest'

import { loadLab } from '../../harness/catalog/load.ts'
import type { CheckResult } from '../../harness/domain/verdict.ts'
import { readKernelTables } from '../../harness/listing/kernel-tables.ts'
import { whyNotFree } from '../../harness/network/free.ts'
import { run } from '../../harness/run/run.ts'
import { startLab } from '../lab-command.ts'
import type { Mark } from '../leftovers.ts'
import { leftoversAfter, newMark } from '../leftovers.ts'

const FIXTURES = join(import.meta.dirname, '../fixtures')

/** For fixtures that would wait for ever, the seconds for the whole lab: more where a program must print something before. */
const LIMIT_S: Record<string, number> = {
  '01-rubbish': 4,
  '03-never-ready': 1,
  // execa would have it killed after five.
  '05-ignores-sigterm': 7,
  '06-says-listening': 4,
  '09-never-ends': 4,
  '18-floods-stderr': 4,
}
/** The harness alone has about 90 MB; a flood of 100 MB that it kept would double that. */
const BOUND_MB = 170

type Told = {
  exitCode: number | undefined
  result: CheckResult
  peakMb: number
  left: string[]
  rows: number
}

/** Runs a fixture by the command line on a port of its own. That it ends at all is what the test's own limit sees to. */
async function tell(id: string, folder = 'labs', mark: Mark = newMark()): Promise<Told> {
  const port = await freePort()
  const limit = LIMIT_S[id] === undefined ? [] : ['--timeout', String(LIMIT_S[id])]
  const args = [id, '--port', String(port), ...limit, '--report', 'ndjson']
  const running = startLab(args, { env: { ...mark.env, SOCKET_LABS_FOLDER: join(FIXTURES, folder) } })
  let peakMb = 0
  const watch = setInterval(() => {
    peakMb = Math.max(peakMb, peakOf(running.pid))
  }, 25)
  const { exitCode, stdout } = await running
  clearInterval(watch)
  const left = await leftoversAfter(mark)
  const rows = readKernelTables({ port, holders: false })?.rows.filter(({ state }) => state === 'LISTEN').length ?? 0
  const results = stdout
    .split('\n')
    .filter((line) => line.startsWith('{"type":"check"'))
    .map((line) => (JSON.parse(line) as { result: CheckResult }).result)
  expect(results).toHaveLength(1)
  return { exitCode, result: results[0] as CheckResult, peakMb, left, rows }
}

/** Outside the numbers that runs of labs take. */
async function freePort(): Promise<number> {
  for (;;) {
    const port = 8_200 + Math.floor(Math.random() * 1_700)
    if ((await whyNotFree(port)) === null) return port
  }
}

/** The most memory that a process has had so far, in megabytes; 0 where it has gone. */
function peakOf(pid: number | undefined): number {
  try {
    return Number(/^VmHWM:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024
  } catch {
    return 0
  }
}

describe('is inconclusive with the reason, exit code 3, and leaves nothing behind:', () => {
  test.concurrent.for([
    // Those that take longest begin first.
    [
      '18-floods-stderr',
      'a program that floods its error output',
      /^the lab took longer than 4 s; it waited for floods/,
    ],
    [
      '05-ignores-sigterm',
      'a program that ignores SIGTERM',
      /^the lab took longer than 7 s; it waited for ignores-sigterm \(process \d+\) to end after SIGTERM$/,
    ],
    [
      '09-never-ends',
      'an experiment that never ends',
      /^the lab took longer than 4 s; nothing more came .* after step 1$/,
    ],
    [
      '06-says-listening',
      'a program that says it listens and does not',
      /waited (\d+ ms )?for the row of says-listening on 127\.0\.0\.1:\d+/,
    ],
    [
      '01-rubbish',
      'a program that prints rubbish',
      /^the lab took .* waited for rubbish .*; it printed: listening on port/,
    ],
    [
      '03-never-ready',
      'a program that never becomes ready',
      /^the lab took longer than 1 s; it waited for never-ready \(process \d+\) to listen, to bind/,
    ],
    ['02-exits-early', 'a program that exits early', /^exits-early ended with exit code 7 before .*: I had enough$/],
    ['04-floods', 'a program that floods its output once it listens', /^floods printed more than a megabyte/],
    [
      '07-says-in-use',
      'a program that says EADDRINUSE of a free port',
      /says EADDRINUSE, but .* show nobody on port \d+$/,
    ],
    ['08-throws', 'an experiment that throws', /^Error: the experiment has a slip at .*lab\.ts:\d+/],
    ['19-drops-a-promise', 'an experiment that drops a promise', /^an error that nobody caught: Error: nobody waited/],
    ['10-no-text', 'a lab without text', /narration\.en\.ts is missing/],
    [
      '11-missing-program',
      'a program that is not there',
      /^there is no program not-there: programs\/not-there\.ts is missing$/,
    ],
    ['12-half-an-event', 'a program that says half of an event', /^half-an-event printed an event that lacks a part/],
    [
      '14-dies-at-once',
      'a program that has closed what it says',
      /^dies-at-once ended .* before its socket on .* was seen/,
    ],
    ['15-looks-at-nothing', 'an answer that no step bears out', /^the answer rests on no step/],
    ['16-false-code', 'a refusal whose code reads like a success', /^false-code printed an event that lacks a part/],
    ['17-floods-first', 'a program that floods its output before it listens', /^floods printed more than a megabyte/],
  ] as const)('%s, %s', { timeout: 60_000 }, async ([id, , reason]) => {
    const { exitCode, result, peakMb, left, rows } = await tell(id)
    expect({ verdict: result.verdict, observed: result.observed }).toEqual({ verdict: 'inconclusive', observed: null })
    expect(result.seen).toMatch(reason)
    expect(exitCode).toBe(3)
    expect(left).toEqual([])
    expect(rows).toBe(0)
    expect(peakMb).toBeLessThan(BOUND_MB)
  })

  test.concurrent.for(['01-castor', '01-pollux'])('%s, whose number another lab has, too', async (id) => {
    const { exitCode, result, left } = await tell(id, 'twins')
    expect({ exitCode, verdict: result.verdict, left }).toEqual({ exitCode: 3, verdict: 'inconclusive', left: [] })
    expect(result.seen).toMatch(/01-castor and 01-pollux|01-pollux and 01-castor/)
    expect(result.seen).toContain('same number')
  })
})

test.concurrent('a daemon that a program leaves with its socket is ended with the act', async () => {
  const { exitCode, result, left, rows } = await tell('13-leaves-a-daemon')
  expect({ exitCode, verdict: result.verdict }).toEqual({ exitCode: 0, verdict: 'pass' })
  expect({ left, rows }).toEqual({ left: [], rows: 0 })
})

test.concurrent('an experiment that ends the harness as if all were well', async () => {
  const mark = newMark()
  const args = ['20', '--report', 'ndjson', '--port', String(await freePort())]
  const running = startLab(args, { env: { ...mark.env, SOCKET_LABS_FOLDER: join(FIXTURES, 'labs') } })
  const { exitCode, stderr, stdout } = await running
  expect({ exitCode, left: await leftoversAfter(mark) }).toEqual({ exitCode: 3, left: [] })
  expect(stderr).toBe('lab: a lab has ended the harness, as process.exit() does: nothing of this run counts')
  expect(stdout).not.toContain('"verdict"')
})

test.concurrent('a run that is aborted beforehand performs nothing, and answers every check', async () => {
  const reason = new Error('SIGTERM')
  const lab = await loadLab('13-leaves-a-daemon', join(FIXTURES, 'labs'))
  const events = await Array.fromAsync(run([lab], { jobs: 1, rounds: 1, signal: AbortSignal.abort(reason) }))
  const results = events.flatMap((event) => (event.type === 'check' ? [event.result] : []))
  expect(results.map(({ verdict, seen }) => [verdict, seen])).toEqual([['inconclusive', 'SIGTERM']])
  expect(events.filter(({ type }) => type === 'step')).toEqual([])
  expect(events.at(-1)).toMatchObject({ type: 'run-end', interruptedBy: 'SIGTERM' })
})

test.concurrent('a run whose reader goes away ends its programs', async () => {
  const mark = newMark()
  const lab = await loadLab('09-never-ends', join(FIXTURES, 'labs'))
  const fault = { nodeArguments: [], env: mark.env }
  let seen = ''
  for await (const event of run([lab], { jobs: 1, rounds: 1, fault, signal: new AbortController().signal })) {
    seen = event.type
    if (seen === 'step') break
  }
  expect(seen).toBe('step')
  expect(await leftoversAfter(mark, 100)).toEqual([])
})
