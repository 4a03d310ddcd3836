/** The lines of lives: from where a process appears to where it ends, thick while it holds a socket that it told of. */

import { box, path } from './drawing-svg.ts'
import type { Part } from './markup.ts'
import type { Lane } from './sequence-lanes.ts'
import type { LaneEvent, Row, Sheet } from './sequence-sheet.ts'

type Change = { y: number; what: LaneEvent['what'] }

/** The lanes of the clients and of the kernel are there from `top` on. */
export function lifelines(
  { x, cast }: Sheet,
  rows: readonly Row[],
  tops: readonly number[],
  fixed: readonly Lane[],
  top: number,
  bottom: number,
): Part {
  const changes = new Map<Lane, Change[]>()
  for (const [index, { events }] of rows.entries()) {
    for (const { lane, dy, what } of events) {
      const all = changes.get(lane) ?? []
      changes.set(lane, [...all, { y: (tops[index] ?? 0) + 4 + dy, what }])
    }
  }
  const always = fixed.map((lane) => path([x(lane), top, x(lane), bottom], 'd-life'))
  return [always, [...cast.programs.values()].map((lane) => life(x(lane), changes.get(lane) ?? [], bottom))]
}

function life(x: number, changes: readonly Change[], bottom: number): Part {
  const born = changes.find(({ what }) => what === 'born')
  if (!born) return []
  const end = changes.find(({ what }) => what === 'dies')?.y ?? bottom
  const holding = changes.filter(({ what }) => what === 'listens' || what === 'bound')
  const bars = holding.map(({ y, what }, index) => {
    const closed = changes.find((one) => one.what === 'closes' && one.y > y)?.y ?? end
    const until = Math.min(holding[index + 1]?.y ?? end, closed)
    return box(x - 3.5, y, 7, Math.max(0, until - y), what === 'listens' ? 'd-listens' : 'd-bound')
  })
  return [path([x, born.y, x, end], 'd-life'), bars, pauses(x, changes, end)]
}

/** A process that is stopped has its sockets still: the line beside its lane says that nothing moves there. */
function pauses(x: number, changes: readonly Change[], end: number): Part {
  return changes.map((change, index) => {
    if (change.what !== 'still') return []
    const until = changes.slice(index).find(({ what }) => what === 'goes-on' || what === 'dies')?.y ?? end
    return box(x - 8, change.y, 16, until - change.y, 'd-pause')
  })
}
