/** Whether two looks at a service show the same program and user. What a look does not tell is no difference. */

import type { ListingFormat } from '../domain/look.ts'
import type { Change, OpenUnit, Side } from '../domain/ports-change.ts'
import type { Taken } from '../domain/ports-taken.ts'

/** Tools cut names at different lengths (lsof at 9, fstat at 8 or more, the kernel at 15): a start of so many is the same. */
const LEAST_CUT = 8

/** All three give the name that the kernel has for a process, 15 characters of it (proc_pid_comm(5)). */
const OF_THE_KERNEL: ReadonlySet<ListingFormat> = new Set<ListingFormat>(['ss', 'sock-diag', 'proc'])

export type Owners = {
  changes: Extract<Change, 'program' | 'user' | 'restarted'>[]
  /** The look that does not name the program; where neither does, the first. */
  unknownIn: Side | null
}

export function ownersOf(before: OpenUnit, after: OpenUnit, alike: boolean): Owners {
  const unknownIn = !isProgramKnown(before) ? 'before' : !isProgramKnown(after) ? 'after' : null
  const users = hasOtherUsers(before, after) ? (['user'] as const) : []
  if (unknownIn !== null) return { changes: [...users], unknownIn }
  if (!hasSamePrograms(before, after, alike)) return { changes: ['program', ...users], unknownIn }
  const isRestarted = !pidsOf(before).some((pid) => pidsOf(after).includes(pid))
  return { changes: [...users, ...(isRestarted ? (['restarted'] as const) : [])], unknownIn }
}

/** Whether both looks print names in the same way: then a name is another one, and not only cut or spelt otherwise. */
export function areAlike(before: Taken, after: Taken): boolean {
  const formatOf = ({ sources }: Taken) => sources.map(({ format }) => (OF_THE_KERNEL.has(format) ? '' : format)).join()
  return formatOf(before) === formatOf(after)
}

export function isProgramKnown({ processes, sockets }: OpenUnit): boolean {
  return processes.some(({ command }) => command !== null) && sockets.every(({ pids }) => pids.length > 0)
}

/** At least one program in common: for a pair to be the same service that is enough. */
export function sharesProgram(before: OpenUnit, after: OpenUnit, alike: boolean): boolean {
  return commandsOf(before).some((one) => commandsOf(after).some((other) => isSameName(one, other, alike)))
}

/** All programs in common. Where the looks print names in two ways, the number of the process tells as well. */
function hasSamePrograms(before: OpenUnit, after: OpenUnit, alike: boolean): boolean {
  const [one, other] = [commandsOf(before), commandsOf(after)]
  const isIn = (name: string, names: readonly string[]) => names.some((known) => isSameName(name, known, alike))
  if (one.every((name) => isIn(name, other)) && other.every((name) => isIn(name, one))) return true
  return !alike && pidsOf(before).join() === pidsOf(after).join()
}

function isSameName(one: string, other: string, alike: boolean): boolean {
  if (one === other || alike) return one === other
  const [short, long] = one.length < other.length ? [one, other] : [other, one]
  return short.length >= LEAST_CUT && long.startsWith(short)
}

/** By the users of the processes where both tell them, else by the owners of the sockets. A name is no number. */
function hasOtherUsers(before: OpenUnit, after: OpenUnit): boolean {
  const isHeld = before.processes.length > 0 && after.processes.length > 0
  const byProcess = isHeld && differs(usersOf(before), usersOf(after))
  if (byProcess || (isHeld && usersOf(before).length > 0 && usersOf(after).length > 0)) return byProcess
  return differs(uidsOf(before), uidsOf(after))
}

function differs(before: readonly string[], after: readonly string[]): boolean {
  if (before.length === 0 || after.length === 0) return false
  const areNumbers = [...before, ...after].map((user) => /^\d+$/.test(user))
  if (areNumbers.includes(true) && areNumbers.includes(false)) return false
  return before.join() !== after.join()
}

const commandsOf = ({ processes }: OpenUnit) => sorted(processes.flatMap(({ command }) => command ?? []))
const usersOf = ({ processes }: OpenUnit) => sorted(processes.flatMap(({ user }) => user ?? []))
const uidsOf = ({ sockets }: OpenUnit) => sorted(sockets.flatMap(({ uid }) => uid?.toString() ?? []))
const pidsOf = ({ processes }: OpenUnit) => processes.map(({ pid }) => pid)

function sorted(values: readonly string[]): string[] {
  return [...new Set(values)].sort()
}
