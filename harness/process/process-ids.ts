/** The process ids that there are, read from /proc. */

import { readdirSync, readFileSync } from 'node:fs'

/**
 * Those of processes that are not older than `after`. Process ids are given out in ascending order until they begin anew:
 * where they have begun anew meanwhile, all are here. Empty where there is no /proc.
 */
export function processIdsSince(after: number): number[] {
  const all = processIds()
  return newestPid() >= after ? all.filter((pid) => pid >= after) : all
}

/** The process id that was given out last, from proc(5), /proc/loadavg; 0 where there is no such file. */
function newestPid(): number {
  try {
    return Number(readFileSync('/proc/loadavg', 'latin1').trim().split(' ').at(-1))
  } catch {
    return 0
  }
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
