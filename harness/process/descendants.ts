/** The processes that descend from one, whoever started them: read from /proc, where the system has it. */

import { readFileSync } from 'node:fs'

import { processIdsSince } from './process-ids.ts'

/** One process as /proc/PID/stat and /proc/PID/status tell it. */
export type Descendant = {
  pid: number
  parent: number
  /** Its process id inside its own process namespace; the same as `pid` where it has none of its own. */
  innerPid: number
  /** The letter of proc_pid_stat(5), such as `S`, or `T` for stopped, or `Z` for one that has ended. */
  state: string
  command: string
}

/**
 * Children, their children, and so on. In a process namespace none is lost: an orphan's new parent is the first process
 * of its namespace, pid_namespaces(7). Without one, an orphan that was adopted by another process is not found.
 *
 * `isQuick`: only processes with higher ids are looked at, because a child is younger than its parent. A program that
 * starts very many processes can make the ids begin anew, and so hide one from a quick look.
 */
export function descendantsOf(pid: number, { isQuick = false } = {}): Descendant[] {
  const all = processesSince(isQuick ? pid : 0)
  const found: Descendant[] = []
  const parents = [pid]
  for (let parent = parents.pop(); parent !== undefined; parent = parents.pop()) {
    for (const child of all.get(parent) ?? []) {
      found.push({ ...child, innerPid: innerPidOf(child.pid) })
      parents.push(child.pid)
    }
  }
  return found
}

type Seen = Omit<Descendant, 'innerPid'>

/** By parent. */
function processesSince(first: number): Map<number, Seen[]> {
  const children = new Map<number, Seen[]>()
  for (const pid of processIdsSince(first)) {
    const seen = readStat(pid)
    if (seen === null) continue
    const siblings = children.get(seen.parent)
    if (siblings) siblings.push(seen)
    else children.set(seen.parent, [seen])
  }
  return children
}

function readStat(pid: number): Seen | null {
  const text = orNull(() => readFileSync(`/proc/${pid}/stat`, 'latin1'))
  // The name stands in parentheses and may hold anything, so the state follows the last one.
  const [, command = '', state = '', parent = ''] = /^\d+ \((.*)\) (\S) (\d+)/s.exec(text ?? '') ?? []
  return text === null ? null : { pid, parent: Number(parent), state, command }
}

function innerPidOf(pid: number): number {
  const text = orNull(() => readFileSync(`/proc/${pid}/status`, 'latin1')) ?? ''
  return Number(/^NSpid:.*?(\d+)$/m.exec(text)?.[1] ?? pid)
}

/** `null` for a process that has ended meanwhile. */
function orNull<T>(read: () => T): T | null {
  try {
    return read()
  } catch {
    return null
  }
}
