/** `npm run verify`: runs all labs, and says whether sockets behave here as expected and what explains it if not. */

import { findLabs, labsFolder } from '../catalog/find.ts'
import { loadLab } from '../catalog/load.ts'
import { loadLedger } from '../catalog/read.ts'
import type { RunEvent } from '../domain/event.ts'
import type { SavedRun } from '../domain/evidence.ts'
import type { LoadedLab } from '../domain/loaded-lab.ts'
import type { RandomResult } from '../domain/verification.ts'
import { readMachine } from '../host/machine.ts'
import { createVerifyText } from '../report/verify-text.ts'
import { usualJobsHere } from '../run/jobs.ts'
import { run } from '../run/run.ts'
import { shardOf } from '../verify/shard.ts'
import { verify } from '../verify/verify.ts'
import { chooseLabs, chooseToRun, requireFolder } from './choice.ts'
import { tellHelp } from './help-text.ts'
import { whoHasNoLongForm } from './long-form.ts'
import type { Wanted } from './outputs.ts'
import type { Performance, Surroundings } from './perform-run.ts'
import { performRun, startCommand } from './perform-run.ts'
import type { Progress } from './progress.ts'
import { replaySome } from './replay-some.ts'
import { readAnswered, readSaved } from './saved.ts'
import { UsageError } from './usage.ts'
import { verifyHelp } from './verify-help.ts'
import type { VerifyOptions } from './verify-options.ts'
import { MOST_SEED, readVerifyOptions, VERIFY_OPTIONS, verifyTakesValue } from './verify-options.ts'

await startCommand({
  name: 'verify',
  options: VERIFY_OPTIONS,
  takesValue: verifyTakesValue,
  main: (words) => main(readVerifyOptions(words)),
})

async function main(options: VerifyOptions): Promise<void> {
  if (options.help) return tellHelp(verifyHelp())
  requireFolder(labsFolder())
  const saved = options.replay === null ? null : readSaved(options.replay)
  const baseline = options.baseline && { label: options.baseline.label, saved: readAnswered(options.baseline.file) }
  const ids = chooseSome(options, saved)
  const everyLab = await Promise.all(findLabs().map((id) => loadLab(id)))
  const known = (id: string) => everyLab.find((lab) => lab.id === id)
  // A saved run may have a lab that is no longer there: that is its defect.
  const chosen = await Promise.all(ids.map(async (id) => known(id) ?? (await loadLab(id))))
  const labs = options.shard === null ? chosen : shardOf(chosen, options.shard)
  if (options.full) process.stderr.write(whoHasNoLongForm('verify', labs))
  const wanted: Wanted = { ...options, command: 'verify', usual: (layout) => Promise.resolve(createVerifyText(layout)) }
  await performRun(wanted, async (surroundings) => {
    const { claims } = (await loadLedger(labsFolder())).ledger
    const { shard, random } = options
    const events = verify(eventsOf(options, labs, saved, surroundings), {
      loaded: labs,
      everyLab,
      claims,
      shard: shard && `${shard.index}/${shard.of}`,
      baseline,
      foretell: random && (() => foretell(random, surroundings)),
    })
    return { events, told: progressOf(surroundings.progress) }
  })
}

/** All labs, or those of `--only`, without those of `--skip`. */
function chooseSome({ only, skip }: VerifyOptions, saved: SavedRun | null): string[] {
  const skipped = chooseLabs(skip, findLabs())
  const ids = chooseToRun(only, saved).filter((id) => !skipped.includes(id))
  if (ids.length === 0 && skip.length > 0) throw new UsageError('--skip leaves no lab to run')
  return ids
}

function eventsOf(
  options: VerifyOptions,
  labs: readonly LoadedLab[],
  saved: SavedRun | null,
  { interruption }: Surroundings,
): AsyncGenerator<RunEvent, SavedRun | void> {
  if (saved) return replaySome(saved, labs)
  const { jobs, rounds, labMs, full } = options
  // Two more than there are cores: a lab often waits, for a row in a table or for a process to be gone.
  const ways = jobs ?? usualJobsHere()
  return run(labs, { jobs: ways, rounds, labMs, full, readMachine, signal: interruption.signal })
}

/** fast-check takes its time to be loaded: whoever does not ask for random sequences does not wait for it. */
async function foretell(
  { sequences, seed }: NonNullable<VerifyOptions['random']>,
  { progress, interruption: { signal } }: Surroundings,
): Promise<RandomResult> {
  const { foretellRandomly } = await import('../verify/random.ts')
  const onProgress = (done: number, total: number) => progress.show({ done, total, what: 'sequences' })
  return await foretellRandomly({ sequences, seed: seed ?? Math.floor(Math.random() * MOST_SEED), signal, onProgress })
}

function progressOf(progress: Progress): NonNullable<Performance['told']> {
  let labs = 0
  return (event) => {
    if (event.type === 'run-start') labs = event.labs.length
    else if (event.type === 'lab-start') progress.begin(event.lab.id, labs)
  }
}
