/** Where the reports of a run go, opened before it begins. */

import type { Reporter } from '../domain/event.ts'
import { createReporter } from '../report/formats.ts'
import type { Layout } from '../report/layout.ts'
import { createLayout } from '../report/layout.ts'
import { wantsColor } from './color.ts'
import type { Progress } from './progress.ts'
import type { ReportRequest, RunOptions } from './run-options.ts'
import type { Interruption } from './signals.ts'
import type { Sink } from './sink.ts'
import { identityOf, isStandardOutput, openFile, standardOutput } from './sink.ts'
import { Telling } from './telling.ts'
import { EXIT_USAGE, UsageError } from './usage.ts'

/** What a shell reports for a program that a closed pipe ended: 128 + SIGPIPE. */
const EXIT_BROKEN_PIPE = 141

export type Outputs = { sinks: Sink[]; tellings: Telling[]; save: Sink | null }

export type Wanted = Pick<RunOptions, 'reports' | 'save' | 'color'> & {
  /** The name of the command, for what goes wrong with standard output. */
  command: string
  /** The report that standard output gets where nothing else goes there. */
  usual: (layout: Layout) => Promise<Reporter>
}

type Asked = { create: (layout: Layout) => Promise<Reporter>; file: string | null }

/** Opens every file before anything runs: a name that cannot be written is wrong usage, not a lost result. */
export async function openOutputs(wanted: Wanted, interruption: Interruption, progress: Progress): Promise<Outputs> {
  const { save, color, command } = wanted
  const requests = requestsOf(wanted)
  if (save !== null && isStandardOutput(save)) throw new UsageError('--save needs a file of its own')
  const output = standardOutput(process.stdout, (why) => {
    if (why !== null) {
      process.stderr.write(`${command}: cannot write to standard output: ${why}\n`)
      interruption.abort(`interrupted by ${why}`, EXIT_USAGE)
    }
    // A file that was asked for is still written; without one nobody is left to run for.
    else if (requests.length === 1 && save === null) {
      interruption.abort('interrupted by a closed pipe', EXIT_BROKEN_PIPE)
    }
  })
  const toScreen: Sink = {
    ...output,
    write(text) {
      if (text !== '') progress.clear()
      return output.write(text)
    },
  }
  const sinks: Sink[] = []
  const taken = new Set<string>()
  const open = (file: string | null) => {
    if (file !== null && taken.has(identityOf(file))) throw new UsageError(`two outputs cannot go to one file: ${file}`)
    if (file !== null) taken.add(identityOf(file))
    const sink = file === null ? toScreen : openFile(file)
    sinks.push(sink)
    return sink
  }
  try {
    const opened = requests.map(({ create, file }) => ({ create, file, sink: open(file) }))
    const saved = save === null ? null : open(save)
    const tellings = opened.map(async ({ create, file, sink }) => {
      const columns = file === null ? process.stdout.columns : undefined
      const isColored = file === null ? wantsColor(color, process.env, process.stdout) : color === true
      return new Telling(await create(createLayout({ columns, color: isColored })), sink)
    })
    return { sinks, tellings: await Promise.all(tellings), save: saved }
  } catch (error) {
    for (const sink of sinks) sink.discard()
    throw error
  }
}

/** What is asked for, and the report that standard output gets when nothing else goes there. */
function requestsOf({ reports, usual }: Wanted): Asked[] {
  const asked = reports.map((request): Asked => {
    const { format } = request
    const create = format === 'text' ? usual : (layout: Layout) => createReporter(format, layout)
    return { create, file: goesToStandardOutput(request) ? null : request.file }
  })
  const toStdout = asked.filter(({ file }) => file === null)
  if (toStdout.length > 1) {
    throw new UsageError('only one report can go to standard output; give the others a file: --report FORMAT=FILE')
  }
  return toStdout.length === 1 ? asked : [{ create: usual, file: null }, ...asked]
}

/** /dev/stdout is standard output by another name: it must share with nothing else either. */
export function goesToStandardOutput({ file }: Pick<ReportRequest, 'file'>): boolean {
  return file === null || isStandardOutput(file)
}
