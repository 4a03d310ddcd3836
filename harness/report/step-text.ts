/** One step as text: its number, the command, and what was seen. */

import type { Step } from '../domain/evidence.ts'
import { seen, typed } from '../words/en.ts'
import type { Layout } from './layout.ts'

export function stepText({ paint, paragraph }: Layout, step: Step): string {
  const number = `${step.number}`.padStart(3)
  const command = typed(step)
  const sentence = seen(step)
  if (command === null) return paragraph(sentence, `${number}  `)
  const lines = step.kind === 'list' ? aligned(step.saw.printed).map((line) => `     ${line}\n`) : []
  return [
    `${number}  ${paint('green', `$ ${command}`)}\n`,
    ...lines,
    sentence === '' ? '' : paragraph(sentence, '     '),
  ].join('')
}

/** The columns of a printed table, as narrow as they can be: tools pad them for wider terminals than ours. */
export function aligned(printed: readonly string[]): string[] {
  const rows = printed.map((line) => line.trimEnd().split(/\s{2,}|(?<=\S)\s(?=\S)/))
  return rows.map((cells) => cells.join(' '))
}
