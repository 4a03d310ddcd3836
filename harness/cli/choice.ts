/** The choice of labs by what was typed. */

import { statSync } from 'node:fs'

import { chooseLab } from '../catalog/choose.ts'
import { findLabs } from '../catalog/find.ts'
import type { SavedRun } from '../domain/evidence.ts'
import { UsageError } from './usage.ts'

/** @throws UsageError for a word that is no lab. Two labs with one number are both meant by it. */
export function chooseLabs(words: readonly string[], ids: readonly string[]): string[] {
  const chosen = words.flatMap((word) => {
    const choice = chooseLab(word, ids)
    if ('id' in choice) return [choice.id]
    if ('among' in choice) return choice.among
    // npm takes options for its own where no -- stands before them, and leaves their values as words.
    const hint = process.env['npm_lifecycle_event'] ? `; if it belongs to an option, put -- before the options` : ''
    throw new UsageError(`there is no lab '${word}'; the nearest are ${choice.nearest.join(', ') || 'none'}${hint}`)
  })
  return [...new Set(chosen)]
}

/** The labs that were named, in the order in which they were named, each once; without words all that there are. */
export function chooseToRun(words: readonly string[], saved: SavedRun | null): string[] {
  const there = saved ? [...new Set(saved.labs.map(({ lab }) => lab))] : findLabs()
  if (words.length === 0) return there
  const chosen = chooseLabs(words, findLabs())
  const absent = chosen.filter((id) => !there.includes(id))
  if (absent.length === 0) return chosen
  const has = there.join(', ') || 'no lab'
  throw new UsageError(`the saved evidence has nothing of ${absent.join(', ')}; it has ${has}`)
}

/** @throws UsageError where the folder with the labs is not there. */
export function requireFolder(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return
  throw new UsageError(`there is no folder ${folder}; SOCKET_LABS_FOLDER names the folder with the labs`)
}
