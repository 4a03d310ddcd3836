/** Boxes for what may be wider than a screen: they scroll by themselves, also by keyboard, and the page does not. */

import { displayWidth } from '../width.ts'
import type { Markup, Part } from './markup.ts'
import { isNothing, markup, NOTHING } from './markup.ts'

/** `label`: what is in it, for who does not see it. */
export function scrollBox(label: string, content: Part): Markup {
  return markup`<div class="scroll" role="group" tabindex="0" aria-label="${label}">${content}</div>`
}

/** What a phone shows of a line. */
const NARROW = 36

/** Lines as they were printed. */
export function printed(label: string, lines: readonly string[]): Markup {
  if (lines.length === 0) return NOTHING
  const isWide = lines.some((line) => displayWidth(line) > NARROW)
  const reach = isWide ? markup` role="group" tabindex="0" aria-label="${label}"` : NOTHING
  return markup`<pre${reach}>${lines.join('\n')}</pre>\n`
}

export type Column = { heading: string; kind?: 'number' | 'wide' | 'name' }

export type Row = { cells: readonly Part[]; kind?: string }

/**
 * How a table looks where it is wider than the screen of a phone. `stacks`: each row is a block, and each cell says under
 * which heading it stands; `flows`: so do short cells, side by side as far as there is room. Without either it scrolls.
 */
export type TableKind = { kind?: string; narrow?: 'stacks' | 'flows' }

/** A table in a box. The first cell of a row is its heading. */
export function table(
  label: string,
  columns: readonly Column[],
  rows: readonly Row[],
  { kind = '', narrow }: TableKind = {},
): Markup {
  if (rows.length === 0) return NOTHING
  // A browser may take a table that is laid out as blocks for none at all: its parts say what they are.
  const role = (name: string) => (narrow === undefined ? NOTHING : markup` role="${name}"`)
  const heading = (index: number) =>
    narrow === undefined ? NOTHING : markup` data-heading="${columns[index]?.heading ?? ''}"`
  const head = columns.map(
    (one) => markup`<th scope="col"${role('columnheader')}${classOf(one.kind)}>${one.heading}</th>`,
  )
  const body = rows.map(({ cells, kind: own }) => {
    const [first = '', ...others] = cells
    const rest = others.map(
      (cell, index) => markup`<td${role('cell')}${classOf(columns[index + 1]?.kind)}${heading(index + 1)}>${cell}</td>`,
    )
    return markup`<tr${role('row')}${classOf(own)}><th scope="row"${role('rowheader')}${classOf(columns[0]?.kind)}${heading(0)}>${first}</th>${rest}</tr>\n`
  })
  const content = markup`<table${role('table')}${classOf([kind, narrow].filter(Boolean).join(' '))}>
<thead${role('rowgroup')}><tr${role('row')}>${head}</tr></thead>
<tbody${role('rowgroup')}>
${body}</tbody>
</table>`
  return scrollBox(label, content)
}

function classOf(name: string | undefined): Markup {
  return name === undefined || name === '' ? NOTHING : markup` class="${name}"`
}

/** A list of sentences; nothing where there is none. */
export function list(items: readonly Part[], kind = 'plain'): Markup {
  if (items.length === 0) return NOTHING
  return markup`<ul class="${kind}">${items.map((item) => markup`<li>${item}</li>\n`)}</ul>\n`
}

/** A part that is folded away: it opens on a click, on a link to what is in it, and on paper. */
export function folded(summary: Part, content: Markup, isOpen = false): Markup {
  if (isNothing(content)) return NOTHING
  return markup`<details class="more"${isOpen ? markup` open` : NOTHING}><summary>${summary}</summary>\n${content}</details>\n`
}

/** A section of the page. */
export function section(anchor: string, heading: string, content: Part): Markup {
  return markup`<section id="${anchor}" aria-labelledby="${anchor}.heading">
<h2 id="${anchor}.heading">${heading}</h2>
${content}
</section>
`
}
