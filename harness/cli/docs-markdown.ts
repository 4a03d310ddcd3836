/** Pieces of Markdown: text without accidental markup, blocks of code, and the parts of a page between two markers. */

/** Plain text: what Markdown would take for markup is shown as it is. An underscore inside a word is none. */
export function plain(text: string): string {
  return text
    .replace(/[\\`*<>[\]]/g, '\\$&')
    .replace(/(?<!\w)_|_(?!\w)/g, '\\_')
    .replace(/^([#+-])(?=\s)/gm, '\\$1')
    .replace(/^(\d+)(?=[.)]\s)/gm, '$1\\')
}

export function codeBlock(language: string, lines: readonly string[]): string {
  return ['```' + language, ...lines, '```'].join('\n')
}

export function folded(summary: string, blocks: readonly string[]): string {
  // GitHub reads the inside as Markdown only after an empty line.
  return ['<details>', `<summary>${summary}</summary>`, '', joined(blocks), '', '</details>'].join('\n')
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

export function joined(blocks: readonly string[]): string {
  return blocks.filter((block) => block !== '').join('\n\n')
}

/** The page with other content between `<!-- NAME -->` and `<!-- /NAME -->`, or null where it has no such lines. */
export function between(page: string, name: string, content: string): string | null {
  const [start, end] = [name, `/${name}`].map((marker) => new RegExp(`^<!-- ${marker} -->$`, 'm').exec(page))
  if (!start || !end || end.index < start.index) return null
  const first = page.slice(0, start.index + start[0].length)
  const kept = joined(['<!-- prettier-ignore-start -->', content, '<!-- prettier-ignore-end -->'])
  return `${first}\n\n${kept}\n\n${page.slice(end.index)}`
}
