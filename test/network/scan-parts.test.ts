/** The parts of a scan that touch no socket: its course, the limit of open files, the datagram. */

import { describe, expect, test } from 'vitest'

import type { Asker, Hear } from '../../harness/network/scan-course.ts'
import { runScan } from '../../harness/network/scan-course.ts'
import { mostSockets, softLimit } from '../../harness/network/scan-files.ts'
import { isAnswer, questionTo } from '../../harness/network/scan-question.ts'
import { scan } from '../../harness/network/scan.ts'

describe('the course', () => {
  const course = (ports: number[], createAsker: (hear: Hear) => Asker, options: { signal?: AbortSignal } = {}) =>
    runScan({
      ports: ports.values(),
      createAsker,
      mostSockets: 10,
      silenceMs: 100,
      signal: new AbortController().signal,
      onProgress() {},
      ...options,
    })

  /** An asker that does with each port what `ask` says, and counts. */
  function asker(hear: Hear, ask: (port: number) => void, seesSilence = false) {
    const done = { again: 0, closed: 0, port: 0 }
    const made: Asker = {
      seesSilence,
      ask(port) {
        done.port = port
        ask(port)
      },
      look() {},
      askAgain: () => (done.again += 1),
      giveUp() {
        hear.silent(done.port)
        hear.idle()
      },
      close: () => (done.closed += 1),
    }
    return { made, done }
  }

  test('asks with one asker where each answers at once', async () => {
    let made = 0
    const tally = await course([1, 2, 3], (hear) => {
      made += 1
      return asker(hear, (port) => {
        if (port === 2) hear.open(port)
        else hear.closed(port)
        hear.idle()
      }).made
    })
    expect(tally).toEqual({ open: [2], closed: 2, silent: [], metItself: [] })
    expect(made).toBe(1)
  })

  test('takes for silent what has not answered twice', async () => {
    const askers: ReturnType<typeof asker>[] = []
    const tally = await course([1, 2, 3], (hear) => {
      const one = asker(hear, () => {})
      askers.push(one)
      return one.made
    })
    expect(tally.silent).toEqual([1, 2, 3])
    expect(askers.map(({ done }) => done.again)).toEqual([1, 1, 1])
  })

  test('has no more askers than sockets', async () => {
    let made = 0
    const ports = Array.from({ length: 25 }, (_, index) => index)
    const tally = await course(ports, (hear) => {
      made += 1
      return asker(hear, () => {}).made
    })
    expect(tally.silent).toHaveLength(25)
    expect(made).toBe(10)
  })

  test('asks later for what had run out', async () => {
    const tries = new Map<number, number>()
    const tally = await course([1, 2], (hear) => {
      const one = asker(hear, (port) => {
        tries.set(port, (tries.get(port) ?? 0) + 1)
        if (tries.get(port) === 1) hear.failed(port, 'EMFILE')
        else hear.closed(port)
        hear.idle()
      })
      return one.made
    })
    expect(tally.closed).toBe(2)
    expect([...tries.values()]).toEqual([2, 2])
  })

  test('is inconclusive where an answer is of another kind', async () => {
    const outcome = course([1, 2], (hear) => asker(hear, (port) => hear.failed(port, 'ENETUNREACH')).made)
    await expect(outcome).rejects.toThrow('port 1 answered the scan with ENETUNREACH')
  })

  test('passes on what an asker throws, in its first turn and in later ones', async () => {
    const throwing = (times: number) => (hear: Hear) =>
      asker(hear, (port) => {
        if (times-- === 0) throw new Error(`at ${port}`)
        setTimeout(() => {
          hear.closed(port)
          hear.idle()
        }, 1)
      }).made
    await expect(course([1, 2], throwing(0))).rejects.toThrow('at 1')
    await expect(course([1, 2], throwing(1))).rejects.toThrow('at 2')
  })

  test('closes every asker when it is told to end, and says why', async () => {
    const askers: ReturnType<typeof asker>[] = []
    const aborter = new AbortController()
    const ended = course(
      [1, 2, 3],
      (hear) => {
        const one = asker(hear, () => {}, true)
        askers.push(one)
        return one.made
      },
      { signal: aborter.signal },
    )
    aborter.abort(new Error('time is up'))
    await expect(ended).rejects.toThrow('time is up')
    expect(askers.map(({ done }) => done.closed)).toEqual([1, 1, 1])
  })
})

describe('open files', () => {
  const limits = (soft: string) =>
    `Limit                     Soft Limit           Hard Limit           Units\n` +
    `Max open files            ${soft.padEnd(20)} 20000                files     \n`

  test.each([
    ['256', 256],
    ['unlimited', Number.POSITIVE_INFINITY],
  ])('a soft limit of %s is read', (soft, number) => {
    expect(softLimit(limits(soft))).toBe(number)
  })

  test('a table without the limit tells none', () => {
    expect(softLimit('Max processes 1 1')).toBeUndefined()
  })

  test.each([
    [256, 30, 162],
    [20_000, 30, 8_192],
    [Number.POSITIVE_INFINITY, 30, 8_192],
    [64, 30, 17],
    [40, 36, 8],
  ])('of %d, with %d open, a scan takes %d', (allowed, open, most) => {
    expect(mostSockets(allowed, open)).toBe(most)
  })
})

describe('the datagram', () => {
  test.each([
    ['what a server says', 'hello', true],
    ['nothing at all', '', true],
    ['the question, sent back', questionTo(53), true],
    ['the question to another port', questionTo(54), false],
  ])('%s: %o, an answer: %s', (_what, text, answer) => {
    expect(isAnswer(text, 53)).toBe(answer)
  })
})

test.each([
  [5, 4],
  [-1, 4],
  [0, 65_536],
  [Number.NaN, 4],
])('there are no ports %d to %d', async (from, to) => {
  const options = { signal: new AbortController().signal, silenceMs: 1 }
  await expect(scan('tcp', '127.0.0.1', { from, to }, options)).rejects.toThrow(RangeError)
})
