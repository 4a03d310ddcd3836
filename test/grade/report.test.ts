/** Gradings in every format, held to the letter against files that a person can read: test/grade/golden. */

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

import { forStudent, forTeacher, ofClass } from './every-format.ts'
import { ada, BEFORE, book, unfinished, unread } from './graded-sample.ts'

const GOLDEN = join(import.meta.dirname, 'golden')

const REPORTS = {
  teacher: forTeacher(ada),
  student: forStudent(ada, BEFORE),
  unread: forStudent(unread, BEFORE),
  unfinished: forStudent(unfinished, BEFORE),
  class: ofClass(book),
}

/** How pages look is a matter of other files. */
const withoutStyle = (text: string) => text.replace(/<style>[^]*?<\/style>/, '<style></style>')

const files = Object.entries(REPORTS).flatMap(([kind, reports]) =>
  Object.entries(reports).map(([name, text]) => ({ file: `${kind}.${name}`, text: withoutStyle(text) })),
)

describe('a grading', () => {
  // `vitest --update` writes them anew; whoever does so reads what changed.
  it.each(files)('reads like $file', async ({ file, text }) => {
    await expect(text).toMatchFileSnapshot(join(GOLDEN, file))
  })

  it('has a file of each of these reports, and no other', () => {
    expect(readdirSync(GOLDEN).sort()).toEqual(files.map(({ file }) => file).sort())
  })

  it('says once of what could not be read why that is, and not in each item again', () => {
    const text = forStudent({ ...ada, problem: 'submission.json is not JSON' }, BEFORE)['text.txt'] ?? ''
    expect(text.match(/is not JSON|of \d+\)/g)).toEqual(['is not JSON'])
    expect(text).toMatch(/In all: \d+ of \d+ points/)
  })

  it('ends every report with the end of a line', () => {
    expect(files.filter(({ text }) => !text.endsWith('\n') && text !== '').map(({ file }) => file)).toEqual([])
    expect(readFileSync(join(GOLDEN, 'teacher.text.txt'), 'utf8')).toContain('In all: 10 of 18 points.')
  })
})
