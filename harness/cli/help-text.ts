/** Prints a help text as wide as the terminal: paragraphs are filled, and what an option does stays in its column. */

import { createLayout } from '../report/layout.ts'
import type { Layout } from '../report/layout.ts'

/** An empty line, a paragraph, or a list: each of its lines has a label, and behind two spaces what that means. */
type Block = { lines: string[]; indent: string }

export function tellHelp(text: string): void {
  process.stdout.write(fitHelp(text, createLayout({ columns: process.stdout.columns, color: false })))
}

export function fitHelp(text: string, layout: Layout): string {
  const blocks: Block[] = []
  for (const line of text.replace(/\n$/, '').split('\n')) {
    const [indent = ''] = /^ */.exec(line) ?? []
    const last = blocks.at(-1)
    // A list in a list has labels that stand further in. What stands in still further belongs to the line before.
    const goesOn = last?.indent === indent || indent.length > DEEPEST_LABEL
    if (last && goesOn && line !== '' && last.lines[0] !== '') last.lines.push(line)
    else blocks.push({ lines: [line], indent })
  }
  return blocks.map((block) => fit(block, layout)).join('')
}

const DEEPEST_LABEL = 6

function fit({ lines, indent }: Block, layout: Layout): string {
  if (indent === '') return layout.paragraph(lines.join(' '), '')
  if (lines.every((line) => line.length <= layout.width)) return `${lines.join('\n')}\n`
  const column = columnOf(lines)
  const isNarrow = column > layout.width / 2
  const beside = createLayout({ columns: layout.width - column, color: false })
  const entries: { label: string; meaning: string }[] = []
  for (const line of lines) {
    const last = entries.at(-1)
    const isMore = line.slice(0, column).trim() === ''
    if (isMore && last) last.meaning = `${last.meaning} ${line.trim()}`.trim()
    else entries.push(cut(line, column))
  }
  const told = entries.map(({ label, meaning }) => {
    const fits = !isNarrow && label.length + meaning.length <= layout.width
    if (meaning === '' || fits) return `${label}${meaning}`.trimEnd() + '\n'
    if (isNarrow) return `${label.trimEnd()}\n${layout.paragraph(meaning, `${indent}    `)}`
    const margin = `\n${' '.repeat(column)}`
    const start = label.length > column ? label.trimEnd() + margin : label
    return start + beside.paragraph(meaning, '').trimEnd().replaceAll('\n', margin) + '\n'
  })
  return told.join('')
}

/** Where most meanings begin. */
function columnOf(lines: readonly string[]): number {
  const columns = lines.flatMap((line) => {
    const label = /^ *\S.*? {2,}(?=\S)/.exec(line)
    return label ? [label[0].length] : []
  })
  const times = (column: number) => columns.filter((one) => one === column).length
  return columns.toSorted((a, b) => times(b) - times(a))[0] ?? 0
}

/** A label as long as its column has one space behind it; a longer one has its own two. */
function cut(line: string, column: number): { label: string; meaning: string } {
  const own = /^( *\S.*? {2,})(?=\S)/.exec(line)?.[1]?.length
  const at = line[column - 1] === ' ' && line[column] !== ' ' ? column : (own ?? line.length)
  return { label: line.slice(0, at), meaning: line.slice(at) }
}
