/** Asks for steps at a terminal, one after the other, and does each at once. */

import { createInterface } from 'node:readline'

import type { Tried, TryStep } from '../domain/tried.ts'
import type { Layout } from '../report/layout.ts'
import { benchText, sessionText, theoriesText, triedText } from '../report/try-text.ts'
import { Mistake } from '../try/grammar.ts'
import { TrySession } from '../try/session.ts'
import { GRAMMAR } from '../try/vocabulary.ts'
import type { Interruption } from './signals.ts'
import { complete } from './try-completion.ts'
import { commandFor, marked, readFitting } from './try-mistake.ts'

export type Terminal = { layout: Layout; interruption: Interruption; write: (text: string) => Promise<void> }

/** What a shell reports after Ctrl-C: 128 + SIGINT. */
const EXIT_SIGINT = 130
const HISTORY = 500

const WELCOME = 'Type a step, such as tcp 0.0.0.0 or -> 127.0.0.1. The tab key completes, help tells more, Ctrl-D ends.'

const HELP = `${GRAMMAR}
Other words
  help         this text
  theories     what the theories M1 to M8 say
  table        the theories against the steps so far
  steps        the command that does all of this again
  end          ends every process, and this session; so does Ctrl-D
`

/** Why a step is not to be done, or null. */
type Refusal = (step: TryStep, earlier: readonly TryStep[]) => string | null

export async function ask(port: number | null, terminal: Terminal, whyNot: Refusal): Promise<Tried[]> {
  const { layout, interruption, write } = terminal
  const session = await TrySession.open({ port, mayUseDocuments: true }, interruption.signal)
  const prompt = new Prompt(session, terminal, whyNot)
  try {
    await write(`${benchText(layout, session.port, session.notes).trimEnd()}\n${layout.paragraph(WELCOME, '')}\n`)
    await prompt.run()
    await write(`\n${sessionText(layout, prompt.tried)}`)
  } finally {
    await session.end()
  }
  return prompt.tried
}

class Prompt {
  readonly tried: Tried[] = []
  readonly #session: TrySession
  readonly #terminal: Terminal
  readonly #whyNot: Refusal

  constructor(session: TrySession, terminal: Terminal, whyNot: Refusal) {
    this.#session = session
    this.#whyNot = whyNot
    this.#terminal = terminal
  }

  get #steps(): TryStep[] {
    return this.tried.map(({ asked }) => asked)
  }

  async run(): Promise<void> {
    const { interruption } = this.#terminal
    const completer = (line: string): [string[], string] => complete(line, this.#steps)
    const { stdin: input, stdout: output } = process
    const lines = createInterface({ input, output, completer, historySize: HISTORY, removeHistoryDuplicates: true })
    const stop = () => lines.close()
    interruption.signal.addEventListener('abort', stop)
    // Ctrl-C takes back what is half typed, as in a shell; with nothing typed it ends the session.
    lines.on('SIGINT', () => {
      if (lines.line === '') return interruption.abort('interrupted by SIGINT', EXIT_SIGINT)
      lines.write(null, { ctrl: true, name: 'e' })
      lines.write(null, { ctrl: true, name: 'u' })
      // With TERM=dumb readline knows no such keys.
      if (lines.line !== '') interruption.abort('interrupted by SIGINT', EXIT_SIGINT)
    })
    const next = () => {
      lines.setPrompt(`${this.tried.length + 1}> `)
      lines.prompt()
    }
    // A process that waits already takes the next socket at once.
    this.#session.startAhead(1)
    next()
    // The iterator keeps what is typed, or pasted, while a step is being done.
    for await (const line of lines) {
      const goesOn = await this.#take(line.trim())
      if (!goesOn || interruption.signal.aborted) break
      next()
    }
    interruption.signal.removeEventListener('abort', stop)
    lines.close()
  }

  /** Whether the session goes on. */
  async #take(line: string): Promise<boolean> {
    const { layout, write } = this.#terminal
    switch (line) {
      case '':
        return true
      case 'end':
      case 'exit':
      case 'quit':
        return false
      case 'help':
        return await told(write(helpFor(layout)))
      case 'theories':
        return await told(write(theoriesText(layout)))
      case 'table':
        return await told(write(sessionText(layout, this.tried) || 'No theory was put to the test yet.\n'))
      case 'steps':
        return await told(write(`${commandFor(this.#steps)}\n`))
      default:
        return await this.#perform(line)
    }
  }

  async #perform(line: string): Promise<boolean> {
    const { layout, write, interruption } = this.#terminal
    let step: TryStep
    try {
      step = readFitting(line, this.#steps)
    } catch (error) {
      if (!(error instanceof Mistake)) throw error
      const { what, mark } = marked(error, this.tried.length + 1, layout.width)
      return await told(write(`${layout.paragraph(what, '')}${mark}help shows what a step may be.\n`))
    }
    const why = this.#whyNot(step, this.#steps)
    if (why !== null) return await told(write(layout.paragraph(`${why}. It is not done.`, '')))
    const tried = await this.#session.perform(step)
    this.tried.push(tried)
    if (step.do === 'open' && step.inStep === null && !interruption.signal.aborted) this.#session.startAhead(1)
    await write(triedText(layout, tried))
    if (!this.#session.metStranger) return true
    await write(
      layout.paragraph('Another program came between, so this session ends. Begin again on another port.', ''),
    )
    return false
  }
}

/** As it is where there is room, else wrapped line by line. */
function helpFor({ width, paragraph }: Layout): string {
  const lines = HELP.trimEnd().split('\n')
  if (lines.every((line) => line.length <= width)) return HELP
  return lines.map((line) => paragraph(line, /^ */.exec(line)?.[0] ?? '', '      ')).join('')
}

async function told(written: Promise<void>): Promise<boolean> {
  await written
  return true
}
