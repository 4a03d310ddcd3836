/** What is open now, kept (`--snapshot`), held against another look (`--diff`), or against what should be (`--expect`). */

import type { Taken } from '../domain/ports-taken.ts'
import { diffPorts } from '../ports/diff.ts'
import { expectPorts, readExpectation } from '../ports/expect.ts'
import { readTaken, snapshotText } from '../ports/snapshot.ts'
import { takeMachine } from '../ports/take-machine.ts'
import type { Seen } from '../report/html/ports-page.ts'
import { expectJson, expectText } from '../report/ports-changes-expected.ts'
import { diffJson, diffText } from '../report/ports-changes.ts'
import { keptInWords } from '../words/ports-kept.en.ts'
import { inForm, onScreen } from './ports-form.ts'
import { readInput } from './ports-input.ts'
import type { PortsAction, PortsOptions } from './ports-options.ts'
import { EXIT_BROKEN_PIPE, writeOut } from './ports-output.ts'
import { tell } from './ports-page.ts'
import { quoted } from './ports-rights.ts'
import { findHanded } from './ports-subject.ts'
import { openFile } from './sink.ts'
import { EXIT_INCONCLUSIVE } from './usage.ts'

type FileAction = Extract<PortsAction, { file: string }>

/** As grep(1) and diff(1) have it: they differ. */
const EXIT_DIFFERS = 1
const EXIT_CODES = { matches: 0, differs: EXIT_DIFFERS, 'cannot-tell': EXIT_INCONCLUSIVE } as const

export async function performChange({ do: what, file }: FileAction, options: PortsOptions): Promise<void> {
  if (what === 'snapshot') {
    if (!(await writeOut(await keep(file, options)))) process.exitCode = EXIT_BROKEN_PIPE
    return
  }
  const { page } = options
  const pages = async () => await import('../report/html/ports-changes.ts')
  // The file is read first: what is wrong with it is said before a pipe is waited for.
  const text = await readInput(file)
  if (what === 'diff') {
    const before = readTaken(text, file, new Date().toISOString())
    const taken = await take(options)
    const diff = diffPorts(before, taken)
    const told = inForm(options, { text: (layout) => diffText(layout, diff), json: () => diffJson(diff) })
    return tell(page, told, async (seen) => (await pages()).diffHtml(diff, seenIn(taken, seen)))
  }
  const expectation = readExpectation(text, file)
  const taken = await take(options)
  const outcome = expectPorts(expectation, taken)
  process.exitCode = EXIT_CODES[outcome.verdict]
  const told = inForm(options, { text: (layout) => expectText(layout, outcome), json: () => expectJson(outcome) })
  await tell(page, told, async (seen) => (await pages()).expectHtml(outcome, seenIn(taken, seen)))
}

/** What was handed in is of whatever machine. */
function seenIn({ host }: Taken, seen: Seen): Seen {
  return host === null ? { ...seen, host: null } : seen
}

/** Of what was handed in, else of this machine. */
async function take(options: PortsOptions): Promise<Taken> {
  const handed = await findHanded(options)
  const [only] = handed ?? []
  return only === undefined ? takeMachine(options.from) : readTaken(only.text, only.name, new Date().toISOString())
}

/** The file is opened after the look: a look that is interrupted leaves nothing behind. */
async function keep(file: string, options: PortsOptions): Promise<string[]> {
  const taken = await take(options)
  const sink = openFile(file)
  try {
    await sink.write(snapshotText(taken))
    sink.finish()
  } catch (error) {
    sink.discard()
    throw error
  }
  const open = taken.rows.length
  if (options.form === 'json') return []
  return [
    onScreen(options.color).paragraph(keptInWords(open, file), ''),
    `\n    npm run ports -- --diff ${quoted(file)}\n`,
  ]
}
