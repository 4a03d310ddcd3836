/** The pages that a person may get, each made from a real run, a real comparison, or a real look at ports. */

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { loadLab } from '../../harness/catalog/load.ts'
import type { RunEvent } from '../../harness/domain/event.ts'
import type { SavedRun } from '../../harness/domain/evidence.ts'
import { NO_FAULT } from '../../harness/run/cast.ts'
import { run } from '../../harness/run/run.ts'
import { createHtml } from '../../harness/report/html.ts'
import { lab } from '../lab-command.ts'
import { faultFor } from '../lies/fault.ts'
import { everyVerdict, stream, written } from '../report/stream.ts'
import { verified } from '../report/verified.ts'

export const PAGES = ['run', 'verify', 'everything', 'compare', 'ports', 'who', 'diff', 'expect', 'scan'] as const

export type PageName = (typeof PAGES)[number]

/** @returns for each page its file, in this folder. */
export async function makePages(folder: string): Promise<Record<PageName, string>> {
  const file = (name: string) => join(folder, `${name}.html`)
  const files = Object.fromEntries(PAGES.map((name) => [name, file(name)])) as Record<PageName, string>
  const [honest, lied] = [join(folder, 'honest.json'), join(folder, 'lied.json')]
  writeFileSync(files.run, await written(createHtml(), await eventsUnderLie(lied)))
  writeFileSync(files.everything, await written(createHtml(), verified(stream({ checks: everyVerdict }))))
  await perform('lab', '01', '04', '--save', honest)
  await perform('verify', '--only', '01,04', '--report', `html=${files.verify}`)
  await perform('compare', honest, lied, '--report', `html=${files.compare}`)
  const listing = join(folder, 'listing.txt')
  writeFileSync(listing, LISTING)
  await perform('ports', listing, '--report', `html=${files.ports}`)
  await perform('ports', '--who', '9', '--report', `html=${files.who}`)
  const kept = join(folder, 'kept.json')
  await perform('ports', listing, '--snapshot', kept)
  await perform('ports', '--diff', kept, '--report', `html=${files.diff}`)
  const expected = join(folder, 'expected.txt')
  writeFileSync(expected, 'tcp 22\ntcp 443\n')
  await perform('ports', '--expect', expected, listing, '--report', `html=${files.expect}`)
  await perform('ports', '--scan', '127.0.0.1', '--ports', '1-32', '--report', `html=${files.scan}`)
  return files
}

/** Two labs of which one fails: under a lie that concerns it, beside one that it does not concern. */
async function eventsUnderLie(save: string): Promise<RunEvent[]> {
  const labs = await Promise.all(['01-tcp-udp-same-port', '04-dual-stack'].map((id) => loadLab(id)))
  const fault = { ...NO_FAULT, ...faultFor('ipv6-only-forced') }
  const events: RunEvent[] = []
  const running = run(labs, { jobs: 2, rounds: 1, fault, signal: AbortSignal.timeout(100_000) })
  for (;;) {
    const { value, done } = await running.next()
    if (done) {
      writeFileSync(save, JSON.stringify(value satisfies SavedRun | void))
      return events
    }
    events.push(value)
  }
}

/** Its exit code tells of what was found: 1 where answers differ. Wrong usage is a mistake of the test. */
async function perform(command: string, ...words: string[]): Promise<void> {
  const { exitCode, stderr } = await lab(words, { command: `harness/cli/${command}.ts`, timeoutMs: 100_000 })
  if (exitCode === undefined || exitCode === 2) throw new Error(`${command} ${words.join(' ')}: ${stderr}`)
}

/** Of a machine that never was: services that deserve a look, connections, and a line that cannot be read. */
const LISTING = readFileSync(join(import.meta.dirname, 'listing.txt'), 'utf8')
