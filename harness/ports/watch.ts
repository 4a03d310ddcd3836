/**
 * Looks at the ports of a machine again and again, and tells what has changed, until the signal is aborted or the time is
 * over. It tells the end as well and returns; it never throws for the signal.
 */

import { setTimeout as delay } from 'node:timers/promises'

import type { PortsDiff, WatchEvent } from '../domain/ports-change.ts'
import type { Taken } from '../domain/ports-taken.ts'
import { diffPorts } from './diff.ts'
import { unitsOf } from './units.ts'

export type WatchOptions = {
  /** A whole look. */
  look: () => Promise<Taken> | Taken
  /** A cheap sight of the same: where it gives the same text, nothing has changed. `null` where there is none. */
  glance: (() => Promise<string | null> | string | null) | null
  signal: AbortSignal
  /** `null`: until the signal. */
  forMs: number | null
  everyMs?: number
}

export const WATCH_EVERY_MS = 500

/** A descriptor may go from process to process while the socket stays as it is: no glance sees that. */
const WHOLE_LOOK_MS = 10_000

/** Looks take no more than this share of one processor. */
const SHARE = 0.02

/** Of the last look in the average of what looks cost. */
const WEIGHT = 0.1

export async function* watchPorts(options: WatchOptions): AsyncGenerator<WatchEvent> {
  const { signal, forMs } = options
  const since = performance.now()
  const untilMs = forMs === null ? Infinity : since + forMs
  let everyMs = options.everyMs ?? WATCH_EVERY_MS
  const told = { looks: 1, changes: 0, clients: 0 }
  let seen = (await options.glance?.()) ?? null
  let last = await options.look()
  let lookedMs = performance.now()
  let isUnseen = false
  let costMs = everyMs * SHARE
  const services = unitsOf(last).filter(({ isPerhapsClient }) => !isPerhapsClient).length
  yield { kind: 'begun', at: now(), everyMs, services, endsAfterMs: forMs }
  while (await isStillOn(Math.min(everyMs, untilMs - performance.now()), signal)) {
    const startedMs = performance.now()
    const cpu = process.cpuUsage()
    told.looks += 1
    try {
      const glimpse = (await options.glance?.()) ?? null
      if (glimpse === null || glimpse !== seen || startedMs - lookedMs > WHOLE_LOOK_MS) {
        const { diff, taken } = await nextLook(last, options.look)
        last = taken
        seen = glimpse
        lookedMs = performance.now()
        told.clients += diff.clients.came.length
        for (const event of eventsOf(diff)) {
          told.changes += 1
          yield event
        }
      }
      isUnseen = false
    } catch (error) {
      if (!isUnseen) yield { kind: 'unseen', at: now(), why: error instanceof Error ? error.message : String(error) }
      isUnseen = true
    }
    const { user, system } = process.cpuUsage(cpu)
    // One look that took long is no reason: it is the average that counts.
    costMs = costMs * (1 - WEIGHT) + ((user + system) / 1000) * WEIGHT
    const leastMs = costMs / SHARE
    if (leastMs > everyMs * 2) {
      everyMs = Math.ceil(leastMs / 1000) * 1000
      yield { kind: 'slower', at: now(), everyMs }
    }
  }
  yield { kind: 'ended', at: now(), ...told, lastedMs: Math.round(performance.now() - since) }
}

/** A table that changes while it is read may lack a row: what seems to be closed is looked at twice. */
async function nextLook(last: Taken, look: WatchOptions['look']): Promise<{ diff: PortsDiff; taken: Taken }> {
  const taken = await look()
  const diff = diffPorts(last, taken)
  if (diff.closed.length === 0) return { diff, taken }
  const again = await look()
  return { diff: diffPorts(last, again), taken: again }
}

function* eventsOf({ opened, closed, changed }: PortsDiff): Generator<WatchEvent> {
  for (const unit of closed) yield { kind: 'closed', at: now(), unit }
  for (const unit of changed) yield { kind: 'changed', at: now(), unit }
  for (const unit of opened) yield { kind: 'opened', at: now(), unit }
}

/** Whether there is to be another look, once this time is over. */
async function isStillOn(ms: number, signal: AbortSignal): Promise<boolean> {
  if (ms <= 0 || signal.aborted) return false
  try {
    await delay(ms, undefined, { signal })
    return true
  } catch {
    return false
  }
}

const now = () => new Date().toISOString()
