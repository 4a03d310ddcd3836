/**
 * Looks at this machine, in the form in which they are kept and compared. For `--snapshot`, `--diff`, `--expect`:
 * `await takeMachine(source)`. For `--watch`: `watchPorts({ ...looksAtMachine(source), signal, forMs })`.
 */

import type { Taken, TakenHost } from '../domain/ports-taken.ts'
import { glanceAtMachine } from './glance.ts'
import { lookAtMachine } from './machine.ts'
import type { Source } from './sources.ts'
import { readTakenHost } from './taken-host.ts'
import { takenOf } from './taken.ts'
import type { WatchOptions } from './watch.ts'

export async function takeMachine(source: Source | null, host: TakenHost = readTakenHost()): Promise<Taken> {
  const { listing, about } = await lookAtMachine(source)
  return takenOf([listing], { takenAt: new Date().toISOString(), host, about })
}

/** Tools see what the kernel tells as well: a glance at that says whether it is worth while to start one. */
export function looksAtMachine(source: Source | null): Pick<WatchOptions, 'look' | 'glance'> {
  const host = readTakenHost()
  return { look: () => takeMachine(source, host), glance: glanceAtMachine }
}
