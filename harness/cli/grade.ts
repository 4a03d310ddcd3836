/** `npm run grade`: grades one submission or a class, or puts the gradebooks of several machines together. */

import { availableParallelism } from 'node:os'

import { labsFolder } from '../catalog/find.ts'
import { OWN_START_MS } from '../command/patience.ts'
import { Examiners } from '../grade/examiners.ts'
import type { Shard } from '../grade/gradebook.ts'
import { mergeGradebooks } from '../grade/gradebook.ts'
import { readGradebook } from '../grade/gradebook-read.ts'
import type { Grading } from '../grade/grade-submission.ts'
import { observeReference } from '../grade/reference.ts'
import { removeLeftStages } from '../grade/stage-place.ts'
import { readHostFacts } from '../host/facts.ts'
import type { Guardian } from '../process/guardian.ts'
import { postGuardian } from '../process/guardian.ts'
import { killMarked, newMarker } from '../process/marker.ts'
import { trySandboxHere } from '../process/sandbox-here.ts'
import { Limits } from '../run/limits.ts'
import { requireFolder } from './choice.ts'
import { ClassFiles, writeGradebook } from './grade-files.ts'
import { takeFolder, USUAL_FOLDER } from './grade-folder.ts'
import { gradeMany, shareOf } from './grade-many.ts'
import { gradeHelp } from './grade-help.ts'
import { gradeOne, writeUnstarted } from './grade-one.ts'
import type { GradeOptions } from './grade-options.ts'
import { GRADE_OPTIONS, gradeTakesValue, readGradeOptions } from './grade-options.ts'
import { refuseForClass, renderClass, writeAll } from './grade-reports.ts'
import type { Setting } from './grade-setting.ts'
import { findSubmissions, readSetting } from './grade-setting.ts'
import { tellHelp } from './help-text.ts'
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
  if (options.help) return tellHelp(gradeHelp())
  if (options.merge) return await merge(options)
  requireFolder(labsFolder())
  const found = findSubmissions(options.folders)
  if (found.isClass) refuseForClass(options)
  else if (options.shard !== null) throw new UsageError('--shard shares out a class, and this is one submission')
  const setting = await readSetting(options, found)
  const startedAt = new Date().toISOString()
  const needsSandbox = (options.requireSandbox ?? found.isClass) && setting.plan.some(({ part }) => part === 'program')
  // The files of one submission come first: a platform reads them, whatever ends the grader.
  const task = found.isClass ? null : { folder: found.folders[0] as string, options, setting, startedAt }
  if (task !== null) await writeUnstarted(task)
  if (needsSandbox) await refuseWithoutSandbox()
  process.stdout.on('error', () => {})
  const interruption = listenForSignals()
  abortOnUncaught(interruption)
  const runId = newMarker()
  const lock = task === null ? takeFolder(options.out ?? USUAL_FOLDER) : null
  let guardian: Guardian | null = null
  try {
    const mine = shareOf(found.folders, options.shard)
    const files = task === null ? new ClassFiles(mine, options, setting, startedAt) : null
    await files?.write(null, { toStdout: false })
    guardian = postGuardian(runId)
    removeLeftStages()
    const progress = new Progress(process.stderr)
    const grading = await gradingBy(options, setting, { runId, interruption, progress, isClass: files !== null })
    if (files !== null) process.exitCode = await gradeClassInto(files, mine, { options, grading, progress })
    else if (task !== null) process.exitCode = await gradeOne({ ...task, grading })
  } catch (error) {
    const code = interruption.exitCode()
    if (code === null) throw error instanceof UsageError ? error : asUsage(error)
    process.stderr.write(`grade: ${(error as Error).message}\n`)
    process.exitCode = code
  } finally {
    killMarked(runId)
    guardian?.dismiss()
    lock?.release()
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

type Surroundings = { runId: string; interruption: Interruption; progress: Progress; isClass: boolean }

/** Has the labs run once by the harness's own programs, against which all is held. */
async function gradingBy(
  options: GradeOptions,
  setting: Setting,
  { runId, interruption: { signal }, progress, isClass }: Surroundings,
): Promise<Grading> {
  let begun = 0
  const reference = await observeReference(setting.labs, {
    signal,
    onEvent(event) {
      if (event.type === 'lab-start') progress.show({ done: begun++, total: setting.labs.length, what: 'labs here' })
    },
  })
  progress.clear()
  return {
    ...setting,
    examiners: new Examiners(runId),
    labsFolder: labsFolder(),
    reference,
    host: readHostFacts(),
    limits: new Limits({ labMs: undefined, ownStartMs: OWN_START_MS }),
    requireSandbox: options.requireSandbox ?? isClass,
    known: { sandbox: null },
    rounds: options.rounds,
    signal,
  }
}

async function gradeClassInto(
  files: ClassFiles,
  folders: readonly string[],
  { options, grading, progress }: { options: GradeOptions; grading: Grading; progress: Progress },
): Promise<number> {
  const jobs = options.jobs ?? availableParallelism()
  try {
    return await gradeMany(folders, { options: { ...options, jobs }, grading, files, progress })
  } finally {
    await grading.examiners.dismiss()
  }
}

async function merge(options: GradeOptions): Promise<void> {
  refuseForClass(options)
  const merged = mergeGradebooks(options.folders.map(readShard))
  if ('problem' in merged) throw new UsageError(merged.problem)
  const { gradebook } = merged
  if (options.out !== null) {
    const lock = takeFolder(options.out)
    await writeGradebook(options.out, gradebook).finally(() => lock.release())
  }
  await writeAll(renderClass(gradebook, options), { toStdout: true })
  for (const { items } of gradebook.submissions) {
    if (items.some(({ verdict }) => verdict === 'inconclusive')) process.exitCode = EXIT_INCONCLUSIVE
  }
}

function readShard(file: string): Shard {
  let read: ReturnType<typeof readGradebook>
  try {
    read = readGradebook(file)
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${(error as NodeJS.ErrnoException).code}`)
  }
  if ('problem' in read) throw new UsageError(`${file}: ${read.problem}`)
  return read.shard
}
