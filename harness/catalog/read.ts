/** Reads the files of a lab. What cannot be read or loaded is told, not thrown. */

import { existsSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'

import type { Claim } from '../domain/ledger.ts'
import { findLabFolders, findPrograms, labsFolder, OWN_LABS, programFile } from './find.ts'
import { importInTime, lineOfError, messageOf } from './import-in-time.ts'
import type { Problem } from './problem.ts'
import { isPlain } from './problem.ts'
import { loadRoles } from './roles.ts'
import type { RoleBook } from './roles.ts'

/** A file with its text, and what it exports by default where it could be loaded. */
export type Module = { file: string; text: string | null; value: unknown; problem: Problem | null }

export type LabFiles = { id: string; folder: string; lab: Module; narration: Module }

export type Claims = Readonly<Record<string, Claim>>

/** The documents by name, each with a line on what it is and the code of its language. */
export type Documents = Readonly<Record<string, { title: string; language: string }>>

/** What the documents say, and the file that has it. */
export type Ledger = { claims: Claims; documents: Documents; file: string; text: string }

/** All that the labs of a folder consist of. */
export type Catalogue = {
  folder: string
  labs: LabFiles[]
  programs: { name: string; file: string; text: string }[]
  /** Programs that a lab may start although they do not stand beside it. */
  lent: string[]
  ledger: Ledger
  roles: RoleBook
  problems: Problem[]
}

export async function readCatalogue(folder = labsFolder()): Promise<Catalogue> {
  const names = findLabFolders(folder)
  const [told, played] = [await loadLedger(folder), await loadRoles(folder)]
  const programs = findPrograms(folder).map((name) => {
    const file = programFile(name, folder)
    return { name, file, text: readFileSync(file, 'utf8') }
  })
  return {
    folder,
    labs: await Promise.all(names.map((id) => readLab(id, folder))),
    programs,
    lent: folder === OWN_LABS ? [] : findPrograms(OWN_LABS),
    ledger: told.ledger,
    roles: played.book,
    problems: [...told.problems, ...played.problems],
  }
}

export async function readLab(id: string, folder = labsFolder()): Promise<LabFiles> {
  const [lab, narration] = await Promise.all([
    readModule(id, join(folder, id, 'lab.ts')),
    readModule(id, join(folder, id, 'narration.en.ts')),
  ])
  return { id, folder: join(folder, id), lab, narration }
}

/** The lab without its words, which take longer to load than all labs. */
export async function readDeclaration(id: string, folder = labsFolder()): Promise<Module> {
  return await readModule(id, join(folder, id, 'lab.ts'))
}

/** What the documents say, by claim id: the folder's own list, or the project's. */
export async function loadLedger(folder: string): Promise<{ ledger: Ledger; problems: Problem[] }> {
  const own = join(folder, 'claims.ts')
  const file = existsSync(own) ? own : join(OWN_LABS, 'claims.ts')
  try {
    const { claims, documents } = await importInTime(file)
    if (!isPlain(claims)) throw new Error('it exports no object claims')
    const text = readFileSync(file, 'utf8')
    const known = isPlain(documents) ? (documents as Documents) : {}
    return { ledger: { claims: claims as Claims, documents: known, file, text }, problems: [] }
  } catch (error) {
    const what = `claims.ts cannot be loaded: ${messageOf(error)}`
    const line = lineOfError(error, basename(file))
    const todo = 'Correct it; npx tsc --noEmit says what it should be.'
    const problem = { labs: [], file, line, what, todo, stops: true }
    return { ledger: { claims: {}, documents: {}, file, text: '' }, problems: [problem] }
  }
}

async function readModule(id: string, file: string): Promise<Module> {
  const name = basename(file)
  const problem = (line: number, what: string, todo: string): Problem => ({
    labs: [id],
    file,
    line,
    what,
    todo,
    stops: true,
  })
  const nothing = { file, value: undefined }
  if (!existsSync(file)) {
    const todo = 'Write it, or let npm run lab:new make a lab and copy from that.'
    return { ...nothing, text: null, problem: problem(1, `${name} is missing`, todo) }
  }
  let text: string | null = null
  try {
    text = readFileSync(file, 'utf8')
    const module = await importInTime(file)
    if (module['default'] !== undefined) return { file, text, value: module['default'], problem: null }
    const todo = `Write export default before ${name === 'lab.ts' ? 'defineLab' : 'the object with the texts'}.`
    return { ...nothing, text, problem: problem(1, `${name} exports no default`, todo) }
  } catch (error) {
    const line = lineOfError(error, `${id}/${name}`)
    const what = `${name} cannot be loaded: ${messageOf(error)}`
    return { ...nothing, text, problem: problem(line, what, 'Correct it; npx tsc --noEmit says what it should be.') }
  }
}
