/**
 * Finds the processes of a run by a marker in their environment. A child inherits it, also one that became a daemon,
 * left its process group, or lost its parent; only a program that execs with another environment escapes.
 */

import { readdirSync, readFileSync } from 'node:fs'

export const MARKER_VARIABLE = 'SOCKET_LABS_RUN'

/** The process ids, other than this one, whose environment holds the marker. Empty where there is no /proc. */
export function findMarked(marker: string): number[] {
  const wanted = `${MARKER_VARIABLE}=${marker}`
  const found: number[] = []
  for (const pid of processIds()) {
    if (pid !== process.pid && environmentOf(pid).includes(wanted)) found.push(pid)
  }
  return found
}

/** Ends every marked process with SIGKILL, again until none is left: a program may fork while we look. */
export function killMarked(marker: string): number {
  let killed = 0
  for (let look = 0; look < 20; look++) {
    const pids = findMarked(marker)
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

function processIds(): number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
  } catch {
    return []
  }
}

/** Empty for processes that are not ours to read, and for zombies, which have given their memory back. */
function environmentOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1')
  } catch {
    return ''
  }
}
