/** Finds the labs on disk by the names of their folders. */

import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** `labs/` of this project, or the folder that SOCKET_LABS_FOLDER names: a teacher's own labs may live elsewhere. */
export function labsFolder(): string {
  return process.env['SOCKET_LABS_FOLDER'] ?? fileURLToPath(new URL('../../labs', import.meta.url))
}

const LAB_NAME = /^\d\d-[a-z0-9]+(-[a-z0-9]+)*$/

/** The ids of all labs, in order of their numbers. */
export function findLabs(folder = labsFolder()): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && LAB_NAME.test(entry.name))
    .map(({ name }) => name)
    .sort()
}

/** The names of the programs that labs may start. */
export function findPrograms(folder = labsFolder()): string[] {
  try {
    return readdirSync(join(folder, 'programs'))
      .filter((name) => name.endsWith('.ts'))
      .map((name) => name.slice(0, -'.ts'.length))
      .sort()
  } catch {
    return []
  }
}
