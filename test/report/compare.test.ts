/** Machines compared, as text, as Markdown and as JSON. */

import { stripVTControlCharacters } from 'node:util'
import { describe, expect, test } from 'vitest'

import type { Comparison } from '../../harness/domain/comparison.ts'
import { compareJson } from '../../harness/report/compare-json.ts'
import { compareMarkdown } from '../../harness/report/compare-markdown.ts'
import { compareText } from '../../harness/report/compare-text.ts'
import { createLayout } from '../../harness/report/layout.ts'
import { displayWidth } from '../../harness/report/width.ts'
import { compareRuns } from '../../harness/verify/compare.ts'
import { machine, saved } from '../verify/saved-runs.ts'
import { HOSTILE } from './stream.ts'

const text = (comparison: Comparison, columns: number | undefined = 80, all = false, color = false) =>
  [...compareText(createLayout({ columns, color }), comparison, all)].join('')
const markdown = (comparison: Comparison, all = false) => [...compareMarkdown(comparison, all)].join('')

const settings = (bindv6only: string) => [{ name: 'net.ipv6.bindv6only', value: bindv6only, usual: '0' }]
const HERE = saved(
  { '04-dual-stack/who-is-reached': 'connected', '05-b/alike': 'connected', '06-c/tool': 'connected' },
  { machine: machine({ settings: settings('0') }) },
)
const THERE = saved(
  { '04-dual-stack/who-is-reached': 'ECONNREFUSED', '05-b/alike': 'connected', '06-c/tool': 'skip: lsof: not here' },
  { machine: machine({ settings: settings('1') }) },
)
const TWO = compareRuns([
  { label: 'here', saved: HERE },
  { label: 'there', saved: THERE },
])
const manyOf = (count: number) =>
  compareRuns(
    Array.from({ length: count }, (_, index) => ({ label: `m${index}`, saved: index === count - 1 ? THERE : HERE })),
  )
const HOSTILE_ONES = compareRuns([
  { label: HOSTILE, saved: saved({ [`${HOSTILE.replaceAll('/', '')}/x|y`]: 'connected' }) },
  { label: 'a|b`<i>', saved: saved({ [`${HOSTILE.replaceAll('/', '')}/x|y`]: HOSTILE }) },
])

describe('text', () => {
  test('begins with the answer, and shows what differs as a matrix and in words', () => {
    expect(text(TWO)).toBe(`1 answer differs between here and there, of 2 that both observed. 1 of all 3
checks was not observed everywhere.
  here: Linux 6.18.0 on x64, Node 26.10.0 (brought along), libuv 1.52.1;
    2026-11-22 10:00 UTC
  there: Linux 6.18.0 on x64, Node 26.10.0 (brought along), libuv 1.52.1;
    2026-11-22 10:00 UTC

Answers that differ
Lab  Check           here       there
04   who-is-reached  connected  ECONNREFUSED

What was seen
  04-dual-stack: What of who-is-reached?
  who-is-reached
    here: connected (pass)
      It was connected.
    there: ECONNREFUSED (FAIL)
      It was ECONNREFUSED.

Facts about the machines that differ
Fact                 here  there
net.ipv6.bindv6only  0     1

Not observed everywhere
- 1 check in there: skipped for want of lsof: not here
`)
  })

  test('with all has also what is alike', () => {
    const told = text(TWO, 80, true)
    expect(told).toContain('Other answers\nLab  Check  here       there\n05   alike  connected  connected\n')
    expect(told).toMatch(/^kernel +6\.18\.0 +6\.18\.0$/m)
  })

  test('says that nothing differs, and that nothing was compared: they are two things', () => {
    const alike = compareRuns([HERE, HERE].map((run, index) => ({ label: `run ${index}`, saved: run })))
    expect(text(alike)).toContain('No answer differs between run 0 and run 1, of 3 that both observed.')
    const apart = [HERE, saved({ '07-d/other': 'connected' })].map((run, index) => ({ label: `${index}`, saved: run }))
    expect(text(compareRuns(apart))).toContain('Nothing was compared: no check was observed by two of the runs.')
  })

  test('says where a file knows nothing of the settings', () => {
    const bare = compareRuns([HERE, saved({})].map((run, index) => ({ label: `${index}`, saved: run })))
    expect(text(bare).match(/its settings are not in\s+the file/g)).toHaveLength(1)
  })

  test('tells an unlisted outcome, and one that is not always the same', () => {
    const runs = [saved({ '01-a/x': ['connected', 'connected', 'EIO'] }), saved({ '01-a/x': 'EIO' })]
    runs[1]!.answers[0]!.seen = ''
    const told = text(compareRuns(runs.map((run, index) => ({ label: `${index}`, saved: run }))))
    expect(told).toContain('0: connected or EIO (FAIL)\n      Not always the same; most often: It was connected.')
    expect(told).toContain('EIO, which is none of the answers that this lab knows.')
  })

  test('with many machines is a list for each check, the one that stands alone last', () => {
    const told = text(manyOf(200))
    expect(told).toContain('1 answer differs between 200 machines, of 3 that two at least observed.')
    expect(told).toContain('m0, m1, m2, m3, m4, m5, m6 and 192 more: connected (pass)')
    expect(told).toContain('m199: ECONNREFUSED (FAIL)')
    expect(told).not.toContain('Lab  Check')
  })

  test.each([2, 3, 4])('is a matrix of %s machines within 80 columns', (count) => {
    const lines = text(manyOf(count), 80, true).split('\n')
    expect(lines.find((line) => line.startsWith('04 '))).toMatch(/who-is-reached .*ECONNREFUSED$/)
    expect(Math.max(...lines.map(displayWidth))).toBeLessThanOrEqual(80)
  })

  test('numbers the machines where their names do not fit, with the names above as the key', () => {
    const long = Array.from({ length: 8 }, (_, index) => ({
      label: `debian-in-a-container-${index}`,
      saved: index === 7 ? THERE : HERE,
    }))
    const told = text(compareRuns(long))
    expect(told).toContain('\n  8 debian-in-a-container-7: Linux')
    expect(told).toMatch(/^Fact +1 +2 +3 +4 +5 +6 +7 +8$/m)
    expect(told).toMatch(/^net\.ipv6\.bindv6only +0 +0 +0 +0 +0 +0 +0 +1$/m)
    expect(told).not.toContain('…')
    // Where names fit, numbers would only be in the way.
    expect(text(manyOf(3))).not.toMatch(/^ {2}1 m0/m)
  })

  test.each([20, 33, 50, 80, 120])('fits a screen of %s columns', (columns) => {
    for (const comparison of [TWO, manyOf(3), manyOf(30), HOSTILE_ONES]) {
      for (const all of [false, true]) {
        const lines = text(comparison, columns, all).split('\n')
        expect(Math.max(...lines.map(displayWidth))).toBeLessThanOrEqual(columns)
      }
    }
  })

  test('has no control character that it did not write itself', () => {
    const told = stripVTControlCharacters(text(HOSTILE_ONES, 80, true, true))
    expect(told).not.toMatch(/(?!\n)[\p{Cc}\u202e]/u)
  })

  test('has the same words with colour as without', () => {
    expect(stripVTControlCharacters(text(TWO, 80, true, true))).toBe(text(TWO, 80, true))
  })
})

describe('markdown', () => {
  test('is a table of what differs, of the facts, and a list of what was not observed', () => {
    expect(markdown(TWO)).toContain(
      '| Lab | Check | here | there |\n| --- | --- | --- | --- |\n| 04-dual-stack | who-is-reached | connected | ECONNREFUSED |\n',
    )
    expect(markdown(TWO)).toContain('| net.ipv6.bindv6only | 0 | 1 |\n')
    expect(markdown(TWO)).toContain('- 1 check in there: skipped for want of lsof: not here\n')
    expect(markdown(TWO)).not.toContain('alike')
    expect(markdown(TWO, true)).toContain('| 05-b | alike | connected | connected |\n')
  })

  test('has rows of one length, whatever stands in the cells', () => {
    const cellsOf = (line: string) => line.replaceAll('\\|', '').split('|').length
    for (const comparison of [TWO, manyOf(200), HOSTILE_ONES]) {
      const tables = markdown(comparison, true)
        .split('\n\n')
        .filter((part) => part.startsWith('|'))
      expect(tables.length).toBeGreaterThan(1)
      for (const table of tables) expect(new Set(table.trimEnd().split('\n').map(cellsOf)).size).toBe(1)
    }
    expect(markdown(HOSTILE_ONES, true)).not.toMatch(/(?<!\\)[<`]/)
  })

  test('names machines in one cell where there are many', () => {
    expect(markdown(manyOf(200))).toContain(
      '| connected: m0, m1, m2, m3, m4, m5, m6 and 192 more; ECONNREFUSED: m199 |',
    )
  })
})

describe('json', () => {
  test('has every row, the counts and the machines', () => {
    const told = JSON.parse(compareJson(TWO)) as Comparison & Record<string, unknown>
    expect(told).toMatchObject({
      format: 'socket-labs-comparison',
      version: 1,
      result: 'differs',
      counts: { checks: 3, compared: 2, differing: 1, open: 1 },
    })
    expect(told.checks).toEqual(TWO.checks)
    expect(told.facts).toEqual(TWO.facts)
    expect(told.runs).toEqual(TWO.runs)
  })

  test('is JSON whatever the labels are', () => {
    const told = JSON.parse(compareJson(HOSTILE_ONES)) as Comparison
    expect(told.runs[0]?.label).toBe(HOSTILE.toWellFormed())
  })
})
