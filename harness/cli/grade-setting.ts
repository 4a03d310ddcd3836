/** What is graded and by what: the submissions that were named, the labs, the rubric, and what this machine answers. */

import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

import { findLabs, labsFolder } from '../catalog/find.ts'
import { loadLab } from '../catalog/load.ts'
import { loadRoles } from '../catalog/roles.ts'
import type { GradingRun, SandboxFacts } from '../domain/graded.ts'
import type { LoadedLab } from '../domain/loaded-lab.ts'
import type { Roles } from '../domain/role.ts'
import { planItems } from '../grade/plan.ts'
import type { PlannedItem } from '../grade/plan.ts'
import type { Rubric } from '../grade/rubric.ts'
import { readRubric, RubricError, USUAL_RUBRIC } from '../grade/rubric.ts'
import { readSubmission, SUBMISSION_FILE } from '../grade/submission.ts'
import { JOURNAL } from '../grade/journal.ts'
import { readHostFacts } from '../host/facts.ts'
import { oneLine } from '../report/plain.ts'
import { chooseLabs } from './choice.ts'
import { GRADEBOOK_FILE } from './grade-folder.ts'
import type { GradeOptions } from './grade-options.ts'
import { UsageError } from './usage.ts'

export type Setting = {
  everyLab: readonly LoadedLab[]
  /** The labs that are graded. */
  labs: readonly LoadedLab[]
  roles: Roles
  plan: readonly PlannedItem[]
  due: string | null
}

export type Submissions = { isClass: boolean; folders: string[] }

/** A folder with submission.json is one submission; of another one each folder in it. @throws UsageError */
export function findSubmissions(words: readonly string[]): Submissions {
  const found = words.map((folder) => {
    if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
      throw new UsageError(`there is no folder ${folder}`)
    return existsSync(join(folder, SUBMISSION_FILE)) ? { isClass: false, folders: [folder] } : submissionsIn(folder)
  })
  const folders = found.flatMap((one) => one.folders)
  return { isClass: folders.length !== 1 || found.some(({ isClass }) => isClass), folders }
}

function submissionsIn(folder: string): Submissions {
  const entries = readdirSync(folder, { withFileTypes: true }).filter(({ name }) => !name.startsWith('.'))
  // What an earlier grading left here is nobody's submission.
  const has = (name: string, file: string) => existsSync(join(folder, name, file))
  const isEarlier = (name: string) => !has(name, SUBMISSION_FILE) && (has(name, JOURNAL) || has(name, GRADEBOOK_FILE))
  const taken = entries.filter((entry) => entry.isDirectory() && !isEarlier(entry.name))
  const folders = taken.map(({ name }) => join(folder, name)).toSorted()
  const others = entries.filter((entry) => !entry.isDirectory()).map(({ name }) => oneLine(name))
  if (folders.length > 0 && others.length > 0) {
    const named = `${others.slice(0, 5).join(', ')}${others.length > 5 ? ' and others' : ''}`
    process.stderr.write(`grade: not graded, because they are no folders: ${named}\n`)
  }
  if (folders.length > 0) return { isClass: true, folders }
  throw new UsageError(`${folder} has no ${SUBMISSION_FILE}, and no folders with submissions`)
}

/** @throws UsageError */
export async function readSetting(options: GradeOptions, { isClass, folders }: Submissions): Promise<Setting> {
  const everyLab = await Promise.all(findLabs().map((id) => loadLab(id)))
  const { roles } = (await loadRoles(labsFolder())).book
  const rubric = options.rubric === null ? USUAL_RUBRIC : await readTeachersRubric(options.rubric, everyLab)
  const named = chooseLabs(options.labs, findLabs())
  const [folder = ''] = folders
  const ids = named.length > 0 ? named : (rubric.labs ?? (isClass ? null : await labsOf(folder, { everyLab, roles })))
  if (ids === null || ids.length === 0) {
    throw new UsageError('which labs are to be graded? Name them with --labs 01,02 or in a rubric with --rubric FILE')
  }
  const labs = everyLab.filter(({ id }) => ids.includes(id))
  const plan = planItems(labs, { ...rubric, labs: ids })
  if (plan.length === 0) throw new UsageError('the rubric gives no points for these labs')
  return { everyLab, labs, roles, plan, due: rubric.due }
}

async function readTeachersRubric(file: string, labs: readonly LoadedLab[]): Promise<Rubric> {
  try {
    return await readRubric(file, labs)
  } catch (error) {
    throw error instanceof RubricError ? new UsageError(error.message) : error
  }
}

/** One submission without a rubric is graded in the labs that it names itself. */
async function labsOf(folder: string, known: { everyLab: readonly LoadedLab[]; roles: Roles }): Promise<string[]> {
  const read = await readSubmission(folder, { labs: known.everyLab, roles: known.roles })
  if ('problem' in read) throw new UsageError(read.problem)
  return [...(read.submission.labs ?? Object.keys(read.submission.predictions))]
}

const NO_PROGRAMS: SandboxFacts = { kind: 'none', promises: [] }

export function runOf({ labs, due }: Setting, startedAt: string, sandbox: SandboxFacts | null): GradingRun {
  const named = labs.map(({ id, narration }) => ({ id, title: narration.title }))
  return { host: readHostFacts(), startedAt, labs: named, sandbox: sandbox ?? NO_PROGRAMS, due }
}
