/**
 * Remembers which submissions were graded, so that a class that was interrupted is not graded twice: a file of lines,
 * each the record of one submission under a key. The key changes with whatever its points depend on.
 */

import { createHash } from 'node:crypto'
import { appendFileSync, readFileSync } from 'node:fs'
import { lstat, readdir, readFile, readlink } from 'node:fs/promises'
import { join } from 'node:path'

import type { GradedSubmission, SandboxFacts } from '../domain/graded.ts'
import type { PlannedItem } from './plan.ts'
import type { Reference } from './reference.ts'

/** Its name in the folder of a graded class. */
export const JOURNAL = 'graded.ndjson'

export type JournalEntry = { key: string; graded: GradedSubmission; sandbox: SandboxFacts | null }

export class Journal {
  readonly #file: string | null
  readonly #entries = new Map<string, JournalEntry>()

  /** @param file null: nothing is remembered. */
  constructor(file: string | null) {
    this.#file = file
    for (const line of file === null ? [] : readLines(file)) {
      const entry = entryOf(line)
      if (entry) this.#entries.set(entry.key, entry)
    }
  }

  find(key: string): JournalEntry | undefined {
    return this.#entries.get(key)
  }

  /** What is inconclusive is not kept: the next run may see what this one did not. */
  keep(entry: JournalEntry): void {
    const isSettled = entry.graded.items.every(({ verdict }) => verdict !== 'inconclusive')
    // One write of a whole line: a kill leaves at most a last line that is cut, and that is passed over.
    if (this.#file !== null && isSettled) appendFileSync(this.#file, `\n${JSON.stringify(entry)}\n`)
  }
}

function readLines(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

function entryOf(line: string): JournalEntry | null {
  if (line === '') return null
  try {
    const entry = JSON.parse(line) as Partial<JournalEntry> | null
    return typeof entry?.key === 'string' && Array.isArray(entry.graded?.items) ? (entry as JournalEntry) : null
  } catch {
    return null
  }
}

/** What the points of every submission depend on beside what was handed in. */
export function keyOfGrading(
  plan: readonly PlannedItem[],
  reference: Reference,
  rounds: number,
  version: string,
): string {
  const observed = [...reference].map(([check, { verdict, observed: outcome }]) => [check, verdict, outcome])
  return digest(JSON.stringify([version, rounds, plan, observed]))
}

/** Files of a submission that count for its key; one with more is not taken in any case. */
const MOST_FILES = 3000

/** The name, and every file of the folder with what is in it. */
export async function keyOfSubmission(grading: string, name: string, folder: string): Promise<string> {
  const hash = createHash('sha256').update(`${grading}\0${name}\0`)
  const folders = ['']
  let files = 0
  for (let at = folders.shift(); at !== undefined && files < MOST_FILES; at = folders.shift()) {
    for (const entry of (await readdir(join(folder, at))).toSorted()) {
      files += 1
      const path = join(at, entry)
      const full = join(folder, path)
      // A name that is no UTF-8 cannot be asked for by what was read of it.
      const stat = await lstat(full).catch(() => null)
      if (stat === null) {
        hash.update(`unread\0${path}\0`)
        continue
      }
      const kind = stat.isDirectory() ? 'folder' : stat.isSymbolicLink() ? 'link' : stat.isFile() ? 'file' : 'other'
      hash.update(`${kind}\0${path}\0${stat.mode & 0o111}\0${stat.size}\0`)
      if (kind === 'folder') folders.push(path)
      if (kind === 'link') hash.update(await readlink(full))
      if (kind === 'file' && stat.size <= MOST_HASHED) hash.update(await readFile(full))
    }
  }
  return hash.digest('hex')
}

/** Of a larger file the size has to do: it is not taken anyhow. */
const MOST_HASHED = 32 * 1024 * 1024

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
