/** `npm run lab`: reads what was typed, runs the labs, hands the events to the reports, and sets the exit code. */

import { availableParallelism } from 'node:os'

import { findLabs, labsFolder } from '../catalog/find.ts'
import { loadLab } from '../catalog/load.ts'
import type { RunEvent } from '../domain/event.ts'
import type { SavedRun } from '../domain/evidence.ts'
import type { LoadedLab } from '../domain/loaded-lab.ts'
import { exitCodeFor } from '../domain/verdict.ts'
import { replay } from '../run/replay.ts'
import { run } from '../run/run.ts'
import { asJoined } from '../words/phrases.en.ts'
import { chooseLabs, requireFolder } from './choice.ts'
import { helpText, labList } from './help.ts'
import type { LabOptions } from './options.ts'
import { OPTIONS, readOptions, takesValue } from './options.ts'
import type { Outputs } from './outputs.ts'
import { openOutputs } from './outputs.ts'
import { Progress } from './progress.ts'
import { readSaved } from './saved.ts'
import type { Interruption } from './signals.ts'
import { abortOnUncaught, listenForSignals } from './signals.ts'
import { refuseSwallowed } from './swallowed.ts'
import { EXIT_INCONCLUSIVE, EXIT_USAGE, UsageError } from './usage.ts'

try {
  const words = process.argv.slice(2)
  refuseSwallowed(words, Object.keys(OPTIONS), takesValue, process.env)
  await main(readOptions(words))
} catch (error) {
  const isUsage = error instanceof UsageError
  process.stderr.write(`lab: ${isUsage ? error.message : ((error as Error).stack ?? String(error))}\n`)
  // A defect of the harness is no observation: it must not look like a check that failed.
  process.exitCode = isUsage ? EXIT_USAGE : EXIT_INCONCLUSIVE
}

async function main(options: LabOptions): Promise<void> {
  if (options.help) return void process.stdout.write(helpText())
  requireFolder(labsFolder())
  if (options.replay === null && options.labs.length === 0 && !options.all) {
    return void process.stdout.write(await labList())
  }
  const saved = options.replay === null ? null : readSaved(options.replay)
  const labs = await Promise.all(choose(options, saved).map((id) => loadLab(id)))
  if (options.full) process.stderr.write(whoHasNoLongForm(labs))
  const interruption = listenForSignals()
  abortOnUncaught(interruption)
  const progress = new Progress(process.stderr)
  const outputs = await openOutputs(options, interruption, progress)
  try {
    const { sinks, save } = outputs
    const seen = await perform(options, labs, { saved, tellings: outputs.tellings, progress, interruption })
    // Reports that are whole stay, also where the evidence finds no room.
    for (const sink of sinks) if (sink !== save) sink.finish()
    if (seen) await save?.write(JSON.stringify(seen, null, 1) + '\n')
    save?.finish()
  } finally {
    for (const sink of outputs.sinks) sink.discard()
  }
  // All is written and all programs have ended. Waiting for the last pipes to close would take as long as a program.
  process.exit()
}

/** Says which labs `--full` changes, where it does not change all of them. */
function whoHasNoLongForm(labs: readonly LoadedLab[]): string {
  const hasLongForm = ({ lab }: LoadedLab) => Object.values(lab.acts).some(({ longForm }) => longForm === true)
  const [having, lacking] = [labs.filter(hasLongForm), labs.filter((one) => one.defect === null && !hasLongForm(one))]
  if (lacking.length === 0) return ''
  const changed = having.length === 0 ? 'nothing' : `only ${asJoined(having.map(({ id }) => id))}`
  const [first] = lacking
  const who = lacking.length === 1 && first ? `${first.id} has` : `${lacking.length} of these labs have`
  return `lab: ${who} no long form: --full changes ${changed}\n`
}

/** The labs that were named, in the order in which they were named, each once. */
function choose({ labs, all }: LabOptions, saved: SavedRun | null): string[] {
  const ids = findLabs()
  if (all && !saved) return ids
  if (saved && labs.length === 0) return [...new Set(saved.labs.map(({ lab }) => lab))]
  const chosen = chooseLabs(labs, ids)
  const absent = saved ? chosen.filter((id) => !saved.labs.some(({ lab }) => lab === id)) : []
  if (saved && absent.length > 0) {
    const there = saved.labs.map(({ lab }) => lab).join(', ')
    throw new UsageError(`the saved evidence has nothing of ${absent.join(', ')}; it has ${there || 'no lab'}`)
  }
  return chosen
}

type Performing = {
  saved: SavedRun | null
  tellings: Outputs['tellings']
  progress: Progress
  interruption: Interruption
}

/** @returns what `--save` is to keep: nothing for a replay. */
async function perform(
  options: LabOptions,
  labs: readonly LoadedLab[],
  { saved, tellings, progress, interruption }: Performing,
): Promise<SavedRun | void> {
  const predictor = options.predict
    ? (await import('./predict.ts')).Predictor.forTerminal(process, options.color, interruption)
    : null
  const events: AsyncGenerator<RunEvent, SavedRun | void> = saved
    ? replay(withLabs(saved, labs), async (id) => labs.find((lab) => lab.id === id) as LoadedLab)
    : run(labs, {
        // Two more than there are cores: a lab often waits, for a row in a table or for a process to be gone.
        jobs: predictor ? 1 : (options.jobs ?? availableParallelism() + 2),
        rounds: options.rounds,
        labMs: options.labMs,
        port: options.port,
        full: options.full,
        predict: predictor?.ask,
        signal: interruption.signal,
      })
  let exitCode: number = EXIT_INCONCLUSIVE
  let seen: SavedRun | void
  try {
    for (;;) {
      const { value, done } = await events.next()
      if (done) {
        seen = value
        break
      }
      if (value.type === 'progress') progress.show(value.progress)
      await Promise.all(tellings.map((telling) => telling.tell(value)))
      predictor?.told(value)
      if (value.type === 'run-end') exitCode = exitCodeFor(value.counts)
    }
  } finally {
    progress.clear()
    // Where a report cannot be written the run is given up, and its programs end with it.
    await events.return(undefined)
  }
  await Promise.all(tellings.map((telling) => telling.finish()))
  process.exitCode = interruption.exitCode() ?? exitCode
  return seen
}

function withLabs(saved: SavedRun, labs: readonly LoadedLab[]): SavedRun {
  return { ...saved, labs: saved.labs.filter(({ lab }) => labs.some(({ id }) => id === lab)) }
}
