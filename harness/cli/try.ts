/** `npm run try`: sockets as a person wishes them, what happened, and what each theory had said. */

import { Inconclusive } from '../domain/inconclusive.ts'
import type { Tried, TryStep } from '../domain/tried.ts'
import { createLayout } from '../report/layout.ts'
import type { Layout } from '../report/layout.ts'
import { tryJson } from '../report/try-json.ts'
import { benchText, sessionText, triedText } from '../report/try-text.ts'
import { Mistake } from '../try/grammar.ts'
import { TrySession } from '../try/session.ts'
import { GRAMMAR } from '../try/vocabulary.ts'
import { wantsColor } from './color.ts'
import { tellHelp } from './help-text.ts'
import type { Interruption } from './signals.ts'
import { abortOnUncaught, listenForSignals } from './signals.ts'
import { standardOutput } from './sink.ts'
import { adviceOnQuotes, explained, readFitting } from './try-mistake.ts'
import type { TryOptions } from './try-options.ts'
import { readTryOptions } from './try-options.ts'
import { EXIT_INCONCLUSIVE, EXIT_USAGE, UsageError } from './usage.ts'

const HELP = `Opens sockets as you wish, on this machine and one port, and tells what each theory had said.

  npm run try                                                   asks at a terminal, step by step
  npm run try -- 'tcp 0.0.0.0' 'tcp :: ipv6Only' '-> 127.0.0.1' does these steps

${GRAMMAR}
A client of -> comes, is told which socket it reached, and goes: nothing of its connection stays.
What the theories M1 to M8 say stands in the output where one of them fell.

Options stand after a --, because npm keeps for itself what stands before it:

  --port N               the port to use; else 8080, or another one where that is in use
  --json                 for programs; docs/reports.md describes it
  --as-lab NAME          keeps the steps as a new lab
  --color, --no-color    colour, whatever the terminal is
  --help                 this text

Exit codes: 0 every step was observed or skipped, 2 wrong usage, 3 something could not be observed,
130, 143, 129 after SIGINT, SIGTERM, SIGHUP.
`

const USAGE = `it needs steps, such as 'tcp 0.0.0.0' '-> 127.0.0.1'; at a terminal it asks for them; --help says more`

/** What a shell reports for a program that a closed pipe ended: 128 + SIGPIPE. */
const EXIT_BROKEN_PIPE = 141
const RUNS_AFTER_STRANGERS = 3

try {
  await main(readTryOptions(process.argv.slice(2), process.env))
} catch (error) {
  const isTold = error instanceof UsageError || error instanceof Inconclusive
  process.stderr.write(`try: ${isTold ? error.message : ((error as Error).stack ?? String(error))}\n`)
  process.exitCode = error instanceof UsageError ? EXIT_USAGE : EXIT_INCONCLUSIVE
}

async function main(options: TryOptions): Promise<void> {
  if (options.help) return tellHelp(HELP)
  const isAsked = options.steps.length === 0
  if (isAsked && (options.json || !process.stdin.isTTY || !process.stdout.isTTY)) throw new UsageError(USAGE)
  const steps = readAll(options.steps)
  const lab = options.asLab === null ? null : (await import('./try-as-lab.ts')).reserve(options.asLab, steps)
  const interruption = listenForSignals()
  abortOnUncaught(interruption)
  const output = standardOutput(process.stdout, (why) => {
    if (why === null) return interruption.abort('interrupted by a closed pipe', EXIT_BROKEN_PIPE)
    process.stderr.write(`try: cannot write to standard output: ${why}\n`)
    interruption.abort(`interrupted by ${why}`, EXIT_USAGE)
  })
  const write = (text: string) => output.write(text)
  const layout = createLayout({
    columns: process.stdout.columns,
    color: wantsColor(options.color, process.env, process.stdout),
  })
  const tried = isAsked
    ? await (
        await import('./try-prompt.ts')
      ).ask(options.port, { layout, interruption, write }, lab?.whyUnfit ?? (() => null))
    : await perform(steps, options, { layout, interruption, write })
  if (lab && tried.length > 0 && !interruption.signal.aborted) {
    await lab.write(tried, (text) => (options.json ? Promise.resolve() : write(text)))
  }
  const isWhole = tried.every(({ problem }) => problem === null)
  process.exitCode = interruption.exitCode() ?? (isWhole ? 0 : EXIT_INCONCLUSIVE)
  // All is written and all processes have ended. Waiting for the last pipes to close would take as long as a step.
  process.exit()
}

/** @throws UsageError that shows the first mistake. */
function readAll(texts: readonly string[]): TryStep[] {
  const steps: TryStep[] = []
  for (const text of texts) {
    try {
      steps.push(readFitting(text, steps))
    } catch (error) {
      if (!(error instanceof Mistake)) throw error
      const advice = adviceOnQuotes(texts)
      throw new UsageError([explained(error, steps.length + 1).trimEnd(), ...(advice ? [advice] : [])].join('\n\n'))
    }
  }
  return steps
}

type Terminal = { layout: Layout; interruption: Interruption; write: (text: string) => Promise<void> }

/** Where a program of somebody else came between, all steps are done again on another port. */
async function perform(
  steps: readonly TryStep[],
  { port, json }: TryOptions,
  { layout, interruption, write }: Terminal,
): Promise<Tried[]> {
  const tell = (text: string) => (json ? Promise.resolve() : write(text))
  for (let run = 1; ; run++) {
    const session = await TrySession.open({ port, mayUseDocuments: run === 1 }, interruption.signal)
    const all: Tried[] = []
    try {
      session.startAhead(
        steps.filter((step) => step.do === 'open' && step.inStep === null && step.user === null).length,
      )
      await tell(benchText(layout, session.port, session.notes))
      for (const step of steps) {
        const tried = await session.perform(step)
        all.push(tried)
        await tell(triedText(layout, tried))
        if (session.metStranger && port === null && run < RUNS_AFTER_STRANGERS) break
      }
    } finally {
      await session.end()
    }
    if (all.length < steps.length) continue
    await tell(sessionText(layout, all))
    if (json) await write(tryJson(session.port, all))
    return all
  }
}
