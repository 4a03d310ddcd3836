/** The sheet on which a sequence diagram is drawn: where the lanes stand, and how far texts may go. */

import { drawingWords } from '../../words/drawings.en.ts'
import type { Cast, Lane } from './sequence-lanes.ts'
import type { Screen } from './drawing-svg.ts'
import type { Frame, Mark } from './sequence-marks.ts'
import { head } from './sequence-marks.ts'

/** What happens to a lane, so far below the top of a row. */
export type LaneEvent = {
  lane: Lane
  dy: number
  what: 'born' | 'dies' | 'listens' | 'bound' | 'closes' | 'still' | 'goes-on'
}

export type Row = {
  /** What stands before it. */
  number: number | null
  atMs: number | null
  mark: Mark
  events: readonly LaneEvent[]
  /** The same in words. */
  sentence: string
  data: Readonly<Record<string, string | number>>
}

export type Sheet = {
  cast: Cast
  screen: Screen
  width: number
  /** All lanes, those of the first host, and those of the second one. */
  frame: Frame
  own: Frame
  neighbour: Frame
  headWidth: number
  x: (lane: Lane) => number
  frameOf: (lane: Lane) => Frame
}

/** `gutter`: for the number of a step and its time; on a phone they stand above what happened. `notes`: beside a second host. */
const SIZES = {
  desk: { gutter: 92, margin: 10, width: 680, spacing: { least: 150, most: 230 }, hostGap: 28, notes: 440 },
  phone: { gutter: 4, margin: 4, width: 340, spacing: { least: 78, most: 170 }, hostGap: 14, notes: 170 },
} as const

export function sheetFor(cast: Cast, screen: Screen): Sheet {
  const { gutter: left, margin, width, spacing: limits, hostGap, notes } = SIZES[screen]
  const gap = cast.neighbourKernel ? hostGap : 0
  const wanted = (width - left - margin - gap) / cast.columns
  // The notes of the first host stand over its lanes, and need some room beside a second one.
  const forNotes = cast.neighbourKernel ? notes / cast.neighbourFrom : 0
  const spacing = Math.max(limits.least, Math.min(limits.most, Math.max(wanted, forNotes)))
  const boundary = left + cast.neighbourFrom * spacing
  const right = Math.max(left + cast.columns * spacing + gap, width - margin)
  const own = { left, right: cast.neighbourKernel ? boundary : right }
  const neighbour = { left: boundary + gap, right }
  return {
    cast,
    screen,
    width: right + margin,
    frame: { left, right },
    own,
    neighbour,
    headWidth: Math.min(170, spacing - (screen === 'desk' ? 14 : 6)),
    x: ({ column, onNeighbour }) => left + (column + 0.5) * spacing + (onNeighbour ? gap : 0),
    frameOf: ({ onNeighbour }) => (onNeighbour ? neighbour : own),
  }
}

export function headOf(sheet: Sheet, lane: Lane): Mark {
  const { name, pid, asAnotherUser } = lane
  const below = pid === null ? '' : asAnotherUser ? drawingWords.anotherUser(pid) : drawingWords.process(pid)
  if (lane.kind === 'program') return head(sheet.x(lane), sheet.headWidth, name, below, 'd-head')
  const [title, note] =
    lane.kind === 'client'
      ? [drawingWords.client, drawingWords.clientNote]
      : [drawingWords.kernel, lane.onNeighbour ? drawingWords.secondHost : drawingWords.kernelNote]
  return head(sheet.x(lane), Math.min(sheet.headWidth, 136), title, note, 'd-system')
}

/** `server1 (7)`: how a process is called beside others. */
export function calledIn(cast: Cast, pid: number, command: string | null = null): string {
  const name = cast.programs.get(pid)?.name ?? command
  return name === null ? drawingWords.process(pid) : `${name} (${pid})`
}
