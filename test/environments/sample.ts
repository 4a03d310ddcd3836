/** Which environments a run is about: all of them, or so many, drawn by a seed that says how to have the same again. */

import { createHash } from 'node:crypto'

/** In the order of the table. Another seed draws others, so that in time all have their turn. */
export function drawn<T extends { name: string }>(all: readonly T[], size: number, seed: string): T[] {
  const lots = all.map((one) => ({ one, lot: createHash('sha256').update(`${seed} ${one.name}`).digest('hex') }))
  const chosen = lots.sort((a, b) => a.lot.localeCompare(b.lot)).slice(0, size)
  return all.filter((each) => chosen.some(({ one }) => one === each))
}
