import { describe, expect, test } from 'vitest'

import { Progress } from '../../harness/cli/progress.ts'

const CLEAR = '\r\u001b[K'

/** What is written to a terminal of so many columns, or to a pipe. */
function terminal(columns: number | undefined, env: Record<string, string> = {}) {
  const written: string[] = []
  const stream = { isTTY: columns !== undefined, columns, write: (text: string) => written.push(text) > 0 }
  return { written, progress: new Progress(stream as unknown as NodeJS.WriteStream, env) }
}

const HALF = { done: 33_000, total: 66_000, what: 'connections' }

describe('how far an experiment is', () => {
  test('is a bar with numbers', () => {
    const { written, progress } = terminal(80)
    progress.show(HALF)
    expect(written).toEqual([`${CLEAR}connections [${'#'.repeat(20)}${' '.repeat(20)}] 33,000 of 66,000`])
  })

  test.each([8, 12, 20, 30, 36, 37, 60])('fits into %i columns', (columns) => {
    const { written, progress } = terminal(columns)
    progress.show(HALF)
    progress.show({ done: 65_535, total: 65_535, what: 'UDP ports of 127.0.0.1' })
    for (const text of written) expect(text.slice(CLEAR.length).length).toBeLessThan(columns)
    expect(written[0]).toMatch(/50 %|\[#+ +\]/)
  })

  test('is cleared once', () => {
    const { written, progress } = terminal(80)
    progress.clear()
    expect(written).toEqual([])
    progress.show(HALF)
    progress.clear()
    progress.clear()
    expect(written.slice(1)).toEqual([CLEAR])
  })

  test.each([
    ['a pipe', terminal(undefined)],
    ['a terminal that cannot clear a line', terminal(80, { TERM: 'dumb' })],
  ])('is not told to %s', (_, { written, progress }) => {
    progress.begin('04-dual-stack', 30)
    progress.show(HALF)
    progress.clear()
    expect(written).toEqual([])
  })
})
