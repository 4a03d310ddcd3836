/**
 * Tells a process from every other one, also from a later one that got its number, so that what a process left behind
 * can be told from what another one still uses.
 */

import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'

export type ProcessIdentity = {
  pid: number
  /** When it was started, in ticks since the machine was; empty where the system has no /proc. */
  start: string
  /** The machine, since when it has been up, and the process namespace: outside of these the number says nothing. */
  where: string
}

export function ownIdentity(): ProcessIdentity {
  return { pid: process.pid, start: startOf(process.pid) ?? '', where: where() }
}

/** Whether that process is still there; null where that cannot be known from here. */
export function isStillThere({ pid, start, where: there }: ProcessIdentity): boolean | null {
  if (there !== where()) return null
  if (!isAnybody(pid)) return false
  return (startOf(pid) ?? '') === start
}

/** Two containers may have one name, and a machine that was started anew has other processes under the same numbers. */
function where(): string {
  const boot = orNothing(() => readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim())
  const namespace = orNothing(() => readlinkSync('/proc/self/ns/pid'))
  return [hostname(), boot ?? '', namespace ?? ''].join(' ').trim()
}

/** Signal 0 asks only whether there is somebody: EPERM means that there is, and that it is somebody else's. */
function isAnybody(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/**
 * The 22nd field of /proc/PID/stat (proc(5)). The second is a name in parentheses and may hold anything; the third is the
 * state. A zombie has ended, and only waits for its parent to ask how.
 */
function startOf(pid: number): string | null {
  const stat = orNothing(() => readFileSync(`/proc/${pid}/stat`, 'latin1'))
  const [state = 'Z', ...fields] = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? []
  return state === 'Z' || state === 'X' ? null : (fields[18] ?? null)
}

function orNothing<Value>(read: () => Value): Value | null {
  try {
    return read()
  } catch {
    return null
  }
}
