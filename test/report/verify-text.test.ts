import { describe, expect, test } from 'vitest'

import type { RunEvent } from '../../harness/domain/event.ts'
import type { Cause, Diagnosis, Verification } from '../../harness/domain/verification.ts'
import { createVerifyText } from '../../harness/report/verify-text.ts'
import { compareRuns } from '../../harness/verify/compare.ts'
import { machine, saved } from '../verify/saved-runs.ts'
import type { StreamOptions } from './stream.ts'
import { everyVerdict, interruptedStream, mayBeWide, plainLayout, stream, STREAMS, written } from './stream.ts'

const NOTHING: Verification = { shard: null, diagnoses: [], unsteady: [], baseline: null, random: null }

/** The events with what `npm run verify` adds to them. */
function verified(events: readonly RunEvent[], change: Partial<Verification> = {}, isKnown = true): RunEvent[] {
  return events.flatMap((event): RunEvent[] => {
    if (event.type !== 'run-end') return [event]
    const known: RunEvent[] = isKnown ? [{ type: 'machine', machine: machine() }] : []
    return [...known, { type: 'verified', verification: { ...NOTHING, ...change } }, event]
  })
}

const told = (options: StreamOptions, change: Partial<Verification> = {}, columns = 80) =>
  written(createVerifyText(plainLayout(columns)), verified(stream(options), change))

const CAUSE: Cause = {
  kind: 'setting',
  found: 'net.ipv6.bindv6only is 1 (0 is usual)',
  explains: 'A socket on :: then takes no IPv4.',
  remedy: 'sysctl -w net.ipv6.bindv6only=0',
  source: 'ipv6(7)',
}

const diagnosis = (check: string, causes: Cause[], verdict: Diagnosis['verdict'] = 'fail'): Diagnosis => {
  const observed = verdict === 'fail' ? 'ECONNREFUSED' : null
  return { lab: '90-example', check, question: '', verdict, observed, expected: [], seen: '', causes }
}

describe('the table', () => {
  test('has a row for each lab, and is all that a run without surprises is told with', async () => {
    expect((await told({ checks: [{}, { id: 'other' }] })).split('\n')).toEqual([
      'lab         pass  FAIL  noted  skip  inconclusive    time',
      '90-example     2     -      -     -             -   0.6 s',
      '',
      'Seen on Linux 6.18.0 on x64, Node 26.10.0 (brought along), libuv 1.52.1, client',
      'ports 32768 to 60999, as an ordinary user.',
      '1 lab: 2 passed, in 2.1 s.',
      'No surprise. Sockets behave here as expected.',
      '',
    ])
  })

  test('adds the rounds of a lab up in one row, and all labs in the last one', async () => {
    const [, row, total] = (await told({ checks: everyVerdict, rounds: 3 })).split('\n')
    expect(row).toBe('90-example          3     3      3     3             3   1.8 s')
    expect(total).toBe('3 runs of 1 lab     3     3      3     3             3   2.1 s')
  })

  test('is a sentence for each lab where there is no room', async () => {
    const text = await told({ checks: everyVerdict }, {}, 40)
    expect(text).toContain('90-example: 1 failed, 1 inconclusive, 1\n  passed, 1 noted, 1 skipped, 0.6 s\n')
    expect(text).not.toContain('FAIL  noted')
  })
})

describe('a surprise', () => {
  const failing = { checks: [{ verdict: 'fail' as const }] }

  test('is told so that the report alone says what was asked, expected, seen and why it may be', async () => {
    const text = await told(failing, { diagnoses: [diagnosis('client-reaches-listener', [CAUSE])] })
    expect(text).toContain(
      [
        'Surprises',
        'FAIL  90-example: client-reaches-listener',
        '      Does the client reach the listener?',
        '  2  $ nc -v 127.0.0.1 8080',
        '     refused: ECONNREFUSED',
        '      Should have been: Yes. (ip(7))',
        '      But was: The client was refused. (step 2)',
        '      Why: Nobody listens.',
        '      Probably because: net.ipv6.bindv6only is 1 (0 is usual). A socket on ::',
        '      then takes no IPv4.',
        '      What to do: sysctl -w net.ipv6.bindv6only=0',
        '      See ipv6(7).',
        '      Asked in labs/90-example/lab.ts:12. All its steps: npm run lab 90-example',
      ].join('\n'),
    )
    expect(text).toMatch(/Not as expected: 1 check failed\.\n$/)
  })

  test('that nothing known explains says so', async () => {
    const text = await told(failing, { diagnoses: [diagnosis('client-reaches-listener', [])] })
    expect(text).toContain('Nothing known explains it.')
    expect(text.match(/Please report it/g)).toHaveLength(1)
  })

  test('may have a cause that is only a guess', async () => {
    const guess = diagnosis('client-reaches-listener', [{ ...CAUSE, isGuess: true }])
    expect(await told(failing, { diagnoses: [guess] })).toContain('Perhaps because: net.ipv6.bindv6only is 1')
  })

  test('of a machine that is not known says that nobody looked', async () => {
    const text = await written(createVerifyText(plainLayout()), verified(stream(failing), {}, false))
    expect(text).toContain('so no cause could be looked\n      for.')
    expect(text).not.toContain('Nothing known')
  })

  test('with the cause of another one names it, and does not explain it again', async () => {
    const checks = ['one', 'two'].map((id) => ({ id, verdict: 'fail' as const }))
    const text = await told({ checks }, { diagnoses: [diagnosis('one', [CAUSE]), diagnosis('two', [CAUSE])] })
    expect(text.match(/A socket on ::/g)).toHaveLength(1)
    expect(text).toContain('Probably because, as above: net.ipv6.bindv6only is 1 (0 is usual).')
  })

  test('of several checks of an act that one reason left open is told once', async () => {
    const checks = ['one', 'two'].map((id) => ({ id, verdict: 'inconclusive' as const }))
    const text = await told({ checks }, { diagnoses: [diagnosis('one', [CAUSE], 'inconclusive')] })
    expect(text.match(/inconclusive {2}90-example/g)).toHaveLength(2)
    expect(text.match(/Nothing was observed/g)).toHaveLength(1)
    expect(text).toMatch(/Not decided: 2 checks came to no observation\.\n$/)
  })

  test('of several rounds is told once, with how often it came', async () => {
    const text = await told({ ...failing, rounds: 3 })
    expect(text.match(/FAIL {2}90-example/g)).toHaveLength(1)
    expect(text).toContain('In 3 of 3 runs.')
  })
})

test('skips stand together by their reason', async () => {
  const checks = ['one', 'two'].map((id) => ({ id, verdict: 'skip' as const }))
  const text = await told({ checks })
  expect(text).toContain('Skipped\n  2 checks of 90-example: ipv6-loopback: no address ::1.\n')
  expect(text).toMatch(/Nothing was checked\.\n$/)
})

test('unsteady checks are named with their answers', async () => {
  const answers = [
    { answer: 'connected', count: 4 },
    { answer: 'timed-out', count: 1 },
  ]
  const text = await told({ checks: [{}] }, { unsteady: [{ lab: '90-example', check: 'one', question: '', answers }] })
  expect(text).toContain('  90-example: one: connected 4 times, timed-out once.\n')
  expect(text).toMatch(/Nothing failed, but 1 check did not always give the same answer\.\n$/)
})

describe('a baseline', () => {
  const against = (outcome: string) =>
    compareRuns([
      { label: 'there', saved: saved({ '90-example/client-reaches-listener': outcome }) },
      { label: 'this run', saved: saved({ '90-example/client-reaches-listener': 'ECONNREFUSED' }) },
    ])

  test('that differs is shown with both answers, and the surprise says only why', async () => {
    const text = await told({ checks: [{ verdict: 'fail' }] }, { baseline: against('connected') })
    expect(text).toContain('90   client-reaches-listener  connected  ECONNREFUSED')
    expect(text).toContain('FAIL  90-example: client-reaches-listener')
    expect(text).not.toContain('Should have been')
    expect(text).toMatch(/Not as the baseline has it: 1 check failed\.\n$/)
  })

  test('that does not differ is one sentence', async () => {
    const text = await told({ checks: [{}] }, { baseline: against('ECONNREFUSED') })
    expect(text).toContain('Against the baseline\nNo answer differs between there and this run')
    expect(text).toMatch(/No surprise\. What was seen is what the baseline has\.\n$/)
  })

  test('that observed nothing of this decides nothing', async () => {
    const text = await told({ checks: [{ verdict: 'noted' }] }, { baseline: against('skip: no ss') })
    expect(text).toMatch(/Not decided: the baseline and this run observed no check in common\.\n$/)
  })
})

describe('random sequences', () => {
  const random = { seed: 42, sequences: 200, steps: 1234, durationMs: 3, disagreement: null }

  test('that agree are one sentence', async () => {
    const text = await told({ checks: [{}] }, { random })
    expect(text).toContain('M8 and this kernel agree: 200 random sequences of socket calls, 1234 steps')
  })

  test('that disagree are a story, with the command that does it by hand', async () => {
    const story = [
      { step: 'tcp 127.0.0.1', foretold: 'listening', happened: 'listening' },
      { step: '-> 127.0.0.1', foretold: 'step 1 or step 2', happened: 'step 2' },
      { step: 'close 1', foretold: '', happened: 'closed' },
      { step: 'tcp 0.0.0.0', foretold: 'EADDRINUSE', happened: 'listening' },
    ]
    const disagreement = { story, byHand: "npm run try -- 'tcp 127.0.0.1'" }
    const text = await told({ checks: [{}] }, { random: { ...random, disagreement } })
    expect(text).toContain(
      '    3. close 1: it is closed.\n    4. tcp 0.0.0.0: it listens. M8 had said: the system answers EADDRINUSE.\n',
    )
    expect(text).toContain("  npm run try -- 'tcp 127.0.0.1'\n")
    expect(text).toContain('npm run verify -- --random 200 --seed 42')
    expect(text).toMatch(/Not as expected: the kernel did otherwise than M8 says\.\n$/)
  })

  test('that could not be tried decide nothing', async () => {
    const text = await told({ checks: [{}] }, { randomProblem: 'here is no loopback address' })
    expect(text).toContain('Random sequences came to no result: here is no loopback address.')
    expect(text).toMatch(/Not decided: random sequences came to no result\.\n$/)
  })
})

test('after an interruption it says what was done, and calls nothing a surprise', async () => {
  const text = await written(createVerifyText(plainLayout()), verified(interruptedStream([])))
  expect(text).toContain('Done: act 1 of 90-example.\nNot done: acts 2, 3 of 90-example and 91-other.')
  expect(text).toMatch(/Interrupted by SIGINT after 2\.1 s: 3 inconclusive, 1 passed\.\n$/)
  expect(text).not.toMatch(/Surprises|No surprise/)
})

test('without the end of the run it says that it is not whole', async () => {
  const text = await written(createVerifyText(plainLayout()), stream({ checks: [{}], cutShort: true }))
  expect(text).toContain('this report is not whole')
})

describe.each(Object.entries(STREAMS))('%s', (_, events) => {
  test.each([20, 40, 80])('fits into %i columns, and no control character comes through', async (columns) => {
    const lines = (await written(createVerifyText(plainLayout(columns)), verified(events))).split('\n')
    const isWide = mayBeWide(events)
    const wide = lines.filter((line) => [...line].length > columns && !isWide(line))
    expect(wide).toEqual([])
    expect(lines.filter((line) => /[\p{Cc}\u202e\u2028]/u.test(line))).toEqual([])
  })
})
