/** What this machine answers: the labs run once by the harness's own programs. Predictions are held against it. */

import type { RunEvent } from '../domain/event.ts'
import type { LoadedLab } from '../domain/loaded-lab.ts'
import type { CheckResult } from '../domain/verdict.ts'
import { usualJobsHere } from '../run/jobs.ts'
import { run } from '../run/run.ts'

/** By `LAB/CHECK`. A check's id is unique among all labs, and the lab's name is there for readers. */
export type Reference = ReadonlyMap<string, CheckResult>

export async function observeReference(
  labs: readonly LoadedLab[],
  { signal, onEvent }: { signal: AbortSignal; onEvent: (event: RunEvent) => void },
): Promise<Reference> {
  const reference = new Map<string, CheckResult>()
  for await (const event of run(labs, { jobs: usualJobsHere(), rounds: 1, signal })) {
    onEvent(event)
    if (event.type === 'check') reference.set(`${event.result.lab}/${event.result.id}`, event.result)
  }
  signal.throwIfAborted()
  return reference
}
