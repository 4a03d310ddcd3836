/** Who takes part in an act, and in which column each one's lane stands. A lane whose process has ended can be used again. */

import type { Step } from '../../domain/evidence.ts'
import { isOnNeighbour } from '../../domain/evidence.ts'
import type { Moment } from './sequence-course.ts'

export type Lane = {
  kind: 'client' | 'kernel' | 'program'
  name: string
  /** Null for whoever is no process that the act started. */
  pid: number | null
  onNeighbour: boolean
  asAnotherUser: boolean
  column: number
}

export type Cast = {
  client: Lane | null
  kernel: Lane
  neighbourKernel: Lane | null
  /** By process id. */
  programs: ReadonlyMap<number, Lane>
  /** How many columns there are, and at which one those of the second host begin. */
  columns: number
  neighbourFrom: number
}

type Slot = { holder: number | null; name: string }

export function castOf(moments: readonly Moment[]): Cast {
  const steps = moments.flatMap((moment) => ('step' in moment ? [moment.step] : []))
  const seats: { own: Slot[]; neighbour: Slot[] } = { own: [], neighbour: [] }
  const found = new Map<number, Omit<Lane, 'column'> & { slot: number }>()
  for (const moment of moments) {
    if ('exit' in moment) leave(seats, moment.exit)
    if (!('step' in moment)) continue
    const { step } = moment
    for (const { pid, program: name } of peopleIn(step)) {
      if (found.has(pid)) continue
      const onNeighbour = isThere(step, name, found)
      const asAnotherUser = step.kind === 'start' && step.asAnotherUser
      const slot = seat(onNeighbour ? seats.neighbour : seats.own, pid, name)
      found.set(pid, { kind: 'program', name, pid, onNeighbour, asAnotherUser, slot })
    }
    if (step.kind === 'ended' || step.kind === 'stop' || step.kind === 'kill') leave(seats, step.pid)
  }
  const client = steps.some(isByClient) ? laneOf('client', 0) : null
  const kernel = laneOf('kernel', client ? 1 : 0)
  const neighbourFrom = kernel.column + 1 + seats.own.length
  const neighbourKernel = seats.neighbour.length > 0 ? laneOf('kernel', neighbourFrom, true) : null
  const first = { own: kernel.column + 1, neighbour: neighbourFrom + 1 }
  const programs = [...found].map(([pid, { slot, ...lane }]): [number, Lane] => [
    pid,
    { ...lane, column: (lane.onNeighbour ? first.neighbour : first.own) + slot },
  ])
  const columns = neighbourFrom + (neighbourKernel ? 1 + seats.neighbour.length : 0)
  return { client, kernel, neighbourKernel, programs: new Map(programs), columns, neighbourFrom }
}

/** The harness's own sockets are those of clients that come and go. */
export function isByClient({ kind }: Step): boolean {
  return kind === 'connect' || kind === 'connect-many' || kind === 'send' || kind === 'scan'
}

type Person = { pid: number; program: string }

/** The processes of which a step speaks. */
export function peopleIn(step: Step): Person[] {
  switch (step.kind) {
    case 'start':
      return [{ pid: step.saw.pid, program: step.program }]
    case 'connect':
      return step.saw.servedBy ? [step.saw.servedBy] : []
    case 'send':
      return step.saw.receivedBy ? [step.saw.receivedBy] : []
    case 'connect-many':
      return step.saw.servedBy
    case 'said':
      return [step, step.saw]
    case 'proceed':
    case 'ended':
    case 'stop':
    case 'kill':
    case 'pause':
    case 'resume':
      return [step]
    case 'list':
    case 'run':
    case 'read':
    case 'scan':
      return []
  }
}

/** A process that nobody started is the child of a program of that name: it is where that is. */
function isThere(
  step: Step,
  program: string,
  found: ReadonlyMap<number, { name: string; onNeighbour: boolean }>,
): boolean {
  if (step.kind === 'start') return isOnNeighbour(step)
  return [...found.values()].find(({ name }) => name === program)?.onNeighbour ?? false
}

/** The lane of a program that has ended serves the next one, first of all one of the same name. */
function seat(slots: Slot[], pid: number, name: string): number {
  const free = (isWanted: (slot: Slot) => boolean) => slots.findIndex((slot) => slot.holder === null && isWanted(slot))
  const same = free((slot) => slot.name === name)
  const at = same === -1 ? free(() => true) : same
  const index = at === -1 ? slots.length : at
  slots[index] = { holder: pid, name }
  return index
}

function leave({ own, neighbour }: { own: Slot[]; neighbour: Slot[] }, pid: number): void {
  for (const slot of [...own, ...neighbour]) if (slot.holder === pid) slot.holder = null
}

function laneOf(kind: 'client' | 'kernel', column: number, onNeighbour = false): Lane {
  return { kind, name: kind, pid: null, onNeighbour, asAnotherUser: false, column }
}
