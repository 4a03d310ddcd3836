/** A memory cgroup for the processes of a sandbox, where this user may make one: cgroups(7). */

import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

export type MemoryCgroup = {
  version: 1 | 2
  /** Moves a process there, with its threads; its children of later are born there. @throws where it is not allowed. */
  take(pid: number): Promise<void>
  processes(): number[]
  /** Whether the kernel has killed a process of it for want of memory. */
  hasKilled(): boolean
  remove(): void
}

const NAME = 'socket-labs'

let made = 0

/** @throws with the kernel's word where none can be made. */
export function makeMemoryCgroup(memoryBytes: number): MemoryCgroup {
  const problems: string[] = []
  for (const [version, folder] of placesForCgroups()) {
    removeStale(folder)
    made += 1
    const path = join(folder, `${NAME}-${process.pid}-${made}`)
    try {
      mkdirSync(path)
    } catch (error) {
      problems.push((error as Error).message)
      continue
    }
    try {
      limit(version, path, memoryBytes)
      return cgroupAt(version, path)
    } catch (error) {
      rmdirSync(path)
      problems.push((error as Error).message)
    }
  }
  throw new Error(problems[0] ?? 'no memory controller of cgroups is mounted')
}

/** Those of processes that were killed. One that is in use cannot be removed. */
function removeStale(folder: string): void {
  for (const name of readdirSync(folder)) {
    const [, pid] = new RegExp(`^${NAME}-(\\d+)-\\d+$`).exec(name) ?? []
    if (pid === undefined || existsSync(`/proc/${pid}`)) continue
    try {
      rmdirSync(join(folder, name))
    } catch {
      // Somebody else's, or one whose processes are just ending.
    }
  }
}

/** memory.max and what stands beside it, so that nothing is swapped out instead; in version 1 it needs the kernel's leave. */
function limit(version: 1 | 2, path: string, memoryBytes: number): void {
  const write = (file: string, value: string) => writeFileSync(join(path, file), value)
  if (version === 2) {
    write('memory.max', `${memoryBytes}`)
    write('memory.oom.group', '1')
    if (readdirSync(path).includes('memory.swap.max')) write('memory.swap.max', '0')
    return
  }
  write('memory.limit_in_bytes', `${memoryBytes}`)
  if (readdirSync(path).includes('memory.memsw.limit_in_bytes')) {
    try {
      write('memory.memsw.limit_in_bytes', `${memoryBytes}`)
    } catch {
      // Where the kernel does not account for swap.
    }
  }
}

function cgroupAt(version: 1 | 2, path: string): MemoryCgroup {
  const read = (file: string) => readFileSync(join(path, file), 'latin1')
  return {
    version,
    // The kernel may need a tenth of a second for it, cgroup_threadgroup_rwsem: nobody waits for that.
    take: (pid) => writeFile(join(path, 'cgroup.procs'), `${pid}`),
    processes: () => read('cgroup.procs').split('\n').filter(Boolean).map(Number),
    hasKilled: () =>
      Number(/^oom_kill (\d+)$/m.exec(read(version === 2 ? 'memory.events' : 'memory.oom_control'))?.[1]) > 0,
    // Refused while a process is in it.
    remove: () => rmdirSync(path),
  }
}

/**
 * Version 2 takes processes only where no controller is handed down, and hands one down only where no process is: so
 * besides its own cgroup those above it are places. In version 1 each has its limit.
 */
function* placesForCgroups(): Generator<[1 | 2, string]> {
  const mounts = readFileSync('/proc/self/mountinfo', 'utf8').split('\n')
  const own = readFileSync('/proc/self/cgroup', 'utf8').trim().split('\n')
  for (const line of mounts) {
    const [before = '', after = ''] = line.split(' - ')
    const [type, , options = ''] = after.split(' ')
    const version = type === 'cgroup2' ? 2 : type === 'cgroup' && options.split(',').includes('memory') ? 1 : null
    if (version === null) continue
    const [, , , root = '/', point = ''] = before.split(' ')
    const path = own
      .map((one) => one.split(':'))
      .find(([id, names = '']) => (version === 2 ? id === '0' : names.split(',').includes('memory')))?.[2]
    if (path === undefined) continue
    // In a container the mount shows a part of the whole, and the path is one of the whole.
    const within = path.startsWith(root) && root !== '/' ? path.slice(root.length) : path
    for (let folder = join(point, within); folder.startsWith(point); folder = dirname(folder)) {
      if (version === 1) yield [version, folder]
      else if (handsDownMemory(folder)) yield [version, folder]
      if (folder === point) break
    }
  }
}

function handsDownMemory(folder: string): boolean {
  try {
    return readFileSync(join(folder, 'cgroup.subtree_control'), 'latin1').split(/\s+/).includes('memory')
  } catch {
    return false
  }
}
