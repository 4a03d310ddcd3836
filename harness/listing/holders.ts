/** Finds who has a socket open: the links /proc/PID/fd/N that read `socket:[INODE]` (proc_pid_fd(5)). */

import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import type { Holder } from '../domain/socket-row.ts'
import { holder } from './reading.ts'

/**
 * The holders of every socket inode, among all processes or only those given. A process that ends meanwhile, or whose
 * descriptors this user may not see, holds nothing as far as this can tell.
 */
export function readHolders(pids: Iterable<number> = allPids()): Map<number, Holder[]> {
  const holders = new Map<number, Holder[]>()
  for (const pid of pids) addHoldingsOf(pid, holders)
  return holders
}

function allPids(): number[] {
  return (orNull(() => readdirSync('/proc')) ?? []).filter((name) => /^\d+$/.test(name)).map(Number)
}

function addHoldingsOf(pid: number, holders: Map<number, Holder[]>): void {
  let command: string | undefined
  for (const fd of orNull(() => readdirSync(`/proc/${pid}/fd`)) ?? []) {
    const link = orNull(() => readlinkSync(`/proc/${pid}/fd/${fd}`))
    if (link === null || !link.startsWith('socket:[')) continue
    command ??= orNull(() => readFileSync(`/proc/${pid}/comm`, 'utf8'))?.replace(/\n$/, '') ?? ''
    const inode = Number(link.slice('socket:['.length, -1))
    const known = holders.get(inode)
    if (known === undefined) holders.set(inode, [holder(pid, command, fd)])
    else known.push(holder(pid, command, fd))
  }
}

/** `null` where the file is gone or may not be read: both are ordinary for another process's descriptors. */
function orNull<T>(read: () => T): T | null {
  try {
    return read()
  } catch {
    return null
  }
}
