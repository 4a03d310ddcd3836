/** The frame of the commands that run labs: what was typed, the outputs, the events told one by one, the exit code. */

import { writeSync } from 'node:fs'

import { countCompared } from '../domain/comparison.ts'
import type { RunEvent } from '../domain/event.ts'
import type { SavedRun } from '../domain/evidence.ts'
import type { Verification } from '../domain/verification.ts'
import type { Counts } from '../domain/verdict.ts'
import { exitCodeFor } from '../domain/verdict.ts'
import { endWhenStuck } from '../process/busy-limit.ts'
import type { Outputs, Wanted } from './outputs.ts'
import { openOutputs } from './outputs.ts'
import { Progress } from './progress.ts'
import type { Interruption } from './signals.ts'
import { abortOnUncaught, listenForSignals } from './signals.ts'
import type { Sink } from './sink.ts'
import { refuseSwallowed } from './swallowed.ts'
import { EXIT_INCONCLUSIVE, EXIT_USAGE, UsageError } from './usage.ts'

export type Command = {
  name: string
  options: Readonly<Record<string, unknown>>
  takesValue: (option: string) => boolean
  main: (words: string[]) => Promise<void>
}

/** Runs a command; wrong usage becomes one line. */
export async function startCommand({ name, options, takesValue, main }: Command): Promise<void> {
  try {
    const words = process.argv.slice(2)
    await endWhenStuck()
    refuseSwallowed(words, Object.keys(options), takesValue, process.env)
    await main(words)
  } catch (error) {
    const isUsage = error instanceof UsageError
    process.stderr.write(`${name}: ${isUsage ? error.message : ((error as Error).stack ?? String(error))}\n`)
    // A defect of the harness is no observation: it must not look like a check that failed.
    process.exitCode = isUsage ? EXIT_USAGE : EXIT_INCONCLUSIVE
  }
}

export type Surroundings = { progress: Progress; interruption: Interruption }

export type Performance = {
  /** Returns what `--save` is to keep: nothing for a replay. */
  events: AsyncGenerator<RunEvent, SavedRun | void>
  /** Called when every report has been told of the event. */
  told?: (event: RunEvent) => void
}

/** Opens the outputs, tells them the run, writes what is to be kept, and ends the process. */
export async function performRun(
  wanted: Wanted,
  begin: (surroundings: Surroundings) => Promise<Performance>,
): Promise<never> {
  const interruption = listenForSignals()
  abortOnUncaught(interruption)
  const progress = new Progress(process.stderr)
  const outputs = await openOutputs(wanted, interruption, progress)
  const allow = refuseToEnd(wanted.command, outputs, interruption)
  try {
    const { sinks, save } = outputs
    const isKept = await tellAll(await begin({ progress, interruption }), outputs, { progress, interruption }, wanted)
    // Reports that are whole stay, also where the evidence finds no room.
    for (const sink of sinks) if (sink !== save || isKept) sink.finish()
    if (!isKept) process.exitCode = EXIT_USAGE
  } finally {
    for (const sink of outputs.sinks) sink.discard()
    allow()
  }
  // All is written and all programs have ended. Waiting for the last pipes to close would take as long as a step.
  process.exit()
}

/**
 * A lab's own code runs in this process and may call process.exit(): what it has not been seen to do must not pass.
 * @returns what allows the process to end
 */
function refuseToEnd(command: string, { sinks }: Outputs, interruption: Interruption): () => void {
  const refuse = () => {
    if (interruption.exitCode() !== null) return
    for (const sink of sinks) sink.discard()
    process.exitCode = EXIT_INCONCLUSIVE
    try {
      writeSync(2, `${command}: a lab has ended the harness, as process.exit() does: nothing of this run counts\n`)
    } catch {
      // Nobody reads it: the exit code says it too.
    }
  }
  process.on('exit', refuse)
  return () => process.off('exit', refuse)
}

/**
 * Whether the evidence was kept is known before the end is told: a verdict is not to be read and the loss passed over.
 * @returns `false` where it could not be kept
 */
async function tellAll(
  { events, told }: Performance,
  { tellings, save }: Outputs,
  { progress, interruption }: Surroundings,
  { command }: Wanted,
): Promise<boolean> {
  let exitCode: number = EXIT_INCONCLUSIVE
  let verification: Verification | null = null
  let seen: SavedRun | void
  let end: RunEvent | null = null
  const tell = async (event: RunEvent) => {
    await Promise.all(tellings.map((telling) => telling.tell(event)))
    told?.(event)
  }
  try {
    for (;;) {
      const { value, done } = await events.next()
      if (done) {
        seen = value
        break
      }
      if (value.type === 'progress') progress.show(value.progress)
      if (value.type === 'verified') verification = value.verification
      if (value.type === 'run-end') exitCode = exitCodeOf(value.counts, verification)
      if (value.type === 'run-end') end = value
      else await tell(value)
    }
  } finally {
    progress.clear()
    // Where a report cannot be written the run is given up, and its programs end with it.
    await events.return(undefined)
  }
  const isKept = !seen || !save || (await keep(seen, save, command))
  if (end) await tell(end)
  await Promise.all(tellings.map((telling) => telling.finish()))
  process.exitCode = interruption.exitCode() ?? exitCode
  return isKept
}

async function keep(seen: SavedRun, save: Sink, command: string): Promise<boolean> {
  try {
    await save.write(JSON.stringify(seen, null, 1) + '\n')
    return true
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    process.stderr.write(`${command}: the run is not kept: ${error.message}\n`)
    return false
  }
}

/** A kernel that does otherwise than M8 says is a failure; what was asked for and not seen is inconclusive. */
function exitCodeOf(counts: Counts, verification: Verification | null): number {
  const code = exitCodeFor(counts)
  if (verification === null || code === 1) return code
  const { random, randomProblem, baseline } = verification
  if (random !== null && random.disagreement !== null) return 1
  const isUnseen = randomProblem !== undefined || (baseline !== null && countCompared(baseline.checks).compared === 0)
  return isUnseen ? EXIT_INCONCLUSIVE : code
}
