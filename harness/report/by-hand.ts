/** The commands of a lab, ordered by the terminals in which a person would type them. */

import type { ActEvidence } from '../domain/evidence.ts'
import { typed } from '../words/en.ts'
import type { Layout } from './layout.ts'

/** Each server has a terminal of its own, as it blocks it; all else is typed in the last one. */
export function byHandText({ paint, paragraph }: Layout, acts: readonly ActEvidence[]): string {
  const lines = acts.filter(({ steps }) => steps.length > 0).map((act) => commandsOf(act).map(({ terminal, command }) => `  ${terminal}  ${command}\n`).join(''))
  if (lines.length === 0) return ''
  const intro = 'The same by hand, from top to bottom. The letter is the terminal: each server needs one of its own.'
  return `${paint('bold', 'By hand')}\n${paragraph(intro, '')}${lines.join('\n')}\n`
}

function commandsOf({ steps }: ActEvidence): { terminal: string; command: string }[] {
  const servers = steps.filter(({ kind }) => kind === 'start')
  const client = letter(servers.length)
  return steps.flatMap((step) => {
    const command = typed(step)
    if (command === null) return []
    return [{ terminal: step.kind === 'start' ? letter(servers.indexOf(step)) : client, command: command.replace(/\b(kill(?: -9)?) \d+/, '$1 PID') }]
  })
}

function letter(index: number): string {
  return String.fromCharCode('A'.charCodeAt(0) + Math.min(index, 25))
}
