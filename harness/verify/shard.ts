/** Deals labs out to the parts of a run that several machines share: each lab to exactly one, always to the same. */

import type { LoadedLab } from '../domain/loaded-lab.ts'

/** `index` counts from 1. */
export type Shard = { index: number; of: number }

type Weighed = Pick<LoadedLab, 'id' | 'lab'>

/** The labs of one part, in their order. Acts in a network of their own take longest, so they are what is balanced. */
export function shardOf<L extends Weighed>(labs: readonly L[], { index, of }: Shard): L[] {
  const parts = Array.from({ length: of }, () => ({ weight: 0, labs: new Set<L>() }))
  // Sorting is stable: labs of one weight are dealt out in their order.
  for (const lab of labs.toSorted((a, b) => weightOf(b) - weightOf(a))) {
    const least = Math.min(...parts.map(({ weight }) => weight))
    const part = parts.find(({ weight }) => weight === least)
    part?.labs.add(lab)
    if (part) part.weight += weightOf(lab)
  }
  return labs.filter((lab) => parts[index - 1]?.labs.has(lab))
}

/** A lab without such acts takes its time too. */
function weightOf({ lab }: Weighed): number {
  return 1 + Object.values(lab.acts).filter(({ network }) => network === 'own').length
}
