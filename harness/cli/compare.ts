/** `npm run compare`: saved runs of several machines side by side. The exit code says whether their answers differ. */

import type { Comparison } from '../domain/comparison.ts'
import { exitCodeForComparison } from '../domain/comparison.ts'
import { createLayout } from '../report/layout.ts'
import { compareRuns } from '../verify/compare.ts'
import { wantsColor } from './color.ts'
import { COMPARE_HELP } from './compare-help.ts'
import type { CompareFormat, CompareOptions, CompareReport } from './compare-options.ts'
import { COMPARE_OPTIONS, compareTakesValue, readCompareOptions } from './compare-options.ts'
import { tellHelp } from './help-text.ts'
import { goesToStandardOutput } from './outputs.ts'
import { EXIT_BROKEN_PIPE, screenOf, writeOut } from './ports-output.ts'
import { readAnswered } from './saved.ts'
import type { Sink } from './sink.ts'
import { identityOf, openFile } from './sink.ts'
import { refuseSwallowed } from './swallowed.ts'
import { EXIT_INCONCLUSIVE, EXIT_USAGE, UsageError } from './usage.ts'

try {
  const words = process.argv.slice(2)
  refuseSwallowed(words, Object.keys(COMPARE_OPTIONS), compareTakesValue, process.env)
  await main(readCompareOptions(words))
} catch (error) {
  const isUsage = error instanceof UsageError
  process.stderr.write(`compare: ${isUsage ? error.message : ((error as Error).stack ?? String(error))}\n`)
  process.exitCode = isUsage ? EXIT_USAGE : EXIT_INCONCLUSIVE
}

async function main(options: CompareOptions): Promise<void> {
  if (options.help) return tellHelp(COMPARE_HELP)
  const requests = requestsOf(options)
  const files = openFiles(requests, options)
  try {
    const comparison = compareRuns(options.runs.map(({ label, file }) => ({ label, saved: answersOf(file) })))
    process.exitCode = exitCodeForComparison(comparison)
    for (const { format, sink } of files) {
      for (const piece of await told(format, comparison, options, false)) await sink.write(piece)
      sink.finish()
    }
    for (const { format, file } of requests) {
      if (file !== null || (await writeOut(await told(format, comparison, options, true)))) continue
      // Whoever asked for a file as well gets it, and the answer; without one nobody is left.
      if (files.length === 0) process.exitCode = EXIT_BROKEN_PIPE
    }
  } finally {
    for (const { sink } of files) sink.discard()
  }
}

/** Two hundred files with their evidence would not fit into the memory: of each only the answers are kept. */
function answersOf(file: string) {
  const { startedAt, host, machine, answers } = readAnswered(file)
  return { startedAt, host, machine, answers }
}

/** What is asked for, and the text that standard output gets where nothing else goes there. */
function requestsOf({ reports }: CompareOptions): CompareReport[] {
  const asked = reports.map((report) => ({ ...report, file: goesToStandardOutput(report) ? null : report.file }))
  const toStdout = asked.filter(({ file }) => file === null)
  if (toStdout.length > 1) {
    throw new UsageError('only one report can go to standard output; give the others a file: --report FORMAT=FILE')
  }
  return toStdout.length === 1 ? asked : [{ format: 'text', file: null }, ...asked]
}

/** Opened before anything is read: a name that cannot be written is wrong usage. A run is never written over. */
function openFiles(
  requests: readonly CompareReport[],
  { runs }: CompareOptions,
): { format: CompareFormat; sink: Sink }[] {
  const opened: { format: CompareFormat; sink: Sink }[] = []
  const taken = new Map(
    runs.map(({ file }) => [identityOf(file), `${file} is one of the runs; a report needs another name`]),
  )
  try {
    for (const { format, file } of requests) {
      if (file === null) continue
      const why = taken.get(identityOf(file))
      if (why !== undefined) throw new UsageError(why)
      taken.set(identityOf(file), `two outputs cannot go to one file: ${file}`)
      opened.push({ format, sink: openFile(file) })
    }
    return opened
  } catch (error) {
    for (const { sink } of opened) sink.discard()
    throw error
  }
}

/** A report, in pieces. Only the format that is used is loaded. */
async function told(
  format: CompareFormat,
  comparison: Comparison,
  { all, color }: CompareOptions,
  isOnScreen: boolean,
): Promise<Iterable<string>> {
  switch (format) {
    case 'text': {
      const screen = isOnScreen ? screenOf() : { columns: undefined, isTTY: false }
      const isColored = isOnScreen ? wantsColor(color, process.env, screen) : color === true
      const layout = createLayout({ columns: screen.columns, color: isColored })
      return (await import('../report/compare-text.ts')).compareText(layout, comparison, all)
    }
    case 'markdown':
      return (await import('../report/compare-markdown.ts')).compareMarkdown(comparison, all)
    case 'json':
      return [(await import('../report/compare-json.ts')).compareJson(comparison)]
    case 'html':
      return [(await import('../report/html/compare.ts')).compareHtml(comparison)]
  }
}
