/** Lays out what was graded in the formats that were asked for, and writes it: each file appears whole or not at all. */

import { randomUUID } from 'node:crypto'

import type { AnyGradebook, GradedSubmission, GradingRun } from '../domain/graded.ts'
import { classroom50Place } from '../report/graded/classroom50-place.ts'
import type { GradedFormat, GradedFormatName, GradedOptions } from '../report/graded/formats.ts'
import { GRADED_FORMATS } from '../report/graded/formats.ts'
import { whole } from '../report/graded/sheet.ts'
import { createLayout } from '../report/layout.ts'
import { wantsColor } from './color.ts'
import type { GradeOptions } from './grade-options.ts'
import { openFile } from './sink.ts'
import { UsageError } from './usage.ts'

type Wanted = Pick<GradeOptions, 'reports' | 'color' | 'teacher'>
type Rendered = { file: string | null; text: string }

const formatOf = (name: GradedFormatName): GradedFormat => GRADED_FORMATS[name]

/** The reports of one submission; the text for the terminal where nothing else goes there. */
export function renderOne(graded: GradedSubmission, run: GradingRun, wanted: Wanted): Rendered[] {
  const moment = { now: new Date(), due: run.due }
  return withUsual(wanted).map(({ format, file }) => {
    const { sheet, one } = formatOf(format)
    const told = wanted.teacher ? whole(graded) : sheet(graded, moment)
    return { file, text: one(told, run, optionsFor(format, file, wanted)) }
  })
}

export function renderClass(book: AnyGradebook, wanted: Wanted): Rendered[] {
  return withUsual(wanted).map(({ format, file }) => {
    const { class: render } = formatOf(format)
    if (!render) throw new UsageError(`the format ${format} holds one submission, and this is a class`)
    return { file, text: render(book, optionsFor(format, file, wanted)) }
  })
}

/** @throws UsageError where a report of a class is asked for in a format that holds one submission. */
export function refuseForClass({ reports }: Wanted): void {
  for (const { format } of reports) {
    if (!formatOf(format).class) throw new UsageError(`the format ${format} holds one submission, and this is a class`)
  }
}

function withUsual({ reports }: Wanted): GradeOptions['reports'] {
  return reports.some(({ file }) => file === null) ? reports : [{ format: 'text', file: null }, ...reports]
}

function optionsFor(format: GradedFormatName, file: string | null, { color }: Wanted): GradedOptions {
  const columns = file === null ? process.stdout.columns : undefined
  const isColored = file === null ? wantsColor(color, process.env, process.stdout) : color === true
  const place = format === 'classroom50' ? placeHere() : null
  return { layout: createLayout({ columns, color: isColored }), place, token: randomUUID() }
}

/** @throws UsageError where the runner's variables are not there. */
function placeHere(): GradedOptions['place'] {
  const place = classroom50Place(process.env, new Date())
  if (!('missing' in place)) return place
  throw new UsageError(`the format classroom50 needs these variables of its runner: ${place.missing.join(', ')}`)
}

/** A file is written beside its name and then renamed: a reader never sees half of it. @throws UsageError */
export async function writeFileWhole(file: string, pieces: Iterable<string>): Promise<void> {
  const sink = openFile(file)
  try {
    for (const piece of pieces) await sink.write(piece)
    sink.finish()
  } catch (error) {
    sink.discard()
    throw error
  }
}

export async function writeAll(rendered: readonly Rendered[], { toStdout }: { toStdout: boolean }): Promise<void> {
  for (const { file, text } of rendered) {
    if (file !== null) await writeFileWhole(file, [text])
    else if (toStdout) await writeOut(text)
  }
}

/** A reader that has gone, as `| head` does, is no error. @throws UsageError where it cannot be written */
async function writeOut(text: string): Promise<void> {
  const error = await new Promise<NodeJS.ErrnoException | null | undefined>((resolve) =>
    process.stdout.write(text, resolve),
  )
  const code = error?.code
  if (code !== undefined && code !== 'EPIPE') throw new UsageError(`cannot write to standard output: ${code}`)
}
