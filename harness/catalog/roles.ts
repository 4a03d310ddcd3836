/** Loads the roles that labs have, and their words: the folder's own roles.ts, or the project's. */

import { existsSync } from 'node:fs'
import { basename, join } from 'node:path'

import type { Roles, RoleText } from '../domain/role.ts'
import { labsFolder, OWN_LABS } from './find.ts'
import { importInTime, lineOfError, messageOf } from './import-in-time.ts'
import type { Problem } from './problem.ts'
import { isPlain } from './problem.ts'

export type RoleTexts = Readonly<Record<string, RoleText>>

/** What handed-in programs can be, and what each is told. `file` is where the roles are declared. */
export type RoleBook = { roles: Roles; texts: RoleTexts; file: string }

export async function loadRoles(folder = labsFolder()): Promise<{ book: RoleBook; problems: Problem[] }> {
  const place = existsSync(join(folder, 'roles.ts')) ? folder : OWN_LABS
  const file = join(place, 'roles.ts')
  const [declared, told] = [await exported(file, 'roles'), await exported(join(place, 'roles.en.ts'), 'texts')]
  return {
    book: { roles: declared.value as Roles, texts: told.value as RoleTexts, file },
    problems: [declared, told].flatMap(({ problem }) => problem ?? []),
  }
}

async function exported(file: string, name: string): Promise<{ value: object; problem: Problem | null }> {
  try {
    const value = (await importInTime(file))[name]
    if (!isPlain(value)) throw new Error(`it exports no object ${name}`)
    return { value, problem: null }
  } catch (error) {
    const what = `${basename(file)} cannot be loaded: ${messageOf(error)}`
    const todo = 'Correct it; npx tsc --noEmit says what it should be.'
    const line = lineOfError(error, basename(file))
    return { value: {}, problem: { labs: [], file, line, what, todo, stops: false } }
  }
}
