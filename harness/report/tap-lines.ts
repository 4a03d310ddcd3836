/** Test points of TAP 14 (testanything.org), and what says how they came out. */

import { oneLine } from './plain.ts'
import type { YamlRecord } from './yaml.ts'
import { yamlLines } from './yaml.ts'

export type TapOutcome =
  'ok' | { skip: string } | { severity: 'fail' | 'inconclusive'; message: string; fields: YamlRecord }

export function tapPoint(number: number, name: string, outcome: TapOutcome): string {
  const point = `${number} - ${escaped(name)}`
  if (outcome === 'ok') return `ok ${point}\n`
  if ('skip' in outcome) return `ok ${point} # SKIP ${escaped(outcome.skip)}\n`
  const { severity, message, fields } = outcome
  const [first = '', ...others] = yamlLines({ message, ...fields })
  const lines = [first, `severity: ${severity}`, ...others].map((line) => `  ${line}\n`)
  return `not ok ${point}\n  ---\n${lines.join('')}  ...\n`
}

/** Without its escape a `#` would begin a directive, and `# SKIP` in a question would skip its check. */
function escaped(text: string): string {
  return oneLine(text).replace(/[\\#]/g, '\\$&')
}
