/** Help texts fit the terminal, and lose no word by it. */

import { expect, test } from 'vitest'

import { COMPARE_HELP } from '../../harness/cli/compare-help.ts'
import { gradeHelp } from '../../harness/cli/grade-help.ts'
import { fitHelp } from '../../harness/cli/help-text.ts'
import { helpText, labList } from '../../harness/cli/help.ts'
import { PORTS_HELP } from '../../harness/cli/ports-help.ts'
import { verifyHelp } from '../../harness/cli/verify-help.ts'
import { createLayout } from '../../harness/report/layout.ts'

const fit = (text: string, columns: number) => fitHelp(text, createLayout({ columns, color: false }))
const words = (text: string) => text.split(/\s+/).filter((word) => word !== '')

const TEXTS = [
  ['lab', helpText()],
  ['the list of labs', await labList()],
  ['ports', PORTS_HELP],
  ['verify', verifyHelp()],
  ['compare', COMPARE_HELP],
  ['grade', gradeHelp()],
] as const

test.for(TEXTS)('%s has at most 80 columns, and fewer where the terminal has', ([, text]) => {
  for (const columns of [80, 60, 40]) {
    const lines = fit(text, columns).split('\n')
    // A command to copy stays on one line.
    expect(lines.filter((line) => line.length > columns && !line.includes('npm run'))).toEqual([])
    expect(words(fit(text, columns))).toEqual(words(text))
  }
  expect(
    Math.max(
      ...fit(text, 80)
        .split('\n')
        .map((line) => line.length),
    ),
  ).toBeLessThanOrEqual(80)
})

const TEXT = `Does something, and says in a sentence that is longer than the terminal is wide what it was that
it did.

  --long NAME    what an option does stays in its column, however long it takes to say so, and goes on
                 below it
  --very-long-option NAME  one that is longer than the column begins below
      one   a list in the list
`

test('paragraphs are filled, and meanings stay in their column', () => {
  expect(fit(TEXT, 60)).toBe(`Does something, and says in a sentence that is longer than
the terminal is wide what it was that it did.

  --long NAME    what an option does stays in its column,
                 however long it takes to say so, and goes
                 on below it
  --very-long-option NAME
                 one that is longer than the column begins
                 below
      one   a list in the list
`)
})

test('where the column is half of the terminal, meanings stand below their labels', () => {
  expect(fit(TEXT, 30)).toContain(`
  --long NAME
      what an option does
      stays in its column,
      however long it takes to
      say so, and goes on
      below it
`)
})
