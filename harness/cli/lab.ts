/** `npm run lab`: reads what was typed, runs the labs, and hands the events to the reports. */

import { labsFolder } from '../catalog/find.ts'
import { loadLab } from '../catalog/load.ts'
import type { SavedRun } from '../domain/evidence.ts'
import type { LoadedLab } from '../domain/loaded-lab.ts'
import type { Machine } from '../domain/machine.ts'
import { createReporter } from '../report/formats.ts'
import { usualJobsHere } from '../run/jobs.ts'
import { run } from '../run/run.ts'
import { chooseToRun, requireFolder } from './choice.ts'
import { tellHelp } from './help-text.ts'
import { helpText, labList } from './help.ts'
import { whoHasNoLongForm } from './long-form.ts'
import type { LabOptions } from './options.ts'
import { OPTIONS, readOptions, takesValue } from './options.ts'
import type { Wanted } from './outputs.ts'
import { goesToStandardOutput } from './outputs.ts'
import type { Performance, Surroundings } from './perform-run.ts'
import { performRun, startCommand } from './perform-run.ts'
import { replaySome } from './replay-some.ts'
import { readSaved } from './saved.ts'
import { UsageError } from './usage.ts'

await startCommand({ name: 'lab', options: OPTIONS, takesValue, main: (words) => main(readOptions(words)) })

async function main(options: LabOptions): Promise<void> {
  if (options.help) return tellHelp(helpText())
  requireFolder(labsFolder())
  const { labs: words, all, predict, full } = options
  if (options.replay === null && words.length === 0 && !all) return tellHelp(await labList())
  refuseOtherReport(options)
  const saved = options.replay === null ? null : readSaved(options.replay)
  const labs = await Promise.all(chooseToRun(words, saved).map((id) => loadLab(id)))
  if (full) process.stderr.write(whoHasNoLongForm('lab', labs))
  const format = all && !predict ? 'brief' : 'narrated'
  const wanted: Wanted = { ...options, command: 'lab', usual: (layout) => createReporter(format, layout) }
  await performRun(wanted, (surroundings) => begin(options, labs, saved, surroundings))
}

function refuseOtherReport({ predict, reports }: LabOptions): void {
  const others = reports.filter((one) => one.format !== 'narrated' && goesToStandardOutput(one))
  if (!predict || others.length === 0) return
  throw new UsageError(
    '--predict asks where the narrated report is told; give the other one a file: --report FORMAT=FILE',
  )
}

async function begin(
  options: LabOptions,
  labs: readonly LoadedLab[],
  saved: SavedRun | null,
  { interruption }: Surroundings,
): Promise<Performance> {
  if (saved) return { events: replaySome(saved, labs) }
  const predictor = options.predict
    ? (await import('./predict.ts')).Predictor.forTerminal(process, options.color, interruption)
    : null
  const events = run(labs, {
    jobs: predictor ? 1 : (options.jobs ?? usualJobsHere()),
    rounds: options.rounds,
    labMs: options.labMs,
    port: options.port,
    full: options.full,
    predict: predictor?.ask,
    readMachine: keepsMachine(options) ? readMachine : undefined,
    signal: interruption.signal,
  })
  return { events, told: (event) => predictor?.told(event) }
}

/** To read it takes as long as a short lab: only where it is kept or shown. */
function keepsMachine({ save, reports }: LabOptions): boolean {
  return save !== null || reports.some(({ format }: { format: string }) => format === 'html')
}

async function readMachine(): Promise<Machine> {
  return await (await import('../host/machine.ts')).readMachine()
}
