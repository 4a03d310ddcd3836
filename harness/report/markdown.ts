/** Tables and texts in Markdown, as GitHub and GitLab read it. */

import { oneLine } from './plain.ts'
import type { Column } from './table.ts'

export function* table(columns: readonly Column[], rows: readonly (readonly string[])[]): Generator<string> {
  if (rows.length === 0) return
  yield `| ${columns.map(({ heading }) => escaped(heading)).join(' | ')} |\n`
  yield `| ${columns.map(({ isNumber }) => (isNumber === true ? '---:' : '---')).join(' | ')} |\n`
  for (const cells of rows) yield `| ${cells.map(escaped).join(' | ')} |\n`
}

/** What Markdown and HTML have a meaning for anywhere in a line; a list's number or bullet only begins one. */
export function escaped(text: string): string {
  return oneLine(text)
    .replace(/[\\`*_{}[\]<>|#~&]/g, '\\$&')
    .replace(/^([-+]|\d+[.)])(?=\s|$)/, (mark) => `\\${mark}`)
}
