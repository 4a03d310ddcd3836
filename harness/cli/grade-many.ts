/** Grades a class: a line for each submission as it is done, and the gradebook at the end. */

import { accessSync, constants, mkdirSync, readFileSync } from 'node:fs'
import { basename, join, relative } from 'node:path'

import type { Gradebook, GradedSubmission, SandboxFacts } from '../domain/graded.ts'
import { gradeClass } from '../grade/grade-class.ts'
import type { Grading } from '../grade/grade-submission.ts'
import { gradebookOf } from '../grade/gradebook.ts'
import { Journal, JOURNAL, keyOfGrading } from '../grade/journal.ts'
import { gradebookCsv } from '../report/graded/csv.ts'
import { gradebookJson } from '../report/graded/json.ts'
import { oneLine, uncommanded } from '../report/plain.ts'
import { pointsInWords } from '../words/graded.en.ts'
import type { GradeOptions } from './grade-options.ts'
import { renderClass, writeAll, writeFileWhole } from './grade-reports.ts'
import type { Setting } from './grade-setting.ts'
import { runOf } from './grade-setting.ts'
import type { Progress } from './progress.ts'
import { EXIT_INCONCLUSIVE, UsageError } from './usage.ts'

const USUAL_FOLDER = 'graded'

type Class = {
  options: GradeOptions & { jobs: number }
  grading: Grading
  setting: Setting
  startedAt: string
  progress: Progress
}

export async function gradeMany(folders: readonly string[], all: Class): Promise<number> {
  const { options, grading, setting, startedAt, progress } = all
  const out = options.out ?? USUAL_FOLDER
  makeFolder(out)
  const journal = new Journal(join(out, JOURNAL))
  const key = keyOfGrading(grading.plan, grading.reference, grading.rounds, ownVersion())
  const mine = shareOf(folders, options.shard)
  const graded: GradedSubmission[] = []
  const clock = new Clock(mine.length)
  let sandbox: SandboxFacts | null = null
  const tellsLines = !options.reports.some(({ file }) => file === null)
  for await (const event of gradeClass(mine, grading, { jobs: options.jobs, journal, key })) {
    graded.push(event.graded)
    sandbox ??= event.sandbox
    clock.take(event.isFromBefore)
    progress.clear()
    if (tellsLines) process.stdout.write(lineFor(event.graded, event.isFromBefore))
    progress.show({ done: graded.length, total: mine.length, what: `graded${clock.left()}` })
  }
  progress.clear()
  const book = gradebookOf(runOf(setting, startedAt, sandbox), graded)
  await writeGradebook(out, book)
  if (tellsLines) process.stdout.write('\n')
  await writeAll(renderClass(book, options), { toStdout: true })
  if (tellsLines)
    process.stdout.write(`\n${[CSV, JSON_FILE].map((name) => shown(join(out, name))).join(' and ')} hold it.\n`)
  const isUnsure = graded.some(({ items }) => items.some(({ verdict }) => verdict === 'inconclusive'))
  return isUnsure ? EXIT_INCONCLUSIVE : 0
}

const CSV = 'gradebook.csv'
const JSON_FILE = 'gradebook.json'

export async function writeGradebook(out: string, book: Gradebook): Promise<void> {
  makeFolder(out)
  await writeFileWhole(join(out, CSV), gradebookCsv(book))
  await writeFileWhole(join(out, JSON_FILE), gradebookJson(book))
}

function makeFolder(out: string): void {
  try {
    mkdirSync(out, { recursive: true })
    accessSync(out, constants.W_OK)
  } catch (error) {
    throw new UsageError(`nothing can be written to the folder ${out}: ${(error as NodeJS.ErrnoException).code}`)
  }
}

const shown = (file: string) => relative('', file) || basename(file)

/** Every n-th by name: the same submissions on every machine, whatever is graded how fast. */
function shareOf(folders: readonly string[], shard: GradeOptions['shard']): string[] {
  return shard === null ? [...folders] : folders.filter((_, index) => index % shard.of === shard.index - 1)
}

function lineFor({ name, points, maxPoints, items, problem }: GradedSubmission, isFromBefore: boolean): string {
  const unsure = items.filter(({ verdict }) => verdict === 'inconclusive').length
  const remarks = [
    ...(problem === null ? [] : [problem]),
    ...(unsure === 0 ? [] : [`${unsure} inconclusive: a person has to look`]),
    ...(isFromBefore ? ['graded before'] : []),
  ]
  const more = remarks.length === 0 ? '' : ` (${oneLine(remarks.join('; '))})`
  // A line that began with a folder's name could be taken for a command by whoever runs this.
  return uncommanded(`${pointsInWords(points, maxPoints)}  ${oneLine(name)}${more}\n`)
}

/** How long the rest may take, by those that were graded so far. */
class Clock {
  readonly #since = performance.now()
  readonly #total: number
  #done = 0
  #fromBefore = 0

  constructor(total: number) {
    this.#total = total
  }

  take(isFromBefore: boolean): void {
    this.#done += 1
    if (isFromBefore) this.#fromBefore += 1
  }

  /** `, 2 min left`, once there is something to go by. */
  left(): string {
    const graded = this.#done - this.#fromBefore
    if (graded < 2 || this.#done === this.#total) return ''
    const ms = ((performance.now() - this.#since) / graded) * (this.#total - this.#done)
    return ms < 60_000 ? `, ${Math.ceil(ms / 1000)} s left` : `, ${Math.ceil(ms / 60_000)} min left`
  }
}

/** What was graded by another version of the grader is graded again. */
function ownVersion(): string {
  const file = join(import.meta.dirname, '../../package.json')
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
}
