/** Asks a person at a terminal what they expect, before an act shows it. */

import { emitKeypressEvents } from 'node:readline'

import type { RunEvent } from '../domain/event.ts'
import type { LoadedLab } from '../domain/loaded-lab.ts'
import { createLayout } from '../report/layout.ts'
import type { Layout } from '../report/layout.ts'
import { wantsColor } from './color.ts'

type Key = { name?: string; sequence?: string; ctrl?: boolean }

export class Predictor {
  readonly #terminal: NodeJS.Process
  readonly #layout: Layout
  readonly #told = new Set<string>()
  #onTold: () => void = () => {}

  /** Null where nobody can be asked: no terminal, or a machine that builds. */
  static forTerminal(terminal: NodeJS.Process, color: boolean | null): Predictor | null {
    const { stdin, stdout, stderr, env } = terminal
    if (stdin.isTTY && stdout.isTTY && !env['CI']) return new Predictor(terminal, wantsColor(color, env, stdout))
    stderr.write('lab: --predict asks only at a terminal, so nothing is asked here\n')
    return null
  }

  private constructor(terminal: NodeJS.Process, color: boolean) {
    this.#terminal = terminal
    this.#layout = createLayout({ columns: terminal.stdout.columns, color })
  }

  /** Hears that an event has been shown: questions must not overtake the heading of their act. */
  told(event: RunEvent): void {
    if (event.type !== 'act-start') return
    this.#told.add(`${event.act.lab} ${event.act.act}`)
    this.#onTold()
  }

  ask = async (loaded: LoadedLab, act: string): Promise<Record<string, string>> => {
    while (!this.#told.has(`${loaded.id} ${act}`)) {
      await new Promise<void>((resolve) => {
        this.#onTold = resolve
      })
    }
    const { paint, paragraph } = this.#layout
    const { stdout } = this.#terminal
    const answers: Record<string, string> = {}
    stdout.write(paint('dim', paragraph('What do you expect? Press a number; Enter passes over a question.', '')))
    for (const [id, check] of Object.entries(loaded.lab.acts[act]?.checks ?? {})) {
      const text = loaded.narration.acts[act]?.checks[id]
      const outcomes: readonly string[] = check.outcomes
      stdout.write('\n' + paragraph(text?.question ?? id, '  '))
      for (const [index, outcome] of outcomes.entries()) {
        stdout.write(paragraph(text?.outcomes[outcome]?.choice ?? outcome, `    ${index + 1}  `))
      }
      stdout.write('  > ')
      const number = await this.#readNumber(outcomes.length)
      const answer = number === null ? undefined : outcomes[number - 1]
      stdout.write(number === null ? 'passed over\n' : `${number}\n`)
      if (answer !== undefined) answers[id] = answer
    }
    stdout.write('\n')
    return answers
  }

  /** One key: a number from 1 to `most`, or null for Enter. Ctrl-C interrupts as it does elsewhere. */
  async #readNumber(most: number): Promise<number | null> {
    const { stdin } = this.#terminal
    emitKeypressEvents(stdin)
    stdin.setRawMode(true)
    stdin.resume()
    try {
      return await new Promise((resolve) => {
        const onKey = (_text: string | undefined, { name, sequence, ctrl }: Key) => {
          const number = Number(sequence)
          const passes = name === 'return' || name === 'enter'
          const leaves = ctrl === true && (name === 'c' || name === 'd')
          if (leaves) process.kill(process.pid, 'SIGINT')
          if (!passes && !leaves && !(Number.isInteger(number) && number >= 1 && number <= most)) return
          stdin.off('keypress', onKey)
          resolve(passes || leaves ? null : number)
        }
        stdin.on('keypress', onKey)
      })
    } finally {
      stdin.setRawMode(false)
      stdin.pause()
    }
  }
}
