/** Knows when a pipe is empty that somebody else may hold open. */

import type { Readable } from 'node:stream'

/** Turns of the event loop without a piece of output after which a pipe counts as empty. */
const QUIET_TURNS = 3

/**
 * What a process wrote before it ended is in the pipe when its end is told, and each turn of the event loop asks the
 * kernel for what there is to read. The pipe itself may stay open for as long as a descendant holds it.
 */
export function whenDrained(pipe: Readable, drained: () => void): void {
  let quiet = 0
  const hear = () => (quiet = 0)
  const turn = () => {
    quiet += 1
    if (quiet <= QUIET_TURNS) return void setImmediate(turn)
    pipe.off('data', hear)
    drained()
  }
  pipe.on('data', hear)
  setImmediate(turn)
}
