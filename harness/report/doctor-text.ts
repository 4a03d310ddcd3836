/** What a machine is, has and may do, and what its labs will come to: for a reader at a terminal. */

import type { DoctorReport } from '../domain/forecast.ts'
import type { Item, Part } from './doctor-sections.ts'
import { doctorSections } from './doctor-sections.ts'
import type { Layout } from './layout.ts'
import { tableLines } from './table.ts'

const INDENT = '  '

export function* doctorText(layout: Layout, report: DoctorReport): Generator<string> {
  for (const [index, { title, parts }] of doctorSections(report).entries()) {
    if (index > 0) yield '\n'
    yield layout.paint('bold', layout.paragraph(title, ''))
    for (const part of parts) yield* partText(layout, part)
  }
}

function* partText(layout: Layout, part: Part): Generator<string> {
  if ('text' in part) yield layout.paragraph(part.text, INDENT)
  else if ('command' in part) yield layout.paint('bold', commandLines(layout, part.command))
  else if ('items' in part) yield* itemsText(layout, part.items)
  else {
    const lines = tableLines({ ...layout, columns: layout.columns - INDENT.length }, part.columns, part.rows)
    if (lines) for (const line of lines) yield `${INDENT}${line}`
    else for (const { cells } of part.rows) yield layout.paragraph(cells.join(' ').trim(), INDENT, INDENT + INDENT)
  }
}

/** The labels in a column of their own; where one takes too much of the width, its text begins below it. */
function* itemsText({ paint, paragraph, width }: Layout, items: readonly Item[]): Generator<string> {
  const widest = Math.max(...items.map(({ label }) => label.length)) + INDENT.length
  const isNarrow = INDENT.length + widest > width / 3
  for (const { label, text, format } of items) {
    const told = isNarrow
      ? paragraph(`${label}:`, INDENT) + paragraph(text, INDENT + INDENT)
      : paragraph(text, INDENT + label.padEnd(widest))
    yield format === undefined ? told : paint(format, told)
  }
}

/** A shell joins lines that end in a backslash: so a command may be pasted, however narrow the screen is. */
function commandLines({ width }: Layout, command: string): string {
  const lines: string[] = []
  for (const word of command.split(' ')) {
    const last = lines.at(-1)
    if (last === undefined || 2 * INDENT.length + last.length + 1 + word.length + 2 > width) lines.push(word)
    else lines[lines.length - 1] = `${last} ${word}`
  }
  return lines.map((line) => `${INDENT}${INDENT}${line}`).join(' \\\n') + '\n'
}
