/** Counts the lines of a listing that are understood and are no rows. */

import type { LeftOut } from '../domain/look.ts'

export type LeftOutCount = { add(kind: LeftOut['kind']): void; all(): LeftOut[] }

export function countLeftOut(): LeftOutCount {
  const counts = new Map<LeftOut['kind'], number>()
  return {
    add: (kind) => void counts.set(kind, (counts.get(kind) ?? 0) + 1),
    all: () => [...counts].map(([kind, count]) => ({ kind, count })),
  }
}
