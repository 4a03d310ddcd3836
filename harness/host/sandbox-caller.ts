/** As whom a handed-in program is to run: never as user 0 of the machine, whom no process limit binds. */

import { readFileSync, statSync } from 'node:fs'

export type User = { uid: number; gid: number }

/** `user` is null where this process can become nobody else: then it is no user 0 of the machine either. */
export type Caller = { user: User | null } | { why: string }

/** From here on up no distribution gives numbers away, and they still fit into 31 bits: user ids of systemd(1). */
const FIRST_OF_OURS = 1_900_000_000
/** More than any process id: proc(5), /proc/sys/kernel/pid_max. */
const PROCESS_IDS = 4_194_304

/** user_namespaces(7): the ids of this namespace, those of the one around it, and how many. */
export function readCaller(): Caller {
  if (process.platform !== 'linux') return { why: 'there are sandboxes on Linux only' }
  if (process.geteuid?.() !== 0) {
    return { why: 'this process is not user 0, neither of the machine nor of a user namespace of its own' }
  }
  try {
    return judgeCaller(readFileSync('/proc/self/uid_map', 'latin1'), isUserZeroOfTheMachine(), process.pid)
  } catch (error) {
    return { why: `there is no /proc to look at: ${(error as Error).message}` }
  }
}

/** Each process of the harness gets another number, so that limits which count by user are not shared. */
export function judgeCaller(map: string, isUserZero: boolean, pid: number): Caller {
  const ranges = map
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
  const end = Math.max(...ranges.map(([first = 0, , count = 0]) => first + count))
  if (end > FIRST_OF_OURS + PROCESS_IDS) return { user: both(FIRST_OF_OURS + (pid % PROCESS_IDS)) }
  // A container has fewer: often 65536, the last but one of which is nobody.
  if (end > 2) return { user: both(Math.max(1, end - 2 - (pid % Math.ceil(end / 8)))) }
  if (isUserZero)
    return { why: 'this is root in a user namespace that has no other user; unshare --net alone is enough' }
  return { user: null }
}

/** Files of /proc/sys belong to user 0 of the machine, whoever looks. */
function isUserZeroOfTheMachine(): boolean {
  return statSync('/proc/sys/kernel/ostype').uid === 0
}

const both = (id: number): User => ({ uid: id, gid: id })
