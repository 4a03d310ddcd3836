/** `npm run claims`: runs the labs, or reads a saved run, and tells for every claim of the documents whether it holds. */

import { findLabs, labsFolder } from '../catalog/find.ts'
import { loadLab } from '../catalog/load.ts'
import type { Ledger } from '../catalog/read.ts'
import { loadLedger } from '../catalog/read.ts'
import type { RunEvent } from '../domain/event.ts'
import type { SavedRun } from '../domain/evidence.ts'
import { labsThatAnswer, ledgerOf } from '../domain/ledger.ts'
import type { LoadedLab } from '../domain/loaded-lab.ts'
import type { CheckResult } from '../domain/verdict.ts'
import { exitCodeFor } from '../domain/verdict.ts'
import { claimsJson } from '../report/claims-json.ts'
import type { Document, Frame } from '../report/claims-text.ts'
import { claimsText } from '../report/claims-text.ts'
import { createLayout } from '../report/layout.ts'
import { replay } from '../run/replay.ts'
import { usualJobsHere } from '../run/jobs.ts'
import { run } from '../run/run.ts'
import { wantsColor } from './color.ts'
import { byDocument, claimsPage, documentsOf } from './docs-claims.ts'
import { performCommand } from './perform-command.ts'
import { Progress } from './progress.ts'
import { readSaved } from './saved.ts'
import type { Interruption } from './signals.ts'
import { abortOnUncaught, listenForSignals } from './signals.ts'
import { EXIT_INCONCLUSIVE, UsageError } from './usage.ts'

/** Longer lines are hard to read, however wide the terminal is. */
const WIDEST = 100

const HELP = `Tells for every claim of the documents whether it holds here, and what was seen.

  npm run claims                        runs all labs, and tells of all documents
  npm run claims -- --document cafe     runs the labs that answer this document, and tells of it alone
  npm run claims -- --replay FILE       tells of a run that npm run lab -- --all --save FILE kept; opens no socket
  npm run claims -- --json              for programs; docs/reports.md describes it
  npm run claims -- --markdown          the page docs/claims.md, of this run
  npm run claims -- --help              this text

A claim holds where every check that asks it bears it out, and with a condition where some do and others do not. A claim
that does not hold is no failure. Where a check was skipped, not run or not observed, the claim says so: it is open, or
what it came to may change.

Exit codes: 0 no check failed, 1 one did, 2 wrong usage, 3 something could not be observed,
130, 143, 129 after SIGINT, SIGTERM, SIGHUP.
`

await performCommand({
  name: 'claims',
  help: HELP,
  switches: ['json', 'markdown'],
  values: { replay: 'the name of a file', document: 'the name of a document' },
  async perform(words, isOn, valueOf) {
    if (words.length > 0) throw new UsageError('it takes no words; --document NAME tells of one document')
    if (isOn('json') && isOn('markdown')) throw new UsageError('--json and --markdown are two forms; choose one')
    const { ledger } = await loadLedger(labsFolder())
    const document = chosen(valueOf('document'), ledger)
    const file = valueOf('replay')
    const saved = file === null ? null : readSaved(file)
    try {
      await perform({ ledger, document, saved, form: isOn('json') ? 'json' : isOn('markdown') ? 'markdown' : 'text' })
    } catch (error) {
      // A defect of the harness is no observation: it must not look like a check that failed.
      process.stderr.write(`claims: ${(error as Error).stack ?? String(error)}\n`)
      process.exitCode = EXIT_INCONCLUSIVE
    }
    // All is written and all programs have ended. Waiting for the last pipes to close would take as long as a program.
    process.exit()
  },
})

type Wanted = {
  ledger: Ledger
  document: string | null
  saved: SavedRun | null
  form: 'text' | 'json' | 'markdown'
}

function chosen(name: string | null, { claims }: Ledger): string | null {
  const names = documentsOf(claims)
  if (name === null || names.includes(name)) return name
  throw new UsageError(`there is no document '${name}'; there are ${names.join(', ')}`)
}

async function perform({ ledger, document, saved, form }: Wanted): Promise<void> {
  const labs = await Promise.all(findLabs().map((id) => loadLab(id)))
  const interruption = listenForSignals()
  abortOnUncaught(interruption)
  const { frame, results } = await gather(eventsOf(labs, { ledger, document, saved }, interruption))
  const documents = byDocument(ledgerOf(ledger.claims, labs, results), ledger.documents, document)
  await write(told(form, documents, frame))
  const { end } = frame
  process.exitCode = interruption.exitCode() ?? (end ? exitCodeFor(end.counts) : EXIT_INCONCLUSIVE)
}

type Chosen = Pick<Wanted, 'ledger' | 'document' | 'saved'>

function eventsOf(
  labs: LoadedLab[],
  { ledger, document, saved }: Chosen,
  { signal }: Interruption,
): AsyncGenerator<RunEvent, SavedRun | void> {
  if (saved) return replay(saved, async (id) => labs.find((lab) => lab.id === id) ?? loadLab(id))
  const ids = Object.keys(ledger.claims).filter((id) => ledger.claims[id]?.document === document)
  const needed = document === null ? labs : labsThatAnswer(labs, ids)
  return run(needed, { jobs: usualJobsHere(), rounds: 1, signal })
}

async function gather(events: AsyncIterable<RunEvent>): Promise<{ frame: Frame; results: CheckResult[] }> {
  const results: CheckResult[] = []
  const progress = new Progress(process.stderr)
  let start: Frame['start'] | undefined
  let end: Frame['end'] = null
  try {
    for await (const event of events) {
      if (event.type === 'run-start') start = event
      else if (event.type === 'lab-start') progress.begin(event.lab.id, start?.labs.length ?? 0)
      else if (event.type === 'check') results.push(event.result)
      else if (event.type === 'run-end') end = event
    }
  } finally {
    progress.clear()
  }
  if (!start) throw new Error('the run did not begin')
  return { frame: { start, end }, results }
}

function told(form: Wanted['form'], documents: readonly Document[], frame: Frame): string {
  if (form === 'json') return claimsJson(documents, frame)
  if (form === 'markdown') return claimsPage(documents, [frame.start.host])
  const color = wantsColor(null, process.env, process.stdout)
  return claimsText(createLayout({ columns: process.stdout.columns, color, widest: WIDEST }), documents, frame)
}

/** A reader such as `head` may go before everything is written: that is no error, and nothing is left to be done. */
function write(text: string): Promise<void> {
  return new Promise((resolve) => {
    process.stdout.write(text, () => resolve())
  })
}
