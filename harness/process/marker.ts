/**
 * Finds the processes of a run by a marker in their environment. A child inherits it, also one that became a daemon,
 * left its process group, or lost its parent; only a program that execs with another environment escapes.
 */

import { readFileSync } from 'node:fs'

import { processIdsSince } from './process-ids.ts'

export const MARKER_VARIABLE = 'SOCKET_LABS_RUN'

let made = 0

/**
 * A marker that no process carries yet: this process, the nanosecond, and a count. Of one length, so that none is the
 * beginning of another. Not `randomUUID`: to load node:crypto takes 10 ms, in every process of the harness.
 */
export function newMarker(): string {
  made += 1
  const parts = [[process.pid, 8] as const, [process.hrtime.bigint(), 16] as const, [made, 6] as const]
  return parts.map(([number, digits]) => number.toString(16).padStart(digits, '0')).join('-')
}

/**
 * The process ids, other than this one, whose environment holds the marker, among those that are younger than `after`.
 * Empty where there is no /proc.
 */
export function findMarked(marker: string, after = 0): number[] {
  const wanted = `${MARKER_VARIABLE}=${marker}`
  const found: number[] = []
  for (const pid of processIdsSince(after)) {
    if (pid !== process.pid && environmentOf(pid).includes(wanted)) found.push(pid)
  }
  return found
}

/** Ends every marked process with SIGKILL, again until none is left: a program may fork while we look. */
export function killMarked(marker: string, after = 0): number {
  let killed = 0
  for (let look = 0; look < 20; look++) {
    const pids = findMarked(marker, after)
    if (pids.length === 0) break
    for (const pid of pids) {
      try {
        process.kill(pid, 'SIGKILL')
        killed += 1
      } catch {
        // It ended between the look and the signal.
      }
    }
  }
  return killed
}

/** Empty for processes that are not ours to read, and for zombies, which have given their memory back. */
function environmentOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1')
  } catch {
    return ''
  }
}
