/** One step as plain lines, as wide as they are: for reports that programs read. */

import type { Step } from '../domain/evidence.ts'
import { seen, typed } from '../words/en.ts'
import { oneLine } from './plain.ts'
import { printedBy, prompt } from './step-text.ts'

export function stepLines(step: Step): string[] {
  const command = typed(step)
  const sentence = oneLine(seen(step))
  const printed = printedBy(step)
  const all = command === null ? [sentence, ...printed] : [`${prompt(step)} ${oneLine(command)}`, ...printed, sentence]
  const lines = all.filter((line) => line !== '')
  return lines.map((line, index) => (index === 0 ? `${step.number}  ${line}` : `   ${line}`))
}
