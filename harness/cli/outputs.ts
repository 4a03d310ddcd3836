/** Where the reports of a run go, opened before it begins. */

import { createReporter } from '../report/formats.ts'
import { createLayout } from '../report/layout.ts'
import { wantsColor } from './color.ts'
import type { LabOptions, ReportRequest } from './options.ts'
import type { Interruption } from './signals.ts'
import type { Sink } from './sink.ts'
import { openFile, standardOutput } from './sink.ts'
import { Telling } from './telling.ts'

/** What a shell reports for a program that a closed pipe ended: 128 + SIGPIPE. */
const EXIT_BROKEN_PIPE = 141

export type Outputs = { sinks: Sink[]; tellings: Telling[]; save: Sink | null }

/** Opens every file before anything runs: a name that cannot be written is wrong usage, not a lost result. */
export async function openOutputs(options: LabOptions, interruption: Interruption): Promise<Outputs> {
  const { reports, save, color, all } = options
  const toStdout: ReportRequest = { format: all ? 'brief' : 'narrated', file: null }
  const requests = reports.some(({ file }) => file === null) ? reports : [toStdout, ...reports]
  const toScreen = standardOutput(process.stdout, () => {
    // A file that was asked for is still written; without one nobody is left to run for.
    if (requests.length === 1 && save === null) interruption.abort('interrupted by a closed pipe', EXIT_BROKEN_PIPE)
  })
  const sinks: Sink[] = []
  const open = (file: string | null) => {
    const sink = file === null ? toScreen : openFile(file)
    sinks.push(sink)
    return sink
  }
  try {
    const opened = requests.map(({ format, file }) => ({ format, file, sink: open(file) }))
    const saved = save === null ? null : open(save)
    const tellings = opened.map(async ({ format, file, sink }) => {
      const columns = file === null ? process.stdout.columns : undefined
      const isColored = file === null ? wantsColor(color, process.env, process.stdout) : color === true
      return new Telling(await createReporter(format, createLayout({ columns, color: isColored })), sink)
    })
    return { sinks, tellings: await Promise.all(tellings), save: saved }
  } catch (error) {
    for (const sink of sinks) sink.discard()
    throw error
  }
}
