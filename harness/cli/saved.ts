/** Reads a file that `--save` wrote. */

import { readFileSync } from 'node:fs'

import type { SavedRun } from '../domain/evidence.ts'
import { SAVED_FORMAT, SAVED_VERSION } from '../domain/evidence.ts'
import { whatIsWrong } from './saved-shape.ts'
import { UsageError } from './usage.ts'

const WITHOUT_ANSWERS = 1

/** @throws UsageError for a file that is absent, cut short, of another kind or of another version. */
export function readSaved(file: string): SavedRun {
  const value = parse(file)
  if (typeof value !== 'object' || value === null || !('format' in value) || value.format !== SAVED_FORMAT) {
    throw new UsageError(`${file} is no evidence saved by these labs`)
  }
  const { version } = value as { version?: unknown }
  if (version !== SAVED_VERSION && version !== WITHOUT_ANSWERS) throw new UsageError(refusalOf(file, version))
  // Version 1 kept the evidence alone. That can be told again; to compare it, answers are needed.
  const saved: unknown =
    version === WITHOUT_ANSWERS
      ? { ...value, version: SAVED_VERSION, durationMs: 0, machine: null, answers: [] }
      : value
  const wrong = whatIsWrong(saved)
  if (wrong !== null) throw new UsageError(`${file} cannot be told: ${wrong}`)
  return saved as SavedRun
}

/** The same for what is held against another run. @throws UsageError for a file that has evidence and no answers. */
export function readAnswered(file: string): SavedRun {
  const saved = readSaved(file)
  if (saved.answers.length > 0) return saved
  throw new UsageError(
    `${file} has no answers to compare with; make it anew on that machine: npm run verify -- --save ${file}`,
  )
}

function refusalOf(file: string, version: unknown): string {
  const read = `this program reads versions ${WITHOUT_ANSWERS} and ${SAVED_VERSION}`
  const isNewer = typeof version === 'number' && version > SAVED_VERSION
  const advice = isNewer ? '; a newer one of these labs wrote it, so bring this one up to date' : ''
  return `${file} has version ${String(version)} of the format; ${read}${advice}`
}

function parse(file: string): unknown {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    throw new UsageError(`cannot read ${file}: ${(error as NodeJS.ErrnoException).code ?? String(error)}`)
  }
  try {
    return JSON.parse(text)
  } catch {
    throw new UsageError(`${file} is not whole JSON: it was cut short or is something else`)
  }
}
