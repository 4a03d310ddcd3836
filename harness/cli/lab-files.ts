/** Writes the files of a new lab, and its page. Never writes over anything. */

import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'

import { loadLab } from '../catalog/load.ts'
import { labPage } from './docs-page.ts'
import { UsageError } from './usage.ts'

/** The path from the lab's folder to harness/lab.ts, for its imports. */
export function harnessFrom(folder: string, id: string): string {
  return relative(join(folder, id), resolve(import.meta.dirname, '../lab.ts')).replaceAll('\\', '/')
}

/** @returns the files that it wrote. @throws UsageError where the folder cannot be made. */
export async function writeLab(folder: string, id: string, files: Record<string, string>): Promise<string[]> {
  const lab = join(folder, id)
  try {
    // Fails where anything of that name is there, also something that came a moment ago.
    mkdirSync(lab)
  } catch (error) {
    throw new UsageError(`cannot make the folder ${lab}: ${(error as NodeJS.ErrnoException).code ?? String(error)}`)
  }
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(lab, name), text)
    writeFileSync(join(lab, 'README.md'), labPage(await loadLab(id, folder), null))
  } catch (error) {
    rmSync(lab, { recursive: true })
    throw error
  }
  return [...Object.keys(files), 'README.md'].map((name) => relative(process.cwd(), join(lab, name)))
}

export function nextCommands(id: string): string {
  return `
Next:
  npm run lab ${id}                        runs it
  npm run lab:check ${id}                  says what is wrong with it, whenever you have changed something
  npm run docs -- --record ${id}           records a run, and writes its page and the list of labs
`
}
