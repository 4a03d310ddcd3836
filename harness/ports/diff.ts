/**
 * What has opened, closed and changed between two looks at the ports of a machine. What one of them cannot tell, or was
 * not asked for, is no change, and is said.
 */

import type { OpenUnit, PortsDiff, Side } from '../domain/ports-change.ts'
import type { Cover, Taken, TakenHost } from '../domain/ports-taken.ts'
import { COVERS } from '../domain/ports-taken.ts'
import { pairUnits } from './diff-pairs.ts'
import { compareUnits, knowingOf } from './diff-unit.ts'
import { coverOf, unitsOf } from './units.ts'

export function diffPorts(before: Taken, after: Taken): PortsDiff {
  const common = new Set(before.covers.filter((cover) => after.covers.includes(cover)))
  const isCommon = (row: Taken['rows'][number]) => common.has(coverOf(row))
  const diff: PortsDiff = {
    before: factsOf(before),
    after: factsOf(after),
    isOtherMachine: isOtherMachine(before.host, after.host),
    opened: [],
    closed: [],
    changed: [],
    clients: { came: [], gone: [] },
    unclear: [],
    notCompared: COVERS.flatMap((cover) => notCompared(cover, before, after)),
    programsUnknown: { before: 0, after: 0 },
    same: 0,
  }
  const unknown = { before: 0, after: 0 }
  const knowing = knowingOf(before, after)
  const [old, present] = [before, after].map((taken) => Map.groupBy(unitsOf(taken, isCommon), keyOf))
  const keys = new Set([...(old?.keys() ?? []), ...(present?.keys() ?? [])])
  for (const key of [...keys].sort(byNumber)) {
    const found = pairUnits(old?.get(key) ?? [], present?.get(key) ?? [], knowing.alike)
    for (const [one, other] of found.pairs) {
      const { changes, programUnknown } = compareUnits(one, other, knowing)
      if (programUnknown !== null) unknown[programUnknown] += 1
      if (changes.length > 0) diff.changed.push({ before: one, after: other, changes })
      else if (!other.isPerhapsClient) diff.same += 1
    }
    for (const unit of found.before) place(diff, unit, 'before', after)
    for (const unit of found.after) place(diff, unit, 'after', before)
  }
  return { ...diff, programsUnknown: unknown }
}

function factsOf({ takenAt, host, sources }: Taken) {
  return { takenAt, host, sources }
}

function isOtherMachine(before: TakenHost | null, after: TakenHost | null): boolean | null {
  if (before === null || after === null) return null
  if (before.os !== after.os || before.architecture !== after.architecture) return true
  return before.machine === null || after.machine === null ? null : before.machine !== after.machine
}

function notCompared(cover: Cover, before: Taken, after: Taken): PortsDiff['notCompared'] {
  const isIn = (taken: Taken) => taken.covers.includes(cover)
  if (isIn(before) && isIn(after)) return []
  if (!isIn(before) && !isIn(after)) return [{ cover, lacking: 'both', sockets: 0 }]
  const [lacking, other]: [Side, Taken] = isIn(before) ? ['after', before] : ['before', after]
  return [{ cover, lacking, sockets: other.rows.filter((row) => coverOf(row) === cover).length }]
}

const keyOf = ({ port, protocol }: OpenUnit) => `${port} ${protocol}`
const byNumber = (a: string, b: string) => parseInt(a, 10) - parseInt(b, 10) || (a < b ? -1 : 1)

/** A service that one look has alone. */
function place(diff: PortsDiff, unit: OpenUnit, side: Side, { onlyUser }: Taken): void {
  const users = unit.processes.map(({ user }) => user)
  const isShown = onlyUser === null || (users.length > 0 && users.every((user) => user === onlyUser))
  if (unit.isPerhapsClient) diff.clients[side === 'after' ? 'came' : 'gone'].push(unit)
  else if (!isShown) diff.unclear.push({ unit, in: side })
  else diff[side === 'after' ? 'opened' : 'closed'].push(unit)
}
