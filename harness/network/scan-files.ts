/** How many sockets a scan may hold: each is an open file, and a process has a limit of them (RLIMIT_NOFILE). */

import { readdirSync, readFileSync } from 'node:fs'

/** What is left for everything else that this process may want to open meanwhile. */
const RESERVE = 64
/** More would not make a scan quicker; below the least the reserve gives way. */
const MOST = 8_192
const LEAST = 8
/** macOS allows 256 unless told otherwise, which is the lowest limit of the systems that we know. */
const UNKNOWN = { allowed: 256, open: 64 }

/** Node raises its soft limit to the hard one when it starts; the soft one is what counts. */
export function socketsAllowed(): number {
  const { allowed, open } = openFiles() ?? UNKNOWN
  return mostSockets(allowed, open)
}

export function mostSockets(allowed: number, open: number): number {
  const left = allowed - open
  // Where little is left, half of it: with few sockets, a scan of silent ports takes very long.
  return Math.max(LEAST, Math.min(MOST, Math.max(left - RESERVE, Math.floor(left / 2))))
}

function openFiles(): { allowed: number; open: number } | undefined {
  try {
    const soft = softLimit(readFileSync('/proc/self/limits', 'latin1'))
    return soft === undefined ? undefined : { allowed: soft, open: readdirSync('/proc/self/fd').length }
  } catch {
    return undefined
  }
}

/** The soft limit in the text of /proc/self/limits (proc_pid_limits(5)). */
export function softLimit(text: string): number | undefined {
  const soft = /^Max open files\s+(\d+|unlimited)\s/m.exec(text)?.[1]
  if (soft === undefined) return undefined
  return soft === 'unlimited' ? Number.POSITIVE_INFINITY : Number(soft)
}
