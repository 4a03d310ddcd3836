/** The same as Markdown, to be put into a bug report: what is long is folded away. */

import type { DoctorReport } from '../domain/forecast.ts'
import type { Part } from './doctor-sections.ts'
import { doctorSections } from './doctor-sections.ts'
import { escaped, table } from './markdown.ts'

export function* doctorMarkdown(report: DoctorReport): Generator<string> {
  for (const [index, { title, isLong, parts }] of doctorSections(report).entries()) {
    if (index > 0) yield '\n'
    yield isLong ? `<details>\n<summary><b>${title}</b></summary>\n` : `### ${title}\n`
    yield* partsMarkdown(parts)
    if (isLong) yield '\n</details>\n'
  }
}

function* partsMarkdown(parts: readonly Part[]): Generator<string> {
  for (const part of parts) {
    yield '\n'
    if ('text' in part) yield `${escaped(part.text)}\n`
    else if ('command' in part) yield `\`\`\`console\n$ ${part.command}\n\`\`\`\n`
    else if ('items' in part)
      for (const { label, text } of part.items) yield `- **${escaped(label)}**: ${escaped(text)}\n`
    else
      yield* table(
        part.columns,
        part.rows.map(({ cells }) => cells),
      )
  }
}
