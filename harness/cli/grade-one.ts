/** Grades one submission. Its reports are there before the first process is started, and whole at every moment. */

import { basename, resolve } from 'node:path'

import type { Grading } from '../grade/grade-submission.ts'
import { gradeSubmission } from '../grade/grade-submission.ts'
import { unstarted } from '../grade/unstarted.ts'
import { forStudent } from '../report/graded/visibility.ts'
import type { GradeOptions } from './grade-options.ts'
import { renderOne, writeAll } from './grade-reports.ts'
import type { Setting } from './grade-setting.ts'
import { runOf } from './grade-setting.ts'
import { EXIT_INCONCLUSIVE } from './usage.ts'

export type OneTask = { folder: string; options: GradeOptions; setting: Setting; startedAt: string }

/** Whatever ends the grader from here on: each file says that it is no result. */
export async function writeUnstarted({ folder, options, setting, startedAt }: OneTask): Promise<void> {
  const nothing = unstarted(basename(resolve(folder)), setting.plan)
  await writeAll(renderOne(nothing, runOf(setting, startedAt, null), options), { toStdout: false })
}

/** After each act the files say how far it is. @returns the exit code */
export async function gradeOne({
  folder,
  options,
  setting,
  startedAt,
  grading,
}: OneTask & { grading: Grading }): Promise<number> {
  const run = (sandbox: Parameters<typeof runOf>[2]) => runOf(setting, startedAt, sandbox)
  let writing = Promise.resolve()
  const { graded, sandbox } = await gradeSubmission(folder, grading, (part) => {
    const rendered = renderOne(part, run(null), options)
    writing = writing.then(() => writeAll(rendered, { toStdout: false }))
    writing.catch(() => {})
  })
  await writing
  grading.signal.throwIfAborted()
  if (sandbox?.kind === 'none') warnWithoutSandbox(sandbox.promises.map(({ how }) => how).join('; '))
  await writeAll(renderOne(graded, run(sandbox), options), { toStdout: true })
  // What is hidden from a student is not told by the exit code either.
  const told = options.teacher ? graded.items : forStudent(graded, { now: new Date(), due: setting.due }).items
  return told.some(({ verdict }) => verdict === 'inconclusive') ? EXIT_INCONCLUSIVE : 0
}

function warnWithoutSandbox(why: string): void {
  process.stderr.write(
    `grade: the programs ran without a sandbox (${why}); nothing kept them from the files and processes of this user\n`,
  )
}
