/** Lays text out in lines: wrapping, indenting, and colour where it is wanted. */

import { styleText } from 'node:util'

import { oneLine } from './plain.ts'
import { cutUp, displayWidth } from './width.ts'

export type Format = Parameters<typeof styleText>[0]

export type Layout = {
  width: number
  /** What a line may have that is not wrapped: a table may be as wide as its screen, and without one as it needs. */
  columns: number
  /** Whether a terminal of a known width shows it; a pipe or a file has lines as long as they are. */
  isScreen: boolean
  /** Colours a text, or leaves it as it is. */
  paint: (format: Format, text: string) => string
  /** Wraps a paragraph at words. `first` stands before the first line, `rest` before the others. */
  paragraph: (text: string, first: string, rest?: string) => string
}

const NARROWEST = 20
const WIDEST = 80

/** @param options.widest where a terminal that is wider than most is to be used further than most reports do. */
export function createLayout(options: { columns: number | undefined; color: boolean; widest?: number }): Layout {
  // A terminal that does not know its width says 0.
  const width = Math.min(options.widest ?? WIDEST, Math.max(NARROWEST, options.columns || WIDEST))
  return {
    width,
    columns: Math.max(NARROWEST, options.columns || Infinity),
    isScreen: Boolean(options.columns),
    // Whether there is to be colour has been decided already, so the stream is not asked again.
    paint: (format, text) => (options.color ? styleText(format, text, { validateStream: false }) : text),
    paragraph: (text, first, rest = ' '.repeat(first.length)) => wrap(text, first, rest, width),
  }
}

function wrap(text: string, first: string, rest: string, width: number): string {
  // On a very narrow terminal an indent would leave no room for words.
  const [head, tail] = rest.length > width / 3 ? [first.trimStart(), '  '] : [first, rest]
  const lines: string[] = []
  let line = head
  let empty = true
  const next = () => {
    lines.push(line)
    line = tail
    empty = true
  }
  for (const word of oneLine(text).split(' ')) {
    if (!empty && displayWidth(line) + 1 + displayWidth(word) > width) next()
    const room = width - displayWidth(line) - (empty ? 0 : 1)
    const parts = displayWidth(word) <= room ? [word] : cutUp(word, room, width - tail.length)
    for (const [index, part] of parts.entries()) {
      if (index > 0) next()
      line += empty ? part : ` ${part}`
      empty = false
    }
  }
  return [...lines, line.trimEnd()].join('\n') + '\n'
}
