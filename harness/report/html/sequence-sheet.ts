/** The sheet on which a sequence diagram is drawn: where the lanes stand, and how far texts may go. */

import { drawingWords } from '../../words/drawings.en.ts'
import type { Cast, Lane } from './sequence-lanes.ts'
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
  width: number
  /** All lanes, those of the first host, and those of the second one. */
  frame: Frame
  own: Frame
  neighbour: Frame
  headWidth: number
  x: (lane: Lane) => number
  frameOf: (lane: Lane) => Frame
}

/** For the number of a step and its time. */
export const GUTTER = 92
const MARGIN = 10
const LEAST_WIDTH = 680
const SPACING = { least: 150, most: 230 }
const HOST_GAP = 28
const NOTES = 440

export function sheetFor(cast: Cast): Sheet {
  const gap = cast.neighbourKernel ? HOST_GAP : 0
  const wanted = (LEAST_WIDTH - GUTTER - MARGIN - gap) / cast.columns
  // The notes of the first host stand over its lanes, and need some room beside a second one.
  const forNotes = cast.neighbourKernel ? NOTES / cast.neighbourFrom : 0
  const spacing = Math.max(SPACING.least, Math.min(SPACING.most, Math.max(wanted, forNotes)))
  const left = GUTTER
  const boundary = left + cast.neighbourFrom * spacing
  const right = Math.max(left + cast.columns * spacing + gap, LEAST_WIDTH - MARGIN)
  const own = { left, right: cast.neighbourKernel ? boundary : right }
  const neighbour = { left: boundary + gap, right }
  return {
    cast,
    width: right + MARGIN,
    frame: { left, right },
    own,
    neighbour,
    headWidth: spacing - 14 > 170 ? 170 : spacing - 14,
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
