/** The commands of a lab, ordered by the terminals in which a person would type them. */

import type { ActEvidence, Step } from '../domain/evidence.ts'
import { isOnNeighbour } from '../domain/evidence.ts'
import { typed } from '../words/en.ts'
import { foldedCommands } from './by-hand-fold.ts'
import type { FoldedLine } from './by-hand-fold.ts'
import { withNetworks } from './by-hand-networks.ts'
import type { Layout } from './layout.ts'
import { oneLine } from './plain.ts'

/** A line to type, and the letters of the terminals in which it is typed. */
export type ByHandLine = { terminals: string; command: string }

/** What is typed for each act, and how it is read; null where nothing can be typed. */
export type ByHand = { intro: string; acts: ByHandLine[][] }

/** Each running server has a terminal of its own, as it blocks it; all else is typed in the last one. */
export function byHandOf(acts: readonly ActEvidence[]): ByHand | null {
  const blocks = acts.map(commandsOf).filter((commands) => commands.length > 0)
  if (blocks.length === 0) return null
  const intro = 'The same by hand, from top to bottom. The letter is the terminal: each server needs one of its own.'
  const isDialled = blocks.flat().some(({ command }) => /^nc (?!-v |-w |-u)/.test(command))
  const stays = isDialled ? ' If nc stays, end it with Ctrl-C before the next line.' : ''
  const several = blocks.flat().some(({ terminals }) => terminals.length > 1) ? ' A-D is each of A, B, C and D.' : ''
  const lines = blocks.map((commands) =>
    commands.map(({ terminals, command }) => ({ terminals: lettersOf(terminals), command: oneLine(command) })),
  )
  return { intro: intro + stays + several, acts: lines }
}

export function byHandText({ paint, paragraph }: Layout, acts: readonly ActEvidence[]): string {
  const told = byHandOf(acts)
  if (told === null) return ''
  const blocks = told.acts.map(alignedLines).map((lines) => lines.map((line) => `  ${line}\n`).join(''))
  return `${paint('bold', 'By hand')}\n${paragraph(told.intro, '')}${blocks.join('\n')}\n`
}

/** The commands of one act below each other, after the letters of their terminals. */
export function alignedLines(lines: readonly ByHandLine[]): string[] {
  const width = Math.max(...lines.map(({ terminals }) => terminals.length))
  return lines.map(({ terminals, command }) => `${terminals.padEnd(width)}  ${command}`)
}

function commandsOf({ steps, network }: ActEvidence): FoldedLine[] {
  /** The process that blocks each terminal, null where the prompt is back; and on which host that is. */
  const terminals: { pid: number | null; onNeighbour: boolean }[] = []
  const terminalOf = (pid: number) => terminals.findIndex((terminal) => terminal.pid === pid)
  /** A terminal that nothing blocks comes after all others; the second host has one more. */
  const commands = steps.flatMap(
    (step): { terminal: number | null; command: string | null; onNeighbour: boolean }[] => {
      const onNeighbour = isOnNeighbour(step)
      if (step.kind === 'start') {
        const free = terminals.findIndex((one) => one.pid === null && one.onNeighbour === onNeighbour)
        const terminal = free === -1 ? terminals.length : free
        terminals[terminal] = { pid: step.saw.outcome.startsWith('E') ? null : step.saw.pid, onNeighbour }
        return [{ terminal, command: typed(step), onNeighbour }]
      }
      const there = 'pid' in step ? terminals[terminalOf(step.pid)] : undefined
      if (step.kind === 'proceed') {
        const terminal = Math.max(0, terminalOf(step.pid))
        // A program that takes lines stays for the next one.
        if (there && step.line === undefined) there.pid = step.saw.outcome.startsWith('E') ? null : step.saw.pid
        const command = step.line === undefined ? '(press Enter)' : `(type: ${step.line})`
        return [{ terminal, command, onNeighbour: there?.onNeighbour ?? false }]
      }
      if (step.kind === 'said') {
        const terminal = there ? terminalOf(step.pid) : null
        const command = step.line === null ? null : `(type: ${step.line})`
        return [{ terminal, command, onNeighbour: there?.onNeighbour ?? false }]
      }
      if (step.kind === 'ended' || step.kind === 'stop' || step.kind === 'kill') {
        if (there) there.pid = null
        return [{ terminal: null, command: withoutPid(step), onNeighbour: false }]
      }
      const isSignal = step.kind === 'pause' || step.kind === 'resume'
      const command = isSignal ? withoutPid(step) : step.kind === 'run' ? withoutPids(typed(step), steps) : typed(step)
      return [{ terminal: null, command, onNeighbour }]
    },
  )
  const placed = commands.flatMap(({ terminal, command, onNeighbour }) =>
    command === null ? [] : [{ terminal: terminal ?? terminals.length + (onNeighbour ? 1 : 0), command, onNeighbour }],
  )
  const all = network === 'own' ? withNetworks(placed, terminals.length) : placed
  return foldedCommands(all)
}

/** The process has another number when a person starts it. */
function withoutPid(step: Step & { program: string }): string | null {
  return typed(step)?.replace(/ \d+$/, ` PID # ${step.program}`) ?? null
}

/** A tool may be told the process ids of programs, as in `ls -l /proc/PID/fd`. */
function withoutPids(command: string | null, steps: readonly Step[]): string | null {
  let [text, of] = [command, '']
  for (const step of steps) {
    if (step.kind !== 'start' || text === null) continue
    const without = text.replace(new RegExp(`(?<=[ /=])${step.saw.pid}(?![0-9.])`, 'g'), 'PID')
    if (without !== text) of = ` # ${step.program}`
    text = without
  }
  return text === null ? null : text + of
}

/** `A`, `A-D`, or `A,C`. */
function lettersOf(terminals: readonly number[]): string {
  const [first, last] = [terminals[0], terminals.at(-1)]
  if (first === undefined || last === undefined) return '…'
  const areNeighbours = terminals.length > 1 && terminals.every((terminal, index) => terminal === first + index)
  return areNeighbours ? `${letter(first)}-${letter(last)}` : terminals.map(letter).join()
}

/** `A` to `Z`, then `AA`. */
function letter(terminal: number): string {
  const own = String.fromCharCode('A'.charCodeAt(0) + (terminal % 26))
  return terminal < 26 ? own : letter(Math.floor(terminal / 26) - 1) + own
}
