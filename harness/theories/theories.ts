/** The eight theories by name, and what all of them say of one question. */

import type { TheoryName } from '../domain/theory.ts'
import { mayBindElsewhere } from './elsewhere.ts'
import { mayBindOnLinux, mayListenOnLinux } from './linux-bind.ts'
import { whoGetsOnLinux } from './linux-lookup.ts'
import { TABLES } from './tables.ts'
import type { Theory } from './theory.ts'

/** M8: what the system does, one rule set for each system of which sources tell. */
const system: Theory = {
  mayBind: (world, wish) => (world.setting.os === 'linux' ? mayBindOnLinux : mayBindElsewhere)(world, wish),
  mayListen: (world, socket) => (world.setting.os === 'linux' ? mayListenOnLinux(world, socket) : null),
  whoGets: (world, arrival) => (world.setting.os === 'linux' ? whoGetsOnLinux(world, arrival) : null),
}

export const THEORIES: Readonly<Record<TheoryName, Theory>> = { ...TABLES, M8: system }

/** What each theory answers to one question. */
export function askAll<T>(ask: (theory: Theory) => T): Record<TheoryName, T> {
  return Object.fromEntries(Object.entries(THEORIES).map(([name, theory]) => [name, ask(theory)])) as Record<
    TheoryName,
    T
  >
}
