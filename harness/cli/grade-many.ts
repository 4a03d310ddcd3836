/** Grades a class: a line for each submission as it is done, and the gradebook at the end. */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import type { GradedSubmission, SandboxFacts } from '../domain/graded.ts'
import { gradeClass } from '../grade/grade-class.ts'
import type { Grading } from '../grade/grade-submission.ts'
import { Journal, JOURNAL, keyOfGrading } from '../grade/journal.ts'
import { oneLine, uncommanded } from '../report/plain.ts'
import { pointsInWords } from '../words/graded.en.ts'
import type { ClassFiles } from './grade-files.ts'
import type { GradeOptions } from './grade-options.ts'
import type { Progress } from './progress.ts'
import { EXIT_INCONCLUSIVE } from './usage.ts'

type Class = {
  options: GradeOptions & { jobs: number }
  grading: Grading
  files: ClassFiles
  progress: Progress
}

export async function gradeMany(folders: readonly string[], all: Class): Promise<number> {
  const { options, grading, files, progress } = all
  const journal = new Journal(join(files.out, JOURNAL))
  const key = keyOfGrading(grading.plan, grading.reference, grading.rounds, ownVersion())
  let isUnsure = false
  const clock = new Clock(folders.length)
  let sandbox: SandboxFacts | null = null
  const tellsLines = !options.reports.some(({ file }) => file === null)
  try {
    for await (const event of gradeClass(folders, grading, { jobs: options.jobs, journal, key })) {
      const { graded, place } = event
      files.keep({ name: graded.name, read: () => journal.read(place).graded })
      isUnsure ||= graded.items.some(({ verdict }) => verdict === 'inconclusive')
      sandbox ??= event.sandbox
      clock.take(event.isFromBefore)
      progress.clear()
      if (tellsLines) process.stdout.write(lineFor(graded, event.isFromBefore))
      progress.show({ done: files.done, total: folders.length, what: `graded${clock.left()}` })
      await files.writeNowAndThen(sandbox)
    }
  } catch (error) {
    // An interrupt, mostly: what was graded until then stands in the files.
    progress.clear()
    await files.write(sandbox, { toStdout: false })
    throw error
  }
  progress.clear()
  if (tellsLines) process.stdout.write('\n')
  await files.write(sandbox, { toStdout: true })
  if (tellsLines) process.stdout.write(`\n${files.inWords()} hold it.\n`)
  return isUnsure ? EXIT_INCONCLUSIVE : 0
}

/** Every n-th by name: the same submissions on every machine, whatever is graded how fast. */
export function shareOf(folders: readonly string[], shard: GradeOptions['shard']): string[] {
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
