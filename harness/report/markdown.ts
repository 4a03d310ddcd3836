/** Tables and texts in Markdown, as GitHub and GitLab read it. */

import type { Layout } from './layout.ts'
import { oneLine, plain } from './plain.ts'
import type { Column } from './table.ts'

export function* table(columns: readonly Column[], rows: readonly (readonly string[])[]): Generator<string> {
  if (rows.length === 0) return
  yield `| ${columns.map(({ heading }) => escaped(heading)).join(' | ')} |\n`
  yield `| ${columns.map(({ isNumber }) => (isNumber === true ? '---:' : '---')).join(' | ')} |\n`
  for (const cells of rows) yield `| ${cells.map(escaped).join(' | ')} |\n`
}

/**
 * What Markdown and HTML have a meaning for anywhere in a line; a list's number or bullet only begins one. GitHub takes
 * dollars for mathematics, and makes a link of what only looks like an address of a page.
 */
export function escaped(text: string): string {
  return oneLine(text)
    .replace(/[\\`*_{}[\]<>|#~&$]/g, '\\$&')
    .replace(/:(?=\/\/)|(?<=\bwww)\./gi, '\\$&')
    .replace(/^([-+]|\d+[.)])(?=\s|$)/, (mark) => `\\${mark}`)
}

/** Lines as they were printed: the fence is longer than any row of backticks in them. */
export function fenced(text: string): string {
  const longest = [...text.matchAll(/`+/g)].reduce((most, [one]) => Math.max(most, one.length), 2)
  const fence = '`'.repeat(longest + 1)
  return `${fence}text\n${plain(text)}\n${fence}\n`
}

/** A report of paragraphs, headings and lists that is told on a terminal, as Markdown. */
export function asMarkdown(report: (layout: Layout) => Iterable<string>): string {
  const text = [...report(MARKDOWN)].join('')
  return `${text.trim().replace(/\n{3,}/g, '\n\n')}\n`
}

/** What is bold on a terminal is a heading here; what begins with a dash or an indent is an item of a list. */
const MARKDOWN: Layout = {
  width: Infinity,
  columns: Infinity,
  isScreen: false,
  paint: (format, text) => {
    if (format === 'bold') return `\n### ${text.trim()}\n\n`
    return format instanceof Array && format.includes('bold') ? `**${text.trim()}**\n` : text
  },
  paragraph: (text, first) => {
    if (first.startsWith('-')) return `- ${escaped(text)}\n`
    return first !== '' && first.trim() === '' ? `  - ${escaped(text)}\n` : `\n${escaped(first + text)}\n\n`
  },
}
