/** What was found, in the form that was asked for: words on a terminal, Markdown for a page, JSON for programs. */

import type { Layout } from '../report/layout.ts'
import { createLayout } from '../report/layout.ts'
import { asMarkdown } from '../report/markdown.ts'
import { wantsColor } from './color.ts'
import type { PortsOptions } from './ports-options.ts'
import { screenOf } from './ports-output.ts'

export type Forms = { text: (layout: Layout) => Iterable<string>; json: () => string }

export function inForm({ form, color }: PortsOptions, { text, json }: Forms): Iterable<string> {
  switch (form) {
    case 'json':
      return [json()]
    case 'markdown':
      return [asMarkdown(text)]
    case 'text':
      return text(onScreen(color))
  }
}

/** The layout for standard output. */
export function onScreen(color: boolean | null): Layout {
  const screen = screenOf()
  return createLayout({ columns: screen.columns, color: wantsColor(color, process.env, screen) })
}
