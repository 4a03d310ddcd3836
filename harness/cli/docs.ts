/** `npm run docs`: writes the generated pages, says which are out of date, or records new runs to make them from. */

import { existsSync, writeFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { relative } from 'node:path'

import { findLabs, labsFolder } from '../catalog/find.ts'
import { loadLab } from '../catalog/load.ts'
import type { SavedRun } from '../domain/evidence.ts'
import type { LoadedLab } from '../domain/loaded-lab.ts'
import type { Pages } from './docs-pages.ts'
import { makePages, misfits, stalePages, stalenessOf } from './docs-pages.ts'
import { normalised, recordingFile, sameButForChance, writeRecording } from './docs-recording.ts'
import { chooseLabs } from './choice.ts'
import { performCommand } from './perform-command.ts'
import { readSaved } from './saved.ts'
import { listenForSignals } from './signals.ts'
import { UsageError } from './usage.ts'

const HELP = `Writes the pages that are made from labs: labs/NN-name/README.md, the list of labs in README.md
(between <!-- labs --> and <!-- /labs -->), the floor plan in docs/architecture.md, and docs/claims.md: what the documents
say, and what the recorded runs answer. No socket is opened.

  npm run docs                          writes every page that is out of date
  npm run docs -- --check               says which are, and writes nothing; exit code 1 when any is
  npm run docs -- --record              runs all labs, keeps what was seen in labs/NN-name/recorded.json, writes the pages
  npm run docs -- --record 04           records one lab
  npm run docs -- --help                this text

A recording that differs from the one there only by chance is not kept. A run in which a check fails is not either.
`

await performCommand({
  name: 'docs',
  help: HELP,
  switches: ['check', 'record'],
  async perform(words, isOn) {
    if (isOn('check') && isOn('record'))
      throw new UsageError('--check writes nothing and --record does; give one of them')
    if (words.length > 0 && !isOn('record'))
      throw new UsageError('labs are named with --record only; pages are all written')
    if (isOn('check')) return await check()
    const recorded = isOn('record') ? await recordAll(words) : null
    await write(words.length === 0 ? null : recorded)
  },
})

async function check(): Promise<void> {
  const made = await makePages()
  const problems = [...made.problems, ...stalePages(made).map(stalenessOf)]
  for (const { file, what, todo } of problems) say(`${shown(file)}: ${what}. ${todo}`)
  if (problems.length === 0) say(upToDate(made))
  else process.exitCode = 1
}

/** Writes what is out of date: of all labs, or of these and the pages about all labs. */
async function write(labs: readonly string[] | null): Promise<void> {
  const made = await makePages()
  const isMeant = (lab: string | null) => labs === null || lab === null || labs.includes(lab)
  const stale = stalePages(made).filter(({ lab }) => isMeant(lab))
  for (const { file, wanted } of stale) {
    writeFileSync(file, wanted)
    say(`wrote ${shown(file)}`)
  }
  const problems = made.problems.filter((problem) => problem.labs.some(isMeant))
  for (const { file, what, todo } of problems) say(`${shown(file)}: ${what}. ${todo}`)
  if (problems.length > 0) process.exitCode = 1
  else if (stale.length === 0) say(upToDate(made))
}

/** @returns the labs that were run. */
async function recordAll(words: readonly string[]): Promise<string[]> {
  const folder = labsFolder()
  const ids = words.length === 0 ? findLabs(folder) : chooseLabs(words, findLabs(folder))
  const labs = await Promise.all(ids.map((id) => loadLab(id, folder)))
  const interruption = listenForSignals()
  const { run } = await import('../run/run.ts')
  for (const lab of labs) {
    // One after the other, so that each gets the documents' port.
    const events = run([lab], { jobs: 1, rounds: 1, signal: interruption.signal })
    let step = await events.next()
    while (!step.done) step = await events.next()
    const code = interruption.exitCode()
    if (code !== null) process.exit(code)
    keep(lab, normalised(step.value, userInfo().username), recordingFile(folder, lab.id))
  }
  return ids
}

function keep(lab: LoadedLab, recording: SavedRun, file: string): void {
  const wrong = lab.defect === null ? misfits(lab, recording) : [lab.defect]
  if (wrong.length > 0) {
    say(`${lab.id} was not recorded: ${wrong.join('; ')}`)
    process.exitCode = 1
    return
  }
  const skipped = recording.labs.flatMap(({ acts }) => acts).filter((act) => act.skipped !== null)
  for (const { act, skipped: why } of skipped) say(`${lab.id}: the act ${act} was skipped here: ${why}`)
  if (isSameAs(file, recording)) return say(`${shown(file)} stays as it is`)
  writeFileSync(file, writeRecording(recording))
  say(`recorded ${shown(file)}`)
}

function isSameAs(file: string, recording: SavedRun): boolean {
  try {
    return existsSync(file) && sameButForChance(readSaved(file), recording)
  } catch {
    return false
  }
}

function upToDate({ pages }: Pages): string {
  return pages.length === 1 ? '1 page is up to date.' : `${pages.length} pages are up to date.`
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

function shown(file: string): string {
  return relative(process.cwd(), file)
}
