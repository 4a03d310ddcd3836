/** The commands of a lab, ordered by the terminals in which a person would type them. */

import type { ActEvidence, Step } from '../domain/evidence.ts'
import { typed } from '../words/en.ts'
import type { Layout } from './layout.ts'
import { oneLine } from './plain.ts'

/** Each running server has a terminal of its own, as it blocks it; all else is typed in the last one. */
export function byHandText({ paint, paragraph }: Layout, acts: readonly ActEvidence[]): string {
  const blocks = acts.map(commandsOf).filter((commands) => commands.length > 0)
  if (blocks.length === 0) return ''
  const intro = 'The same by hand, from top to bottom. The letter is the terminal: each server needs one of its own.'
  const lines = blocks.map((commands) =>
    commands.map(({ terminal, command }) => `  ${terminal}  ${oneLine(command)}\n`).join(''),
  )
  return `${paint('bold', 'By hand')}\n${paragraph(intro, '')}${lines.join('\n')}\n`
}

function commandsOf({ steps }: ActEvidence): { terminal: string; command: string }[] {
  /** The process that blocks each terminal; null where the prompt is back. */
  const terminals: (number | null)[] = []
  const commands = steps.flatMap((step): { terminal: number | null; command: string | null } => {
    if (step.kind === 'start' || step.kind === 'proceed') {
      const own = terminals.indexOf(step.kind === 'start' ? null : step.pid)
      const terminal = own === -1 ? terminals.length : own
      terminals[terminal] = step.saw.outcome.startsWith('E') ? null : step.saw.pid
      return { terminal, command: step.kind === 'start' ? typed(step) : '(press Enter)' }
    }
    if (step.kind === 'said') {
      const own = terminals.indexOf(step.pid)
      return { terminal: own === -1 ? null : own, command: step.line === null ? null : `(type: ${step.line})` }
    }
    if (step.kind === 'pause' || step.kind === 'resume') {
      return { terminal: null, command: withoutPid(step) }
    }
    if (step.kind !== 'ended' && step.kind !== 'stop' && step.kind !== 'kill') {
      return { terminal: null, command: typed(step) }
    }
    const terminal = terminals.indexOf(step.pid)
    if (terminal !== -1) terminals[terminal] = null
    return { terminal: null, command: withoutPid(step) }
  })
  return commands.flatMap(({ terminal, command }) =>
    command === null ? [] : [{ terminal: letter(terminal ?? terminals.length), command }],
  )
}

/** The process has another number when a person starts it. */
function withoutPid(step: Step & { program: string }): string | null {
  return typed(step)?.replace(/ \d+$/, ` PID # ${step.program}`) ?? null
}

function letter(index: number): string {
  return String.fromCharCode('A'.charCodeAt(0) + Math.min(Math.max(0, index), 25))
}
