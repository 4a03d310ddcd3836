/** Reads a file that `--save` wrote. */

import { readFileSync } from 'node:fs'

import type { SavedRun } from '../domain/evidence.ts'
import { SAVED_FORMAT, SAVED_VERSION } from '../domain/evidence.ts'
import { UsageError } from './usage.ts'

/** @throws UsageError for a file that is absent, cut short, of another kind or of another version. */
export function readSaved(file: string): SavedRun {
  const value = parse(file)
  if (typeof value !== 'object' || value === null || !('format' in value) || value.format !== SAVED_FORMAT) {
    throw new UsageError(`${file} is no evidence saved by these labs`)
  }
  const { version } = value as { version?: unknown }
  if (version !== SAVED_VERSION) {
    throw new UsageError(
      `${file} has version ${String(version)} of the format; this program reads version ${SAVED_VERSION}`,
    )
  }
  if (!isWhole(value)) throw new UsageError(`${file} is incomplete: a part of the evidence is missing`)
  return value
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

/** The parts without which nothing could be told. */
function isWhole(value: object): value is SavedRun {
  const { labs, host } = value as Partial<SavedRun>
  if (typeof host?.os !== 'string' || !Array.isArray(labs)) return false
  return labs.every(
    (lab) =>
      typeof lab?.lab === 'string' &&
      Array.isArray(lab.acts) &&
      lab.acts.every(
        (act) => typeof act?.act === 'string' && Array.isArray(act.steps) && typeof act.sources === 'object',
      ),
  )
}
