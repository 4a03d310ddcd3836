/** Looks at what a sandbox uses, again and again, and ends it when it is too much: where the kernel sets no limit. */

import { readdirSync, readFileSync, statSync } from 'node:fs'

import { descendantsOf } from './descendants.ts'
import type { HeldMemory } from './sandbox-memory.ts'

export const LOOK_MS = 50

/** Pages of no file, and of files that are nowhere but in memory. */
export function watchMemory(outer: number, memoryBytes: number): HeldMemory {
  return watch(outer, () => {
    const pids = processesBelow(outer)
    const named = bytesOfNoName(pids)
    const { ownBytes, sharedBytes } = sum(pids.map(residentBytes))
    if (ownBytes + Math.max(sharedBytes, named) <= memoryBytes) return false
    // After fork(2) the same page counts for each. What is shared out exactly takes longer to read.
    const exact = sum(pids.map(proportionalBytes))
    return exact.ownBytes + Math.max(exact.sharedBytes, named) > memoryBytes
  })
}

function watch(outer: number, isTooMuch: () => boolean): HeldMemory {
  let isExceeded = false
  const timer = setInterval(() => {
    if (isExceeded || !isTooMuch()) return
    isExceeded = true
    for (const pid of [outer, ...processesBelow(outer)]) kill(pid)
  }, LOOK_MS)
  timer.unref()
  return {
    by: 'watching',
    exceeded: () => isExceeded,
    release() {
      clearInterval(timer)
      return Promise.resolve()
    },
  }
}

function processesBelow(outer: number): number[] {
  return descendantsOf(outer).map(({ pid }) => pid)
}

type Resident = { ownBytes: number; sharedBytes: number }

/** proc(5), status: everybody may read it. */
function residentBytes(pid: number): Resident {
  const text = readOrNothing(`/proc/${pid}/status`)
  return { ownBytes: field(text, 'RssAnon'), sharedBytes: field(text, 'RssShmem') }
}

/** proc(5), smaps_rollup. Where it may not be read, the other sum stands. */
function proportionalBytes(pid: number): Resident {
  const text = readOrNothing(`/proc/${pid}/smaps_rollup`)
  if (!text.includes('Pss_Anon')) return residentBytes(pid)
  return { ownBytes: field(text, 'Pss_Anon'), sharedBytes: field(text, 'Pss_Shmem') }
}

function field(text: string, name: string): number {
  return 1024 * Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1] ?? 0)
}

function sum(all: readonly Resident[]): Resident {
  return {
    ownBytes: all.reduce((total, { ownBytes }) => total + ownBytes, 0),
    sharedBytes: all.reduce((total, { sharedBytes }) => total + sharedBytes, 0),
  }
}

/** Of open files without a name that are nowhere but in memory, such as those of memfd_create(2), each once. */
function bytesOfNoName(pids: readonly number[]): number {
  const found = new Map<string, number>()
  for (const pid of pids) {
    for (const fd of namesIn(`/proc/${pid}/fd`)) {
      const file = orNull(() => statSync(`/proc/${pid}/fd/${fd}`))
      if (file?.isFile() !== true || file.nlink > 0 || !isInMemory(file.dev)) continue
      found.set(`${file.dev}:${file.ino}`, file.blocks * 512)
    }
  }
  return [...found.values()].reduce((total, bytes) => total + bytes, 0)
}

/** A file system without a device has major number 0: tmpfs(5), and what memfd_create(2) makes. */
function isInMemory(dev: number): boolean {
  return dev >> 8 === 0
}

function namesIn(folder: string): string[] {
  return orNull(() => readdirSync(folder)) ?? []
}

function readOrNothing(file: string): string {
  return orNull(() => readFileSync(file, 'latin1')) ?? ''
}

/** Processes end and files go while one looks at them. */
function orNull<T>(look: () => T): T | null {
  try {
    return look()
  } catch {
    return null
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It is gone.
  }
}
