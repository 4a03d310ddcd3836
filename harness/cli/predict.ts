/** Asks a person at a terminal what they expect, before an act shows it. */

import { offered } from '../domain/choice-order.ts'
import type { RunEvent } from '../domain/event.ts'
import type { LoadedLab } from '../domain/loaded-lab.ts'
import { createLayout } from '../report/layout.ts'
import type { Layout } from '../report/layout.ts'
import { wantsColor } from './color.ts'
import { Keys } from './keys.ts'
import type { Interruption } from './signals.ts'

/** What a shell reports after Ctrl-C: 128 + SIGINT. */
const EXIT_SIGINT = 130

export class Predictor {
  readonly #terminal: NodeJS.Process
  readonly #layout: Layout
  readonly #interruption: Interruption
  readonly #told = new Set<string>()
  readonly #keys: Keys
  #onTold: () => void = () => {}

  /** Null where nobody can be asked: no terminal, or a machine that builds. */
  static forTerminal(terminal: NodeJS.Process, color: boolean | null, interruption: Interruption): Predictor | null {
    const { stdin, stdout, stderr, env } = terminal
    if (stdin.isTTY && stdout.isTTY && !env['CI']) {
      return new Predictor(terminal, wantsColor(color, env, stdout), interruption)
    }
    stderr.write('lab: --predict asks only at a terminal, so nothing is asked here\n')
    return null
  }

  private constructor(terminal: NodeJS.Process, color: boolean, interruption: Interruption) {
    this.#terminal = terminal
    this.#interruption = interruption
    this.#keys = new Keys(terminal.stdin)
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
    this.#keys.listen(true)
    stdout.write(paint('dim', paragraph('What do you expect? Press a number; Enter passes over a question.', '')))
    for (const [id, check] of Object.entries(loaded.lab.acts[act]?.checks ?? {})) {
      const text = loaded.narration.acts[act]?.checks[id]
      const outcomes = offered(id, check.outcomes)
      stdout.write('\n' + paragraph(text?.question ?? id, '  '))
      for (const [index, outcome] of outcomes.entries()) {
        stdout.write(paragraph(text?.outcomes[outcome]?.choice ?? outcome, `    ${index + 1}  `))
      }
      stdout.write('  > ')
      const number = await this.#readNumber(outcomes.length)
      if (this.#interruption.signal.aborted) break
      const answer = number === null ? undefined : outcomes[number - 1]
      stdout.write(number === null ? 'passed over\n' : `${number}\n`)
      if (answer !== undefined) answers[id] = answer
    }
    this.#keys.listen(false)
    stdout.write('\n')
    return answers
  }

  /** One key: a number from 1 to `most`, or null for Enter and for an interrupted run. Ctrl-C interrupts, as elsewhere. */
  async #readNumber(most: number): Promise<number | null> {
    for (;;) {
      const { name, sequence, ctrl } = await this.#keys.next(this.#interruption.signal)
      if (ctrl === true && (name === 'c' || name === 'd'))
        this.#interruption.abort('interrupted by SIGINT', EXIT_SIGINT)
      if (this.#interruption.signal.aborted) return null
      if (name === 'return' || name === 'enter' || name === 'end') return null
      const number = Number(sequence)
      if (Number.isInteger(number) && number >= 1 && number <= most) return number
    }
  }
}
