/** A table of plain columns: aligned, without rules, one line for each row. */

import type { Format, Layout } from './layout.ts'
import { oneLine } from './plain.ts'
import { cutTo, displayWidth } from './width.ts'

/** `mayCut`: where the table is too wide for its screen, cells of this column end in `…`. */
export type Column = { heading: string; mayCut?: boolean; isNumber?: boolean }

export type TableRow = { cells: readonly string[]; format?: Format }

/** Fewer characters of a cell say too little. */
const LEAST = 8

/** Line by line; `null` where the screen is too narrow for the table. */
export function tableLines(
  layout: Layout,
  columns: readonly Column[],
  rows: readonly TableRow[],
): Generator<string> | null {
  const safe = rows.map(({ cells }) => cells.map(oneLine))
  const widths = columns.map(({ heading }, index) =>
    safe.reduce((most, cells) => Math.max(most, displayWidth(cells[index] ?? '')), displayWidth(heading)),
  )
  const gap = sum(widths) + 2 * (widths.length - 1) <= layout.columns ? '  ' : ' '
  const room = layout.columns - gap.length * (widths.length - 1)
  return shrink(widths, columns, room) ? lines(layout, columns, rows, safe, widths, gap) : null
}

/** Takes from the widest of the columns that may be cut, until there is room for all. */
function shrink(widths: number[], columns: readonly Column[], room: number): boolean {
  for (let over = sum(widths) - room; over > 0; over -= 1) {
    const most = Math.max(...widths.filter((_, index) => columns[index]?.mayCut === true))
    const widest = widths.findIndex((width, index) => width === most && columns[index]?.mayCut === true)
    if (most <= LEAST || widest < 0) return false
    widths[widest] = most - 1
  }
  return true
}

function* lines(
  { paint }: Layout,
  columns: readonly Column[],
  rows: readonly TableRow[],
  safe: readonly string[][],
  widths: readonly number[],
  gap: string,
): Generator<string> {
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, index) => aligned(cell, widths[index] ?? 0, columns[index]?.isNumber === true))
      .join(gap)
      .trimEnd()
  yield `${paint('bold', line(columns.map(({ heading }) => heading)))}\n`
  for (const [index, cells] of safe.entries()) {
    const format = rows[index]?.format
    yield `${format === undefined ? line(cells) : paint(format, line(cells))}\n`
  }
}

function aligned(cell: string, width: number, isNumber: boolean): string {
  const text = cutTo(cell, width)
  const blank = ' '.repeat(Math.max(0, width - displayWidth(text)))
  return isNumber ? `${blank}${text}` : `${text}${blank}`
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0)
}
