import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'

import { createBrief } from '../../harness/report/brief.ts'
import { createLayout } from '../../harness/report/layout.ts'
import { displayWidth } from '../../harness/report/width.ts'
import {
  everyVerdict,
  interruptedStream,
  mayBeWide,
  hostileChecks,
  plainLayout,
  STREAMS,
  steps,
  stream,
  written,
} from './stream.ts'

const brief = async (options: Parameters<typeof stream>[0], columns = 80) =>
  await written(createBrief(plainLayout(columns)), stream(options))

const HOST = `Seen on Linux 6.18.0 on x64, Node 26.10.0 (brought along), libuv 1.52.1, client
ports 32768 to 60999, as an ordinary user.
`

const STEPS = `      Act 1 of 1: Act of An example, port 8080
  1  $ npm run program server1 8080
     process 7 listens on TCP 127.0.0.1:8080
  2  $ nc -v 127.0.0.1 8080
     refused: ECONNREFUSED
  3  $ lsof -nP -i :8080
     COMMAND PID USER
     server1   7 root
`

describe('the brief report', () => {
  it('has one line for each check that passed, with the answer', async () => {
    expect(await brief({ checks: [{}, { id: 'listener-starts', observed: 'EADDRINUSE' }] })).toBe(
      `pass  90-example: client-reaches-listener: connected
pass  90-example: listener-starts: EADDRINUSE
${HOST}1 lab: 2 passed, in 2.1 s.
`,
    )
  })

  it('shows of a failure every step so far, what should have been, what was, and the host', async () => {
    expect(await brief({ checks: [{ verdict: 'fail' }], notes: ['Port 8080 is taken.'] })).toBe(
      `FAIL  90-example: client-reaches-listener: ECONNREFUSED
      Does the client reach the listener?
${STEPS.replace('8080\n', '8080\n      Port 8080 is taken.\n')}      Should have been: Yes. (ip(7))
      But was: The client was refused. (step 2)
      Why: Nobody listens.
      Asked in labs/90-example/lab.ts:12
${HOST}1 lab: 1 failed, in 2.1 s.
`,
    )
  })

  it('shows as much of what was not observed', async () => {
    expect(await brief({ checks: [{ verdict: 'inconclusive' }] })).toBe(
      `inconclusive  90-example: client-reaches-listener
      Does the client reach the listener?
${STEPS}      Nothing was observed: the act took longer than 9 s.
      Asked in labs/90-example/lab.ts:12
${HOST}1 lab: 1 inconclusive: nothing was checked, in 2.1 s.
`,
    )
  })

  it('shows the steps of an act once', async () => {
    const text = await brief({ checks: [{ verdict: 'fail' }, { verdict: 'fail', id: 'another' }] })
    expect(text.split('npm run program')).toHaveLength(2)
    expect(text.split('Its act and steps are those above.')).toHaveLength(2)
    expect(text.split('Should have been:')).toHaveLength(3)
  })

  it('shows them anew in each round', async () => {
    const text = await brief({ checks: [{ verdict: 'fail' }], rounds: 2 })
    expect(text.split('npm run program')).toHaveLength(3)
    expect(text).toContain('FAIL  90-example (run 2 of 2): client-reaches-listener: ECONNREFUSED\n')
    expect(text).toMatch(/\n2 runs of 1 lab: 2 failed, in 2\.1 s\.\n$/)
  })

  it('says where no step was taken', async () => {
    expect(await brief({ checks: [{ verdict: 'inconclusive' }], steps: [] })).toContain('\n      No step was taken.\n')
  })

  it('is short about checks of acts that did not begin, for a reason that was told', async () => {
    const checks = [1, 2, 3].map((number) => ({
      verdict: 'inconclusive' as const,
      id: `check-${number}`,
      seen: 'SIGINT',
    }))
    const text = await brief({ checks, steps: [] })
    expect(text).toBe(`inconclusive  90-example: check-1
      Does the client reach the listener?
      Act 1 of 1: Act of An example, port 8080
      No step was taken.
      Nothing was observed: SIGINT.
      Asked in labs/90-example/lab.ts:12
inconclusive  90-example: check-2
      Nothing was observed: SIGINT.
inconclusive  90-example: check-3
      Nothing was observed: SIGINT.
${HOST}1 lab: 3 inconclusive: nothing was checked, in 2.1 s.
`)
  })

  it('gives the reason of a skip once for an act', async () => {
    const text = await brief({ checks: [{ verdict: 'skip' }, { verdict: 'skip', id: 'another' }] })
    expect(text).toBe(`skip  90-example: client-reaches-listener
      Skipped: ipv6-loopback: no address ::1.
skip  90-example: another
${HOST}1 lab: 2 skipped: nothing was checked, in 2.1 s.
`)
  })

  it('says what was noted', async () => {
    expect(await brief({ checks: [{ verdict: 'noted' }] })).toContain(
      `noted  90-example: client-reaches-listener: connected
      Expected: no source speaks of this system; what was observed is noted
      Observed: The client was connected. (step 2)
`,
    )
  })

  it('counts all verdicts at its end', async () => {
    expect(await brief({ checks: everyVerdict })).toMatch(
      /\n1 lab: 1 failed, 1 inconclusive, 1 passed, 1 noted, 1 skipped, in 2\.1 s\.\n$/,
    )
  })

  it('says who interrupted the run', async () => {
    expect(await brief({ checks: [{}], interruptedBy: 'SIGINT' })).toMatch(
      /\nInterrupted by SIGINT after 2\.1 s: 1 passed\.\n$/,
    )
  })

  it('has no lines for what an interruption left open, and says what that was', async () => {
    const text = await written(createBrief(plainLayout()), interruptedStream([]))
    expect(text).toBe(`pass  90-example: check-one: connected
Done: act 1 of 90-example.
Not done: acts 2, 3 of 90-example and 91-other.
All programs that it had started have ended, and their ports are free again.
${HOST}Interrupted by SIGINT after 2.1 s: 3 inconclusive, 1 passed.
`)
  })

  it('says that checks have no answer, or that the run did not come to its end', async () => {
    expect(await brief({ checks: [{}], planned: 3 })).toContain('2 checks have no answer: the run ended before.\n')
    expect(await brief({ checks: [{}], cutShort: true })).toMatch(/\nThe run did not come to its end: .*\n$/)
    expect(await brief({ checks: [{}] })).not.toMatch(/no answer|come to its end/)
  })

  it('says that it tells saved evidence again', async () => {
    expect(await brief({ checks: [{}], replayed: true })).toMatch(
      /^From evidence saved at 2026-11-22T02:56:51\.274Z\.\n/,
    )
  })

  it('says the same in colour', async () => {
    const events = stream({ checks: everyVerdict })
    const painted = await written(createBrief(createLayout({ columns: 80, color: true })), events)
    expect(painted).toContain('\u001b[')
    expect(stripVTControlCharacters(painted)).toBe(await brief({ checks: everyVerdict }))
  })

  it.each([20, 47, 80])('has no line wider than %i columns but commands and rows of tables', async (columns) => {
    for (const [name, events] of Object.entries(STREAMS)) {
      const lines = (await written(createBrief(plainLayout(columns)), events)).split('\n')
      const isFree = mayBeWide(events)
      expect(
        lines.filter((line) => displayWidth(line) > columns && !isFree(line)),
        name,
      ).toEqual([])
    }
  })

  it.each(Object.keys(STREAMS))('lets no text act on the terminal: %s', async (name) => {
    expect(await written(createBrief(plainLayout()), STREAMS[name] ?? [])).not.toMatch(
      /[^\P{Cc}\n]|[\u202a-\u202e\p{Cs}]/u,
    )
  })

  it('keeps its verdicts at the beginning of lines whatever the texts are', async () => {
    const words = (await brief({ checks: hostileChecks, steps: steps() })).match(
      /^(pass|FAIL|noted|skip|inconclusive) {2}90-/gm,
    )
    expect(words).toHaveLength(5)
  })
})
