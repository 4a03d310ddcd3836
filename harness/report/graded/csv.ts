/**
 * The gradebook as CSV (RFC 4180): a row for each submission, a column for each item. A spreadsheet takes a cell that
 * begins with one of `=+-@` for a formula, also where it is quoted: an apostrophe before it makes it a text.
 */

import type { AnyGradebook } from '../../domain/graded.ts'
import { stateWords } from '../../words/graded.en.ts'
import { oneLine } from '../plain.ts'
import { stateOf } from './class-figures.ts'
import { whole } from './sheet.ts'

/** Row by row: a class may be large. */
export function* gradebookCsv({ submissions, statistics }: AnyGradebook): Generator<string> {
  const ids = statistics.map(({ id }) => id)
  yield rowOf(['name', 'author', 'points', 'max', ...ids, 'state'])
  for (const one of submissions) {
    const { name, author, points, maxPoints, items } = one
    const byId = new Map(items.map((item) => [item.id, item]))
    const cells = ids.map((id) => {
      const item = byId.get(id)
      // Where there were no points to be had, the verdict says why: 0 would read as lost points.
      return item === undefined ? '' : item.maxPoints === 0 ? item.verdict : item.points
    })
    yield rowOf([name, author ?? '', points, maxPoints, ...cells, stateWords[stateOf(whole(one))]])
  }
}

function rowOf(cells: readonly (string | number)[]): string {
  return `${cells.map(cellOf).join(',')}\r\n`
}

function cellOf(value: string | number): string {
  if (typeof value === 'number') return `${value}`
  const text = neutralised(value)
  return /[",;\r\n]|^'/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** Blanks before the sign do not help: some spreadsheets trim. Of the signs there are wide ones for East Asian texts. */
function neutralised(value: string): string {
  const begins = /^[\s\0]*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/.test(value)
  return `${begins ? "'" : ''}${oneLine(value)}`
}
