/** `npm run lab`: reads what was typed, runs the labs, hands the events to the reports, and sets the exit code. */

import { availableParallelism } from 'node:os'

import { findLabs, labsFolder } from '../catalog/find.ts'
import { loadLab } from '../catalog/load.ts'
import type { RunEvent } from '../domain/event.ts'
import type { SavedRun } from '../domain/evidence.ts'
import type { LoadedLab } from '../domain/loaded-lab.ts'
import { exitCodeFor } from '../domain/verdict.ts'
import { FORMATS } from '../report/formats.ts'
import { createLayout } from '../report/layout.ts'
import { replay } from '../run/replay.ts'
import { run } from '../run/run.ts'
import { chooseLabs, requireFolder } from './choice.ts'
import { wantsColor } from './color.ts'
import { helpText, labList } from './help.ts'
import type { LabOptions, ReportRequest } from './options.ts'
import { OPTIONS, readOptions } from './options.ts'
import { Predictor } from './predict.ts'
import { readSaved } from './saved.ts'
import type { Interruption } from './signals.ts'
import { listenForSignals } from './signals.ts'
import type { Sink } from './sink.ts'
import { openFile, standardOutput } from './sink.ts'
import { refuseSwallowed } from './swallowed.ts'
import { Telling } from './telling.ts'
import { EXIT_USAGE, UsageError } from './usage.ts'

/** What a shell reports for a program that a closed pipe ended: 128 + SIGPIPE. */
const EXIT_BROKEN_PIPE = 141

try {
  const words = process.argv.slice(2)
  refuseSwallowed(words, Object.keys(OPTIONS), process.env)
  await main(readOptions(words))
} catch (error) {
  if (!(error instanceof UsageError)) throw error
  process.stderr.write(`lab: ${error.message}\n`)
  process.exitCode = EXIT_USAGE
}

async function main(options: LabOptions): Promise<void> {
  if (options.help) return void process.stdout.write(helpText())
  requireFolder(labsFolder())
  if (options.replay === null && options.labs.length === 0 && !options.all) {
    return void process.stdout.write(await labList())
  }
  const saved = options.replay === null ? null : readSaved(options.replay)
  const labs = await Promise.all(choose(options, saved).map((id) => loadLab(id)))
  const interruption = listenForSignals()
  const outputs = openOutputs(options, interruption)
  try {
    await perform(options, labs, saved, outputs, interruption)
    for (const { sink } of outputs.all) sink.finish()
  } finally {
    for (const { sink } of outputs.all) sink.discard()
  }
}

/** The labs that were named, in the order in which they were named, each once. */
function choose({ labs, all }: LabOptions, saved: SavedRun | null): string[] {
  const ids = findLabs()
  if (all) return ids
  if (labs.length === 0 && saved) return [...new Set(saved.labs.map(({ lab }) => lab))]
  return chooseLabs(labs, ids)
}

type Outputs = { all: { sink: Sink; telling: Telling | null }[]; tellings: Telling[]; save: Sink | null }

/** Opens every file before anything runs: a name that cannot be written is wrong usage, not a lost result. */
function openOutputs(options: LabOptions, interruption: Interruption): Outputs {
  const { reports, save, color, all } = options
  const toStdout: ReportRequest = { format: all ? 'brief' : 'narrated', file: null }
  const requests = reports.some(({ file }) => file === null) ? reports : [toStdout, ...reports]
  const opened: Outputs['all'] = []
  const files: { request: ReportRequest; sink: Sink }[] = []
  try {
    for (const request of requests) {
      const sink =
        request.file === null
          ? standardOutput(process.stdout, () => {
              // A file that was asked for is still written; without one nobody is left to run for.
              if (requests.length === 1 && save === null)
                interruption.abort('interrupted by a closed pipe', EXIT_BROKEN_PIPE)
            })
          : openFile(request.file)
      files.push({ request, sink })
    }
    const saveSink = save === null ? null : openFile(save)
    if (saveSink) opened.push({ sink: saveSink, telling: null })
    const tellings = files.map(({ request, sink }) => {
      const own = request.file === null
      const layout = createLayout({
        columns: own ? process.stdout.columns : undefined,
        color: own ? wantsColor(color, process.env, process.stdout) : color === true,
      })
      const telling = new Telling(FORMATS[request.format].create(layout), sink)
      opened.push({ sink, telling })
      return telling
    })
    return { all: opened, tellings, save: saveSink }
  } catch (error) {
    for (const { sink } of files) sink.discard()
    throw error
  }
}

async function perform(
  options: LabOptions,
  labs: readonly LoadedLab[],
  saved: SavedRun | null,
  { tellings, save }: Outputs,
  interruption: Interruption,
): Promise<void> {
  const predictor = options.predict ? Predictor.forTerminal(process, options.color) : null
  const events: AsyncGenerator<RunEvent, SavedRun | void> = saved
    ? replay(withLabs(saved, labs), async (id) => labs.find((lab) => lab.id === id) as LoadedLab)
    : run(labs, {
        jobs: predictor ? 1 : (options.jobs ?? availableParallelism()),
        rounds: options.rounds,
        labMs: options.labMs,
        port: options.port,
        predict: predictor?.ask,
        signal: interruption.signal,
      })
  let exitCode: number = 3
  for (;;) {
    const { value, done } = await events.next()
    if (done) {
      if (value && save) await save.write(JSON.stringify(value, null, 1) + '\n')
      break
    }
    await Promise.all(tellings.map((telling) => telling.tell(value)))
    predictor?.told(value)
    if (value.type === 'run-end') exitCode = exitCodeFor(value.counts)
  }
  await Promise.all(tellings.map((telling) => telling.finish()))
  process.exitCode = interruption.exitCode() ?? exitCode
}

function withLabs(saved: SavedRun, labs: readonly LoadedLab[]): SavedRun {
  return { ...saved, labs: saved.labs.filter(({ lab }) => labs.some(({ id }) => id === lab)) }
}
