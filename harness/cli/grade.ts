/** `npm run grade`: grades one submission or a class, or puts the gradebooks of several machines together. */

import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'

import { labsFolder } from '../catalog/find.ts'
import { OWN_START_MS } from '../command/patience.ts'
import { mergeGradebooks } from '../grade/gradebook.ts'
import { readGradebook } from '../grade/gradebook-read.ts'
import type { Grading } from '../grade/grade-submission.ts'
import { gradeSubmission } from '../grade/grade-submission.ts'
import { observeReference } from '../grade/reference.ts'
import { readHostFacts } from '../host/facts.ts'
import { postGuardian } from '../process/guardian.ts'
import { killMarked, newMarker } from '../process/marker.ts'
import { trySandboxHere } from '../process/sandbox-here.ts'
import { forStudent } from '../report/graded/visibility.ts'
import { Limits } from '../run/limits.ts'
import { requireFolder } from './choice.ts'
import { gradeMany, writeGradebook } from './grade-many.ts'
import { gradeHelp } from './grade-help.ts'
import type { GradeOptions } from './grade-options.ts'
import { GRADE_OPTIONS, gradeTakesValue, readGradeOptions } from './grade-options.ts'
import { refuseForClass, renderClass, renderOne, writeAll } from './grade-reports.ts'
import type { Setting, Submissions } from './grade-setting.ts'
import { findSubmissions, readSetting, runOf } from './grade-setting.ts'
import { startCommand } from './perform-run.ts'
import { Progress } from './progress.ts'
import type { Interruption } from './signals.ts'
import { abortOnUncaught, listenForSignals } from './signals.ts'
import { EXIT_INCONCLUSIVE, UsageError } from './usage.ts'

await startCommand({
  name: 'grade',
  options: GRADE_OPTIONS,
  takesValue: gradeTakesValue,
  main: (words) => main(readGradeOptions(words)),
})

async function main(options: GradeOptions): Promise<void> {
  if (options.help) return void process.stdout.write(gradeHelp())
  if (options.merge) return await merge(options)
  requireFolder(labsFolder())
  const found = findSubmissions(options.folders)
  if (found.isClass) refuseForClass(options)
  else if (options.shard !== null) throw new UsageError('--shard shares out a class, and this is one submission')
  const setting = await readSetting(options, found)
  const requireSandbox = options.requireSandbox ?? found.isClass
  if (requireSandbox && setting.plan.some(({ part }) => part === 'program')) await refuseWithoutSandbox()
  process.stdout.on('error', () => {})
  const interruption = listenForSignals()
  abortOnUncaught(interruption)
  const runId = newMarker()
  const guardian = postGuardian(runId)
  try {
    process.exitCode = await grade(options, found, setting, { runId, interruption })
  } catch (error) {
    const code = interruption.exitCode()
    if (code === null) throw error instanceof UsageError ? error : asUsage(error)
    process.stderr.write(`grade: ${(error as Error).message}\n`)
    process.exitCode = code
  } finally {
    killMarked(runId)
    guardian.dismiss()
  }
  process.exit()
}

async function refuseWithoutSandbox(): Promise<void> {
  const { kind, promises } = await trySandboxHere()
  if (kind !== 'none') return
  const why = promises.map(({ how }) => how).join('; ')
  throw new UsageError(
    `there is no sandbox here: ${why}; npm run doctor says what to install, --no-require-sandbox grades without one`,
  )
}

/** The disk is full, or nobody may write there: no defect of the grader, and nothing for a person to look at. */
function asUsage(error: unknown): Error {
  const { code, path, message } = error as NodeJS.ErrnoException
  const isDisk = ['ENOSPC', 'EROFS', 'EACCES', 'EDQUOT'].includes(code ?? '')
  return isDisk
    ? new UsageError(`cannot write ${path ?? 'to the disk'}: ${code}`)
    : new Error(message, { cause: error })
}

type Surroundings = { runId: string; interruption: Interruption }

async function grade(
  options: GradeOptions,
  { isClass, folders }: Submissions,
  setting: Setting,
  { runId, interruption: { signal } }: Surroundings,
): Promise<number> {
  const startedAt = new Date().toISOString()
  const progress = new Progress(process.stderr)
  let begun = 0
  const reference = await observeReference(setting.labs, {
    signal,
    onEvent(event) {
      if (event.type === 'lab-start') progress.show({ done: begun++, total: setting.labs.length, what: 'labs here' })
    },
  })
  progress.clear()
  const grading: Grading = {
    ...setting,
    runId,
    labsFolder: labsFolder(),
    reference,
    host: readHostFacts(),
    limits: new Limits({ labMs: undefined, ownStartMs: OWN_START_MS }),
    requireSandbox: options.requireSandbox ?? isClass,
    known: { sandbox: null },
    rounds: options.rounds,
    signal,
  }
  if (isClass) {
    const jobs = options.jobs ?? availableParallelism()
    return await gradeMany(folders, { options: { ...options, jobs }, grading, setting, startedAt, progress })
  }
  return await gradeOne(folders[0] as string, { options, grading, setting, startedAt })
}

/** Each report is there from the beginning, and whole at every moment: a crash leaves one that says how far it is. */
async function gradeOne(
  folder: string,
  {
    options,
    grading,
    setting,
    startedAt,
  }: { options: GradeOptions; grading: Grading; setting: Setting; startedAt: string },
): Promise<number> {
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

async function merge(options: GradeOptions): Promise<void> {
  refuseForClass(options)
  const books = options.folders.map((file) => {
    const read = readGradebook(readText(file))
    if ('problem' in read) throw new UsageError(`${file}: ${read.problem}`)
    return read.gradebook
  })
  const merged = mergeGradebooks(books)
  if ('problem' in merged) throw new UsageError(merged.problem)
  const { gradebook } = merged
  if (options.out !== null) await writeGradebook(options.out, gradebook)
  await writeAll(renderClass(gradebook, options), { toStdout: true })
  const all = gradebook.submissions.flatMap(({ items }) => items)
  if (all.some(({ verdict }) => verdict === 'inconclusive')) process.exitCode = EXIT_INCONCLUSIVE
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${(error as NodeJS.ErrnoException).code}`)
  }
}
