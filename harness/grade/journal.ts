/**
 * Keeps what was graded on disk: a file of lines, each the record of one submission under a key, so that a class that was
 * interrupted is not graded twice. The key changes with whatever its points depend on. In memory are the places only.
 */

import { createHash } from 'node:crypto'
import { appendFileSync, fstatSync, openSync } from 'node:fs'
import { lstat, readdir, readFile, readlink } from 'node:fs/promises'
import { join } from 'node:path'

import type { GradedSubmission, SandboxFacts } from '../domain/graded.ts'
import type { Place } from './lines.ts'
import { linesOf, textAt } from './lines.ts'
import type { PlannedItem } from './plan.ts'
import type { Reference } from './reference.ts'

/** Its name in the folder of a graded class. */
export const JOURNAL = 'graded.ndjson'

/** Without a key it is not found again. */
export type JournalEntry = { key: string | null; graded: GradedSubmission; sandbox: SandboxFacts | null }

export class Journal {
  readonly #file: string
  /** Open for as long as this process is there. */
  readonly #descriptor: number
  readonly #places = new Map<string, Place>()

  constructor(file: string) {
    this.#file = file
    this.#descriptor = openSync(file, 'a+')
    for (const { text, place } of linesOf(this.#descriptor)) {
      const key = entryOf(text)?.key ?? null
      if (key !== null) this.#places.set(key, place)
    }
  }

  find(key: string): Place | undefined {
    return this.#places.get(key)
  }

  /** What is inconclusive has no key: the next run may see what this one did not. */
  keep({ key, graded, sandbox }: JournalEntry): Place {
    const isSettled = graded.items.every(({ verdict }) => verdict !== 'inconclusive')
    const line = JSON.stringify({ key: isSettled ? key : null, graded, sandbox } satisfies JournalEntry)
    const at = fstatSync(this.#descriptor).size + 1
    // One write of a whole line: a kill leaves at most a last line that is cut, and that is passed over.
    appendFileSync(this.#descriptor, `\n${line}\n`)
    return { at, length: Buffer.byteLength(line) }
  }

  /** @throws Error where somebody has changed the file meanwhile. */
  read(place: Place): JournalEntry {
    const entry = entryOf(textAt(this.#descriptor, place))
    if (entry === null) throw new Error(`${this.#file} was changed while the class was graded`)
    return entry
  }
}

function entryOf(line: string): JournalEntry | null {
  if (line === '') return null
  try {
    const entry = JSON.parse(line) as Partial<JournalEntry> | null
    const isKey = typeof entry?.key === 'string' || entry?.key === null
    return isKey && Array.isArray(entry.graded?.items) ? (entry as JournalEntry) : null
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
