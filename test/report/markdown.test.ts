/** A report for a terminal, told as Markdown: the same words, as headings, paragraphs and lists. */
import { expect, test } from 'vitest'

import type { Layout } from '../../harness/report/layout.ts'
import { createLayout } from '../../harness/report/layout.ts'
import { asMarkdown } from '../../harness/report/markdown.ts'
import { HOSTILE } from './stream.ts'

function* report({ paint, paragraph }: Layout): Generator<string> {
  yield paint(['green', 'bold'], paragraph('All is as expected.', '').trimEnd()) + '\n'
  yield paint('dim', paragraph('Linux, from ss', 'Before: '))
  yield `\n${paint('bold', paragraph('Opened (2)', ''))}`
  yield paint('yellow', paragraph('TCP 8080 (node_a), from this machine only', '- ', '  ').trimEnd()) + '\n'
  yield paragraph('Runs since yesterday.', '  ')
  yield paragraph('UDP 53', '- ', '  ')
  yield paragraph('- a dash of its own begins this one', '')
  yield paragraph('3 services are as they were.', '')
  yield '\n    sudo ports\n'
}

test('headings, paragraphs, lists in lists, and commands', () => {
  expect(asMarkdown(report)).toBe(`**All is as expected.**

Before: Linux, from ss

### Opened (2)

- TCP 8080 (node\\_a), from this machine only
  - Runs since yesterday.
- UDP 53

\\- a dash of its own begins this one

3 services are as they were.

    sudo ports
`)
})

test('what a program calls itself changes neither form', () => {
  const one = ({ paragraph }: Layout) => [paragraph(HOSTILE, '- ', '  ')]
  expect(asMarkdown(one).trimEnd().split('\n')).toHaveLength(1)
  const bare = asMarkdown(one).replaceAll(/\\([^\w\s])/g, '$1')
  expect(bare).toBe([...one(createLayout({ columns: 4000, color: false, widest: 4000 }))].join(''))
})
