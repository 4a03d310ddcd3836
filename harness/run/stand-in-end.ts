/** The end of a handed-in program: whether it came by itself, and what it left behind. */

import type { Ended } from '../domain/observation.ts'
import type { StandIn } from '../process/stand-in.ts'
import { waitFor } from '../process/wait.ts'
import type { StageContext } from './stage-context.ts'

/** A child that ends with its parent needs a moment for it. */
const CHILD_MS = 100

/** For a program that is not expected to end, because nobody came, or because it did not the last time. */
const UNAWAITED_MS = 200

/** Afterwards nothing of it is left, however it ended: the next step must not meet it. */
export async function seeEnd(context: StageContext, kind: 'ended' | 'stop' | 'kill', standIn: StandIn): Promise<Ended> {
  const { cast, limits, signal } = context
  const { program, pid } = standIn
  if (kind !== 'ended' && !standIn.end) standIn.isExcused = true
  if (kind === 'stop') standIn.signal('SIGTERM')
  if (kind === 'kill') standIn.killGroup()
  // One that no client has reached waits for its client, and is right to.
  const isAwaited = kind !== 'ended' || (standIn.served >= standIn.role.serves && !cast.knows('does-not-end', program))
  const patienceMs = isAwaited ? limits.readyMs : UNAWAITED_MS
  const startedAt = performance.now()
  const isLate = () => performance.now() - startedAt > patienceMs
  const wait = { limitMs: limits.stepMs, signal, onChange: (look: () => void) => standIn.onChange(look) }
  const end = await waitFor(() => standIn.end ?? (isLate() ? null : undefined), {
    ...wait,
    what: `${program} (process ${pid}) to end`,
  })
  if (end === null) standIn.isExcused = true
  if (end === null && kind === 'ended' && isAwaited) {
    cast.find('does-not-end', program, { waitedMs: Math.round(patienceMs) })
  }
  if (end !== null && kind === 'ended') await lookForChildren(context, standIn)
  standIn.killGroup()
  await waitFor(() => standIn.isGone || undefined, { ...wait, what: `${program} (process ${pid}) to be gone` })
  return { ...(standIn.end as Ended), program, pid }
}

async function lookForChildren({ cast }: StageContext, standIn: StandIn): Promise<void> {
  if (standIn.processes({ isQuick: false }).length === 0) return
  await new Promise((resolve) => setTimeout(resolve, CHILD_MS))
  const [child, ...more] = standIn.processes({ isQuick: false })
  if (child) cast.find('leaves-a-child', standIn.program, { count: 1 + more.length, command: child.command })
}
