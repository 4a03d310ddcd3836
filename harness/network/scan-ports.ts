/** The ports of a scan: handed out to several threads at once, and what came of them put together again. */

import type { Scanned } from '../domain/observation.ts'

export type PortRange = { from: number; to: number }

/** What one thread found. */
export type Tally = Pick<Scanned, 'open' | 'closed' | 'silent' | 'metItself'>

/** Small enough that no thread is left with much when the others are done. */
const PIECE = 256

/** Yields this thread's share of a range. `handedOut` is one number that the threads share: who is quick takes more. */
export function* portsOf({ from, to }: PortRange, handedOut: Int32Array): Generator<number, undefined> {
  for (;;) {
    const first = from + Atomics.add(handedOut, 0, PIECE)
    if (first > to) return undefined
    const last = Math.min(first + PIECE - 1, to)
    for (let port = first; port <= last; port++) yield port
  }
}

/** How many ports of a range have been handed out so far. */
export function handedOutOf(range: PortRange, handedOut: Int32Array): number {
  return Math.min(Atomics.load(handedOut, 0), sizeOf(range))
}

export function sizeOf({ from, to }: PortRange): number {
  return to - from + 1
}

export function together(tallies: readonly Tally[]): Tally {
  const all = (ports: (tally: Tally) => readonly number[]) => tallies.flatMap(ports).sort((a, b) => a - b)
  return {
    open: all(({ open }) => open),
    closed: tallies.reduce((sum, { closed }) => sum + closed, 0),
    silent: all(({ silent }) => silent),
    metItself: all(({ metItself }) => metItself),
  }
}
