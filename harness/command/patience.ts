/** How much longer than usual things take on this machine just now: measured by a start that happens anyway. */

/** Where a process of ours starts in this time, bounds are as written; where it takes longer, they stretch. */
const USUAL_START_MS = 150
/** Every wait comes to an end. */
const MOST = 20

/** How long this very process took to get here. */
export const OWN_START_MS = performance.now()

/** By what a bound is to be multiplied where a start took so long. */
export function stretchFor(startMs: number): number {
  return Math.min(MOST, Math.max(1, startMs / USUAL_START_MS))
}
