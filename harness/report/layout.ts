/** Lays text out in lines: wrapping, indenting, and colour where it is wanted. */

import { styleText } from 'node:util'

export type Format = Parameters<typeof styleText>[0]

export type Layout = {
  width: number
  /** Colours a text, or leaves it as it is. */
  paint: (format: Format, text: string) => string
  /** Wraps a paragraph at words. `first` stands before the first line, `rest` before the others. */
  paragraph: (text: string, first: string, rest?: string) => string
}

const NARROWEST = 20
const WIDEST = 80

export function createLayout(options: { columns: number | undefined; color: boolean }): Layout {
  const width = Math.min(WIDEST, Math.max(NARROWEST, options.columns ?? WIDEST))
  return {
    width,
    // Whether there is to be colour has been decided already, so the stream is not asked again.
    paint: (format, text) => (options.color ? styleText(format, text, { validateStream: false }) : text),
    paragraph: (text, first, rest = ' '.repeat(first.length)) => wrap(text, first, rest, width),
  }
}

function wrap(text: string, first: string, rest: string, width: number): string {
  const lines: string[] = []
  // On a very narrow terminal an indent would leave no room for words.
  const [head, tail] = rest.length > width / 3 ? [first.trimStart(), '  '] : [first, rest]
  let line = head
  let empty = true
  for (const word of text.split(/\s+/).filter((one) => one !== '')) {
    if (!empty && line.length + 1 + word.length > width) {
      lines.push(line)
      line = tail
      empty = true
    }
    line += empty ? word : ` ${word}`
    empty = false
  }
  return [...lines, line].join('\n') + '\n'
}
