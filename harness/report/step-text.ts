/** One step as text: its number, the command, and what was seen. */

import type { Step } from '../domain/evidence.ts'
import { isOnNeighbour } from '../domain/evidence.ts'
import { seen, typed } from '../words/en.ts'
import { NEIGHBOUR_PROMPT } from '../words/networks.en.ts'
import type { Layout } from './layout.ts'
import { oneLine, plain } from './plain.ts'

export function stepText({ paint, paragraph }: Layout, step: Step): string {
  const number = `${step.number}`.padStart(3)
  const command = typed(step)
  const sentence = seen(step)
  if (command === null) return paragraph(sentence, `${number}  `)
  const lines = step.kind === 'list' || step.kind === 'run' ? aligned(step.saw.printed).map((line) => `     ${line}\n`) : []
  return [
    `${number}  ${paint('green', `${prompt(step)} ${oneLine(command)}`)}\n`,
    ...lines,
    sentence === '' ? '' : paragraph(sentence, '     '),
  ].join('')
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
