/** The end of a handed-in program: whether it came by itself, and what it left behind. */

import type { Ended } from '../domain/observation.ts'
import type { StandIn } from '../process/stand-in.ts'
import { waitFor } from '../process/wait.ts'
import type { StageContext } from './stage-context.ts'

/** A child that ends with its parent needs a moment for it. */
const CHILD_MS = 500

/** For a program that is not expected to end, because nobody came, or because it did not the last time. */
const UNAWAITED_MS = 200

/** Afterwards nothing of it is left, however it ended: the next step must not meet it. */
export async function seeEnd(context: StageContext, kind: 'ended' | 'stop' | 'kill', standIn: StandIn): Promise<Ended> {
  const { limits, signal } = context
  const { program, pid } = standIn
  if (kind !== 'ended' && !standIn.end) standIn.isExcused = true
  if (kind === 'stop') standIn.signal('SIGTERM')
  if (kind === 'kill') standIn.killGroup()
  const end = await waitForEnd(context, kind, standIn)
  if (end !== null && kind === 'ended') await lookForChildren(context, standIn)
  standIn.killGroup()
  await waitFor(() => standIn.isGone || undefined, {
    limitMs: limits.stepMs,
    signal,
    what: `${program} (process ${pid}) to be gone`,
    onChange: (look) => standIn.onChange(look),
  })
  return { ...(standIn.end as Ended), program, pid }
}

/** At the end of an act, for those whose end no step has waited for: one that has done its part is to end by itself. */
export async function settle(context: StageContext): Promise<void> {
  for (const standIn of context.cast.standIns) {
    const { isGone, isExcused, isReady, served, role } = standIn
    if (isGone || isExcused || !isReady || served < role.serves) continue
    if ((await waitForEnd(context, 'ended', standIn)) !== null) await lookForChildren(context, standIn)
  }
}

/** Null where it did not come. */
async function waitForEnd(
  { cast, limits, signal }: StageContext,
  kind: 'ended' | 'stop' | 'kill',
  standIn: StandIn,
): Promise<Ended | null> {
  const { program, pid } = standIn
  // One that no client has reached waits for its client, and is right to.
  const isAwaited = kind !== 'ended' || (standIn.served >= standIn.role.serves && !cast.knows('does-not-end', program))
  const patienceMs = isAwaited ? limits.readyMs : UNAWAITED_MS
  const startedAt = performance.now()
  const isLate = () => performance.now() - startedAt > patienceMs
  const end = await waitFor(() => standIn.end ?? (isLate() ? null : undefined), {
    limitMs: limits.stepMs,
    signal,
    what: `${program} (process ${pid}) to end`,
    onChange: (look) => standIn.onChange(look),
  })
  if (end === null) standIn.isExcused = true
  if (end === null && kind === 'ended' && isAwaited) {
    cast.find('does-not-end', program, { waitedMs: Math.round(patienceMs) })
  }
  return end
}

async function lookForChildren({ cast, limits, signal }: StageContext, standIn: StandIn): Promise<void> {
  const startedAt = performance.now()
  const isLate = () => performance.now() - startedAt > CHILD_MS * limits.scale
  await waitFor(() => standIn.hasAllEnded() || isLate() || undefined, {
    limitMs: limits.stepMs,
    signal,
    what: `what ${standIn.program} left behind to end`,
  })
  const [child, ...more] = standIn.processes({ isQuick: false })
  if (child) cast.find('leaves-a-child', standIn.program, { count: 1 + more.length, command: child.command })
}
