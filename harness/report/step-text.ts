/** One step as text: its number, the command, and what was seen. */

import type { Step } from '../domain/evidence.ts'
import { isOnNeighbour } from '../domain/evidence.ts'
import { linesTold, repeatedInWords, seen, typed } from '../words/en.ts'
import { NEIGHBOUR_PROMPT } from '../words/networks.en.ts'
import type { Piece } from './fold.ts'
import type { Layout } from './layout.ts'
import { oneLine, plain } from './plain.ts'

export function stepText({ paint, paragraph }: Layout, step: Step): string {
  const number = `${step.number}`.padStart(3)
  const command = typed(step)
  const sentence = seen(step)
  const lines = printedBy(step).map((line) => `     ${line}\n`)
  if (command === null) return paragraph(sentence, `${number}  `) + lines.join('')
  return [
    `${number}  ${paint('green', `${prompt(step)} ${oneLine(command)}`)}\n`,
    ...lines,
    sentence === '' ? '' : paragraph(sentence, '     '),
  ].join('')
}

/** Steps, or what is said in the place of those that repeat others. */
export function pieceText(layout: Layout, piece: Piece): string {
  if ('step' in piece) return stepText(layout, piece.step)
  return layout.paint('dim', layout.paragraph(repeatedInWords(piece.repeated), '  …  '))
}

/** The lines that a tool printed, or a program told: an empty list where a sentence says it all. */
export function printedBy(step: Step): string[] {
  return aligned(
    step.kind === 'list' || step.kind === 'run' || step.kind === 'read' ? step.saw.printed : linesTold(step),
  )
}

/** Tells on which of the two hosts a command is typed. */
export function prompt(step: Step): string {
  return isOnNeighbour(step) ? NEIGHBOUR_PROMPT : '$'
}

/**
 * A printed table with its columns as narrow as they can be, because tools pad them for wider terminals than ours.
 * Only screen columns that are blank in every line go, so all that stood in line still does.
 */
export function aligned(printed: readonly string[]): string[] {
  const rows = printed.map((line) => plain(line.replaceAll('\t', ' ')).replaceAll('\n', '\\n').trimEnd())
  const width = Math.max(0, ...rows.map((row) => row.length))
  const blank = Array.from({ length: width }, (_, column) => rows.every((row) => (row[column] ?? ' ') === ' '))
  const kept = blank.flatMap((isBlank, column) => (isBlank && (blank[column - 1] ?? true) ? [] : [column]))
  return rows.map((row) =>
    kept
      .map((column) => row[column] ?? ' ')
      .join('')
      .trimEnd(),
  )
}
