import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'

import { createLayout } from '../../harness/report/layout.ts'
import { createNarrated } from '../../harness/report/narrated.ts'
import { displayWidth } from '../../harness/report/width.ts'
import { everyVerdict, interruptedStream, mayBeWide, pieces, plainLayout, STREAMS, stream, written } from './stream.ts'

const narrated = async (options: Parameters<typeof stream>[0], columns = 80) =>
  await written(createNarrated(plainLayout(columns)), stream(options))

describe('the narrated report', () => {
  it('tells what is done, seen, expected, and why', async () => {
    expect(await narrated({ checks: [{}], notes: ['Port 8080 is taken.'] })).toBe(
      `Linux 6.18.0 on x64, Node 26.10.0 (brought along), libuv 1.52.1.

90-example: An example
Is anybody there?

Act 1 of 1: Act of An example, port 8080
Port 8080 is taken.
One dials.

  1  $ npm run program server1 8080
     process 7 listens on TCP 127.0.0.1:8080
  2  $ nc -v 127.0.0.1 8080
     refused: ECONNREFUSED
  3  $ lsof -nP -i :8080
     COMMAND PID USER
     server1   7 root

  pass  Does the client reach the listener?
        Expected: Yes. (ip(7))
        Observed: The client was connected. (step 2)
        Why: Somebody listens.

By hand
The same by hand, from top to bottom. The letter is the terminal: each server
needs one of its own.
  A  npm run program server1 8080
  B  nc -v 127.0.0.1 8080
  B  lsof -nP -i :8080

Remember
  - Dial first.

This lab: 1 passed, in 2.1 s.
`,
    )
  })

  it('names at its end what failed and what was not observed, and where this was seen', async () => {
    const text = await narrated({ checks: everyVerdict })
    expect(text.slice(text.indexOf('\nThis lab:'))).toBe(`
This lab: 1 failed, 1 inconclusive, 1 passed, 1 noted, 1 skipped, in 2.1 s.
Failed
  - 90-example: check-that-is-fail
Inconclusive
  - 90-example: check-that-is-inconclusive
Seen on Linux 6.18.0 on x64, Node 26.10.0 (brought along), libuv 1.52.1, client
ports 32768 to 60999, as an ordinary user.
`)
  })

  it('does not name the host a second time where all passed', async () => {
    expect(await narrated({ checks: [{}] })).not.toMatch(/Failed|Inconclusive|Seen on/)
  })

  it('counts runs and labs apart', async () => {
    const text = await narrated({ checks: [{ verdict: 'fail' }], rounds: 2 })
    expect(text).toContain('\n90-example: An example (run 2 of 2)\n')
    expect(text).toContain('\n90-example (run 1 of 2): 1 failed.\n')
    expect(text).toContain('\n2 runs of 1 lab: 2 failed, in 2.1 s.\n')
    expect(text).toContain('  - 90-example (run 2 of 2): client-reaches-listener\n')
  })

  it('says that it tells saved evidence again', async () => {
    expect(await narrated({ replayed: true })).toContain(
      'Told again from evidence saved at 2026-11-22T02:56:51.274Z. No socket is opened.\n',
    )
  })

  it('says who interrupted the run', async () => {
    expect(await narrated({ interruptedBy: 'SIGTERM' })).toContain(
      '\nInterrupted by SIGTERM after 2.1 s: nothing was checked.\n',
    )
  })

  it('tells of an interrupted run what was done, what was not, that nothing is left, and stops', async () => {
    const text = await written(createNarrated(plainLayout()), interruptedStream([]))
    expect(text.slice(text.indexOf('Act 2 of 3'))).toBe(`Act 2 of 3: Act 2 of 90-example, port 8080
One dials.

  2  $ nc -v 127.0.0.1 8080
     refused: ECONNREFUSED
  3  $ lsof -nP -i :8080
     COMMAND PID USER
     server1   7 root

Interrupted by SIGINT after 2.1 s: 3 inconclusive, 1 passed.
Done: act 1 of 90-example.
Not done: acts 2, 3 of 90-example and 91-other.
All programs that it had started have ended, and their ports are free again.
`)
    expect(text).toContain('pass  Does the client reach the listener?')
  })

  it('claims of an interrupted run no clean end that nobody saw', async () => {
    const ended = async (left?: number[]) => await written(createNarrated(plainLayout()), interruptedStream(left))
    expect(await ended([12, 13])).toMatch(/\nOf its programs these still run: processes 12, 13\.\n$/)
    expect(await ended()).toMatch(
      /\nIts programs were ended. This system does not show whether one of them still\nruns\.\n$/,
    )
  })

  it('tells each event when it happens', async () => {
    const events = stream({ checks: [{}] })
    const parts = await pieces(createNarrated(plainLayout()), events)
    expect(parts[3]).toMatch(/^ {2}1 {2}\$ npm run program server1/)
    expect(parts.at(-1)).toMatch(/^This lab:/)
  })

  it('says the same in colour', async () => {
    const painted = await written(
      createNarrated(createLayout({ columns: 80, color: true })),
      stream({ checks: everyVerdict }),
    )
    expect(painted).toContain('\u001b[')
    expect(stripVTControlCharacters(painted)).toBe(await narrated({ checks: everyVerdict }))
  })

  it.each([20, 47, 80])('has no line wider than %i columns but commands and rows of tables', async (columns) => {
    for (const [name, events] of Object.entries(STREAMS)) {
      const lines = (await written(createNarrated(plainLayout(columns)), events)).split('\n')
      const isFree = mayBeWide(events)
      expect(
        lines.filter((line) => displayWidth(line) > columns && !isFree(line)),
        name,
      ).toEqual([])
    }
  })

  it.each(Object.keys(STREAMS))('lets no text act on the terminal: %s', async (name) => {
    const text = await written(createNarrated(plainLayout()), STREAMS[name] ?? [])
    expect(text).not.toMatch(/[^\P{Cc}\n]|[\u202a-\u202e\p{Cs}]/u)
  })
})
