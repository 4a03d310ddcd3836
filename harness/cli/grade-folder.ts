/** The folder of a graded class: made where it is not there yet, and kept from a second grader. */

import { accessSync, constants, mkdirSync } from 'node:fs'

import type { Locked } from '../grade/folder-lock.ts'
import { lockFolder } from '../grade/folder-lock.ts'
import { oneLine } from '../report/plain.ts'
import { UsageError } from './usage.ts'

export const USUAL_FOLDER = 'graded'
export const CSV = 'gradebook.csv'
export const GRADEBOOK_FILE = 'gradebook.json'

/** @throws UsageError where nothing can be written there, or another grader is at work. */
export function takeFolder(out: string): { release: () => void } {
  const locked = made(out)
  if ('problem' in locked) throw new UsageError(oneLine(`${out} cannot be used: ${locked.problem}`))
  return locked
}

function made(out: string): Locked {
  try {
    mkdirSync(out, { recursive: true })
    accessSync(out, constants.W_OK)
    return lockFolder(out)
  } catch (error) {
    throw new UsageError(`nothing can be written to the folder ${out}: ${(error as NodeJS.ErrnoException).code}`)
  }
}
