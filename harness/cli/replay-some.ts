/** Tells labs of a saved run again; opens no socket. */

import type { RunEvent } from '../domain/event.ts'
import type { SavedRun } from '../domain/evidence.ts'
import type { LoadedLab } from '../domain/loaded-lab.ts'
import { replay } from '../run/replay.ts'

export function replaySome(saved: SavedRun, labs: readonly LoadedLab[]): AsyncGenerator<RunEvent, void> {
  const kept = { ...saved, labs: saved.labs.filter(({ lab }) => labs.some(({ id }) => id === lab)) }
  return replay(kept, async (lab) => labs.find(({ id }) => id === lab) as LoadedLab)
}
