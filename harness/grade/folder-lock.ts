/**
 * Keeps a second grader out of the folder of a class. The lock is a file that says who made it. A grader that was killed
 * leaves it behind: whoever comes next sees that this process is gone, and takes its place.
 */

import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'

import type { ProcessIdentity } from '../process/identity.ts'
import { isStillThere, ownIdentity } from '../process/identity.ts'

/** Their names in the folder of a graded class. */
export const LOCK = 'graded.lock'
const NEXT = 'graded.lock.next'

type Holder = ProcessIdentity & { host: string; since: string }

/** `problem`: why it cannot be had, in a sentence without its full stop. */
export type Locked = { release: () => void } | { problem: string }

/** @throws where the folder cannot be written to. */
export function lockFolder(folder: string): Locked {
  const [lock, next] = [join(folder, LOCK), join(folder, NEXT)]
  const own = JSON.stringify({ ...ownIdentity(), host: hostname(), since: new Date().toISOString() } satisfies Holder)
  const locked = {
    release: () => {
      if (readText(lock) === own) rmSync(lock, { force: true })
    },
  }
  if (isMade(lock, own)) return locked
  const problem = whyHeld(lock)
  if (problem !== null) return { problem }
  // Of several that see a lock which nobody holds one alone makes this file. Nobody else takes such a lock away, so that
  // it is still the same one when it is looked at again.
  if (!isMade(next, own)) return { problem: `another grader is about to begin there; if there is none, remove ${next}` }
  const meanwhile = whyHeld(lock)
  if (meanwhile === null) renameSync(next, lock)
  else rmSync(next, { force: true })
  return meanwhile === null ? locked : { problem: meanwhile }
}

/** Fails where the name is taken, also by somebody who takes it at this moment (O_EXCL). */
function isMade(file: string, text: string): boolean {
  try {
    writeFileSync(file, text, { flag: 'wx' })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/** Null where its holder is gone. A lock that went meanwhile was somebody's until now. */
function whyHeld(lock: string): string | null {
  const holder = holderIn(readText(lock))
  if (holder === null) return `there is a lock that does not say whose it is; if no grader is at work, remove ${lock}`
  const isThere = isStillThere(holder)
  if (isThere === false) return null
  const { pid, host, since } = holder
  if (isThere) return `another grader is at work there, process ${pid} since ${since}`
  const who = `process ${pid} of ${JSON.stringify(host)} since ${since}`
  return `a grader of another machine or container was at work there, ${who}; if it is no more, remove ${lock}`
}

function holderIn(text: string | null): Holder | null {
  try {
    const value = JSON.parse(text ?? '') as Partial<Holder> | null
    const { pid, start, where, host, since } = value ?? {}
    const isWhole = [start, where, host, since].every((one) => typeof one === 'string')
    return isWhole && Number.isInteger(pid) && (pid as number) > 0 ? (value as Holder) : null
  } catch {
    return null
  }
}

function readText(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null
  }
}
