/**
 * Holds the processes of a sandbox below a sum of memory: by a cgroup, where the kernel sees to it, and else by looking
 * at them, which is late by one look.
 */

import { spawn } from 'node:child_process'
import { once } from 'node:events'

import type { SandboxFacts } from '../domain/graded.ts'
import { descendantsOf } from './descendants.ts'
import type { MemoryCgroup } from './sandbox-cgroup.ts'
import { makeMemoryCgroup } from './sandbox-cgroup.ts'
import type { SandboxLimits } from './sandbox-start.ts'
import { LOOK_MS, watchMemory } from './sandbox-watch.ts'

export type HeldMemory = {
  by: 'cgroup' | 'watching'
  /** Whether something was killed because it was too much. */
  exceeded(): boolean
  /** To be called when the sandbox is gone. */
  release(): Promise<void>
}

/** `outer` is the process that was started; what is below it counts with it. */
export async function holdMemory(
  outer: number,
  { memoryBytes }: Pick<SandboxLimits, 'memoryBytes'>,
): Promise<HeldMemory> {
  const group = makeOrWhyNot(memoryBytes)
  if ('why' in group) return watchMemory(outer, memoryBytes)
  try {
    await takeAll(group, outer)
  } catch {
    await removeSoon(group)
    return watchMemory(outer, memoryBytes)
  }
  let [hasKilled, isReleased] = [false, false]
  // The kernel counts for as long as the cgroup is there.
  const exceeded = () => (hasKilled ||= !isReleased && group.hasKilled())
  return {
    by: 'cgroup',
    exceeded,
    async release() {
      exceeded()
      isReleased = true
      await removeSoon(group)
    },
  }
}

/** For the facts of a sandbox: a cgroup is made, a process is put into it, and it is removed again. */
export async function memoryPromise({ memoryBytes }: SandboxLimits): Promise<SandboxFacts['promises'][number]> {
  const what = 'a limit of memory for all its processes'
  const megabytes = `${Math.round(memoryBytes / 1_000_000)} MB`
  const why = await whyNoCgroup(memoryBytes)
  if (typeof why !== 'string') {
    return { what, kept: true, how: `${megabytes}, held by the kernel: cgroups(7), version ${why.version}` }
  }
  return { what, kept: false, how: `${megabytes}, watched every ${LOOK_MS} ms, not enforced by the kernel: ${why}` }
}

async function whyNoCgroup(memoryBytes: number): Promise<string | MemoryCgroup> {
  const group = makeOrWhyNot(memoryBytes)
  if ('why' in group) return group.why
  const child = spawn('/bin/sh', ['-c', 'read line'], { stdio: ['pipe', 'ignore', 'ignore'] })
  const ended = once(child, 'exit')
  try {
    if (child.pid === undefined) return 'no process could be started to try it'
    await group.take(child.pid)
    return group.processes().includes(child.pid) ? group : 'a process that was put into a cgroup is not in it'
  } catch (error) {
    return (error as Error).message
  } finally {
    child.kill('SIGKILL')
    await ended
    await removeSoon(group)
  }
}

function makeOrWhyNot(memoryBytes: number): MemoryCgroup | { why: string } {
  try {
    return makeMemoryCgroup(memoryBytes)
  } catch (error) {
    return { why: (error as Error).message }
  }
}

/**
 * A process may fork between being seen and being taken: until a look finds nobody new. Quick looks do: the outermost
 * process has just been started, and process ids do not begin anew within that time.
 */
async function takeAll(group: MemoryCgroup, outer: number): Promise<void> {
  const taken = new Set<number>()
  for (;;) {
    const others = [outer, ...descendantsOf(outer, { isQuick: true }).map(({ pid }) => pid)].filter(
      (pid) => !taken.has(pid),
    )
    if (others.length === 0) return
    for (const pid of others) {
      taken.add(pid)
      try {
        await group.take(pid)
      } catch (error) {
        // It ended meanwhile.
        if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
      }
    }
  }
}

/** Processes that were killed leave their cgroup a moment later. One that stays is removed by the next who makes one. */
async function removeSoon(group: MemoryCgroup): Promise<void> {
  for (let look = 0; look < 100; look++) {
    try {
      group.remove()
      return
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EBUSY') return
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  }
}
