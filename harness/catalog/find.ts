/** Finds the labs on disk by the names of their folders. */

import { existsSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** `labs/` of this project: its programs and its claims serve a teacher's labs elsewhere too. */
export const OWN_LABS = resolve(import.meta.dirname, '../../labs')

/** `labs/` of this project, or the folder that SOCKET_LABS_FOLDER names: a teacher's own labs may live elsewhere. */
export function labsFolder(): string {
  return resolve(process.env['SOCKET_LABS_FOLDER'] || OWN_LABS)
}

const LAB_NAME = /^\d\d-[a-z0-9]+(-[a-z0-9]+)*$/

export function isLabName(name: string): boolean {
  return LAB_NAME.test(name)
}

/** The ids of all labs, in order of their numbers. */
export function findLabs(folder = labsFolder()): string[] {
  return findLabFolders(folder).filter(isLabName)
}

/** All folders in which a lab is to be expected, whatever their names. */
export function findLabFolders(folder = labsFolder()): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'programs' && !entry.name.startsWith('.'))
    .map(({ name }) => name)
    .sort()
}

/** The names of the programs that stand beside these labs. One in Python has its ending in its name. */
export function findPrograms(folder = labsFolder()): string[] {
  try {
    return readdirSync(join(folder, 'programs'))
      .filter((name) => /\.(?:ts|py)$/.test(name))
      .map((name) => name.replace(/\.ts$/, ''))
      .sort()
  } catch {
    return []
  }
}

/** The file of a program: the one beside these labs, else the project's own of that name. */
export function programFile(program: string, folder = labsFolder()): string {
  const name = program.endsWith('.py') ? program : `${program}.ts`
  const beside = join(folder, 'programs', name)
  const own = join(OWN_LABS, 'programs', name)
  return !existsSync(beside) && existsSync(own) ? own : beside
}
