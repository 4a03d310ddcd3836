/** What Linux says of a process that holds a socket (proc_pid(5)). What this user may not see is not known. */

import { existsSync, readFileSync, readlinkSync } from 'node:fs'

import type { ProcessFacts } from '../domain/about.ts'
import type { WhoProcess } from '../domain/ports-who.ts'

/** The owner is the effective user id: that is whose rights count when a port is bound (capabilities(7)). */
export function readProcessFacts(pid: number, userNames: ReadonlyMap<number, string>): ProcessFacts {
  const uid = /^Uid:\t\d+\t(\d+)/m.exec(readOrNull(`/proc/${pid}/status`) ?? '')?.[1]
  return {
    uid: uid === undefined ? null : Number(uid),
    user: uid === undefined ? null : (userNames.get(Number(uid)) ?? null),
    isFileGone: isFileGone(pid),
  }
}

const GONE = ' (deleted)'

/** The kernel adds the words where the file has no name any more. A file may also be called so: then it is there. */
function isFileGone(pid: number): boolean | null {
  try {
    const file = readlinkSync(`/proc/${pid}/exe`)
    return file.endsWith(GONE) && !existsSync(`/proc/${pid}/root${file}`)
  } catch {
    return null
  }
}

/** Its command line as it was started; it may have written something else over it since. `null`: hidden, or gone. */
export function readCommandLine(pid: number): string[] | null {
  const text = readOrNull(`/proc/${pid}/cmdline`)
  return text === null || text === '' ? null : text.replace(/\0+$/, '').split('\0')
}

/** The unit of systemd whose control group the process is in (systemd.unit(5)), of the system or of a user. */
export function readUnit(pid: number): WhoProcess['unit'] {
  const path = /^0::(.*)$/m.exec(readOrNull(`/proc/${pid}/cgroup`) ?? '')?.[1] ?? ''
  const name = /\/([^/]+\.service)(?:\/|$)/.exec(path.replace(/^.*\/user@\d+\.service/, ''))?.[1]
  return name === undefined ? null : { name, isOfUser: /\/user@\d+\.service\//.test(path) }
}

/** Clock ticks of the interface (USER_HZ) are a hundredth of a second on every machine that Node runs on: time(7). */
const TICKS_PER_SECOND = 100

/** When it was started. `null`: hidden, or gone. */
export function readStart(pid: number): Date | null {
  const boot = /^btime (\d+)/m.exec(readOrNull('/proc/stat') ?? '')?.[1]
  const ticks = fieldOfStat(pid, 22)
  if (ticks === null || boot === undefined) return null
  return new Date(Number(boot) * 1000 + (ticks / TICKS_PER_SECOND) * 1000)
}

/** The process that started it; where that has ended, another one has adopted it. `null`: hidden, or gone. */
export function readParent(pid: number): number | null {
  return fieldOfStat(pid, 4)
}

/** By its number in proc_pid_stat(5). The name, in parentheses, may hold blanks and parentheses itself: it is field 2. */
function fieldOfStat(pid: number, field: number): number | null {
  const stat = readOrNull(`/proc/${pid}/stat`)
  const value = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[field - 3]
  return value === undefined ? null : Number(value)
}

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}
