/** Where in a panel everything stands, from left to right. */

import { wrap } from './drawing-text.ts'
import type { Panel, Placed, Span } from './sockets-panels.ts'
import { isAtOnce } from './sockets-panels.ts'
import type { Arrival } from './sockets-rows.ts'
import { covers } from './sockets-rows.ts'
import { heldInLabels } from './sockets-words.ts'

/** `few`: the width of a column where there are few of them. `track`: of a socket beside others. `code`: of an error's name. */
const SIZES = {
  desk: { few: 176, many: 150, track: 142, code: 150, inset: 6, lines: { who: 3, what: 2 } },
  phone: { few: 104, many: 88, track: 90, code: 104, inset: 3, lines: { who: 4, what: 4 } },
} as const

export type Across = { left: number; width: number }

/** Where the columns of a panel begin, and where the last one ends. Sockets side by side need a wider one. */
function edges({ columns, placed, refusals, screen }: Panel): number[] {
  const { few, many, track, code } = SIZES[screen]
  const widths = columns.map((_, index) => {
    const own = placed
      .filter(({ span }) => span[1] === index)
      .map(({ tracks, span }) => (tracks * track) / columnsIn(span))
    const refused = refusals.some(({ span }) => span[0] === index && span[1] === index) ? code : 0
    return Math.max(columns.length > 3 ? many : few, refused, ...own)
  })
  return [0, ...widths.map((_, index) => widths.slice(0, index + 1).reduce((sum, width) => sum + width, 0))]
}

export function acrossOf(panel: Panel, [from, to]: Span): Across {
  const all = edges(panel)
  const left = all[from] ?? 0
  return { left, width: (all[to + 1] ?? left) - left }
}

export function panelWidth(panel: Panel): number {
  return edges(panel).at(-1) ?? 0
}

type LaidOut = Across & { words: Across; lines: string[]; names: number }

/** Where a socket's frame and its words stand, from the left side of its panel. */
export function laidOut(panel: Panel, placed: Placed): LaidOut {
  const { held, span, track, tracks } = placed
  const { inset: step, lines: most } = SIZES[panel.screen]
  const isWider = (other: Placed) => columnsIn(other.span) > columnsIn(span)
  const depth = panel.placed.filter(
    (other) => isWider(other) && isAtOnce(other.held, held) && meets(other.span, span),
  ).length
  const across = acrossOf(panel, span)
  const share = across.width / tracks
  const inset = step - 2 + depth * step
  const frame = { left: across.left + track * share + inset, width: share - 2 * inset }
  const words = tracks > 1 || span[0] === span[1] ? frame : freeRoom(panel, placed)
  const { who, what } = heldInLabels(placed)
  const room = words.width - 14
  const names = wrap(who, room, most.who, 'd-strong')
  return { ...frame, words, lines: [...names, ...wrap(what, room, most.what, 'd-small')], names: names.length }
}

/** Where the words of a wide frame stand: over the columns in which no narrower one lies upon it at that time. */
function freeRoom(panel: Panel, own: Placed): Across {
  const isFree = (index: number) =>
    !panel.placed.some(
      (other) =>
        columnsIn(other.span) < columnsIn(own.span) &&
        other.span[0] <= index &&
        index <= other.span[1] &&
        other.held.from <= own.held.from &&
        own.held.from < (other.held.until ?? Infinity),
    )
  const runs: [number, number][] = []
  for (let index = own.span[0]; index <= own.span[1]; index += 1) {
    const last = runs.at(-1)
    if (!isFree(index)) continue
    if (last?.[1] === index - 1) last[1] = index
    else runs.push([index, index])
  }
  const [from, to] = runs.toSorted((a, b) => b[1] - b[0] - (a[1] - a[0]))[0] ?? own.span
  const { left, width } = acrossOf(panel, [from, to])
  return { left: left + 4, width: width - 8 }
}

function meets(one: Span, other: Span): boolean {
  return one[0] <= other[1] && other[0] <= one[1]
}

export function columnsIn([from, to]: Span): number {
  return to - from + 1
}

/** The part of the column that belongs to the one who got it. */
export function placeOf(panel: Panel, { pid, step, to }: Arrival, column: number): Across {
  const across = acrossOf(panel, [column, column])
  const got = panel.placed.find(
    ({ held, span }) =>
      span.join() === [column, column].join() &&
      held.from <= step &&
      step <= (held.until ?? Infinity) &&
      (pid === null ? covers(held, to) : held.holders.some((one) => one.pid === pid)),
  )
  if (!got) return across
  const width = across.width / got.tracks
  return { left: across.left + got.track * width, width }
}
