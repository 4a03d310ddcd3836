/** The marks of a sequence diagram: calls that arrive, that bounce, that nobody answers, notes and ends. */

import type { Part } from './markup.ts'
import { arrowHead, box, cross, dot, FONT_SIZE, label, labels, LINE_HEIGHT, path } from './drawing-svg.ts'
import { widthOf, wrap } from './drawing-text.ts'

export type Mark = { height: number; draw: (y: number) => Part }

/** Between which x texts may stand. */
export type Frame = { left: number; right: number }

const GAP = 4
const SLOPE = 11

export type Call = {
  frame: Frame
  from: number
  to: number
  above: string
  below: string
  /** `open`: it came to the socket, and no program is known to have taken it. */
  tip?: 'full' | 'open'
  isAnswer?: boolean
  /** Where the words below stand on the way, from 0 to 1. */
  belowAt?: number
}

/** An arrow that arrives. */
export function call({ frame, from, to, above, below, tip = 'full', isAnswer = false, belowAt = 0.5 }: Call): Mark {
  const end = to > from ? to - 5 : to + 5
  const draw = (y: number) => [
    path([from, y, end, y], isAnswer ? 'd-back' : 'd-arrow'),
    arrowHead(end, y, to - from, 0, tip === 'full' ? 'd-tip' : 'd-tip-open'),
  ]
  return spoken(frame, from, to, above, below, 6, draw, 'd-over d-small', belowAt)
}

/** An arrow that comes back from where it was refused. */
export function bounce({ frame, from, to, above, below }: Call): Mark {
  const wall = to > from ? to - 2 : to + 2
  return spoken(
    frame,
    from,
    to,
    above,
    below,
    2 * SLOPE + 2,
    (y) => [
      path([from, y, wall, y + SLOPE, from, y + 2 * SLOPE], 'd-bounce'),
      path([wall, y + SLOPE - 7, wall, y + SLOPE + 7], 'd-end'),
      arrowHead(from, y + 2 * SLOPE, from - wall, SLOPE, 'd-bounce-tip'),
    ],
    'd-over d-bad-text',
  )
}

/** An arrow to which nothing answers: it fades, and has no point. */
export function fade({ frame, from, to, above, below }: Call): Mark {
  const at = (share: number) => from + (to - from) * share
  return spoken(
    frame,
    from,
    to,
    above,
    below,
    6,
    (y) => [
      path([from, y, at(0.35), y], 'd-fade-1'),
      path([at(0.37), y, at(0.62), y], 'd-fade-2'),
      path([at(0.65), y, at(0.88), y], 'd-fade-3'),
    ],
    'd-over d-strong',
  )
}

/** An arrow that leaves a lane and comes back to it. */
export function loop({ frame, from, above, below }: Omit<Call, 'to'>): Mark {
  return spoken(frame, from, from + 60, above, below, 22, (y) => [
    path([from, y, from + 34, y, from + 34, y + 18, from + 5, y + 18], 'd-arrow'),
    arrowHead(from + 5, y + 18, -1, 0, 'd-tip'),
  ])
}

/** A mark with words above and below it, over its middle as far as the frame allows. */
function spoken(
  frame: Frame,
  from: number,
  to: number,
  above: string,
  below: string,
  height: number,
  draw: (y: number) => Part,
  kindBelow = 'd-over d-small',
  belowAt = 0.5,
): Mark {
  const room = frame.right - frame.left
  const up = above === '' ? [] : wrap(above, room)
  const down = below === '' ? [] : wrap(below, room, 3, kindBelow)
  const middle = (from + to) / 2
  const upper = up.length * LINE_HEIGHT + GAP
  return {
    height: upper + height + down.length * LINE_HEIGHT + GAP,
    draw: (y) => [
      draw(y + upper),
      labels(centre(frame, middle, up), y + FONT_SIZE, up, { kind: 'd-over', anchor: 'middle' }),
      labels(centre(frame, from + (to - from) * belowAt, down, kindBelow), y + upper + height + FONT_SIZE, down, {
        kind: kindBelow,
        anchor: 'middle',
      }),
    ],
  }
}

/** Where the middle of a text stands that should stand over `middle`, and must not leave the frame. */
function centre({ left, right }: Frame, middle: number, lines: readonly string[], kind = ''): number {
  const half = Math.max(0, ...lines.map((line) => widthOf(line, kind))) / 2
  return Math.max(left + half, Math.min(right - half, middle))
}

/** The head of a lane, with a name and what is to be known of it below. */
export function head(x: number, width: number, name: string, below: string, kind: 'd-head' | 'd-system'): Mark {
  const names = wrap(name, width - 8, 2, 'd-strong')
  const under = wrap(below, width - 8, 2, 'd-small')
  const lines = names.length + under.length
  const height = lines * 14 + 8
  return {
    height,
    draw: (y) => [
      box(x - width / 2, y, width, height, kind, kind === 'd-head' ? 4 : Math.min(18, height / 2)),
      names.map((line, index) => label(x, y + 15 + index * 14, line, { kind: 'd-strong', anchor: 'middle' })),
      under.map((line, index) =>
        label(x, y + 15 + (names.length + index) * 14, line, { kind: 'd-small', anchor: 'middle' }),
      ),
    ],
  }
}

/** A note over these lanes: its first line in the type of commands where it is one. */
export function note(frame: Frame, lines: readonly { text: string; kind: string }[], kind = 'd-note'): Mark {
  const room = frame.right - frame.left - 16
  const wrapped = lines.flatMap(({ text, kind: each }) => wrap(text, room, 4, each).map((line) => ({ line, each })))
  const height = wrapped.length * LINE_HEIGHT + 9
  return {
    height: height + 6,
    draw: (y) => [
      // What is tinted must not let the lanes show through the words.
      box(frame.left, y, frame.right - frame.left, height, 'd-note', 4),
      kind === 'd-note' ? [] : box(frame.left, y, frame.right - frame.left, height, kind, 4),
      wrapped.map(({ line, each }, index) => label(frame.left + 8, y + 15 + index * LINE_HEIGHT, line, { kind: each })),
    ],
  }
}

/** A note about one lane, as wide as its words. */
export function remark(frame: Frame, x: number, text: string, kind = 'd-note'): Mark {
  const lines = wrap(text, Math.min(frame.right - frame.left - 16, 330), 7)
  const width = Math.max(...lines.map((line) => widthOf(line))) + 16
  const height = lines.length * LINE_HEIGHT + 8
  const left = Math.max(frame.left, Math.min(frame.right - width, x - width / 2))
  return {
    height: height + 6,
    draw: (y) => [box(left, y, width, height, kind, 8), dot(x, y, 3, 'd-hit'), labels(left + 8, y + 15, lines, {})],
  }
}

/** The end of a process, or what a signal did to it: a mark on its lane, and words on the side that has room. */
export function event(frame: Frame, x: number, text: string, sign: 'cross' | 'dot'): Mark {
  const [left, right] = [x - 12 - frame.left, frame.right - x - 12]
  const isLeft = widthOf(text) > right && left > right
  const lines = wrap(text, isLeft ? left : right)
  return {
    height: 8 + lines.length * LINE_HEIGHT,
    draw: (y) => [
      sign === 'cross' ? cross(x, y + 10, 'd-end') : dot(x, y + 10, 4, 'd-hit'),
      labels(isLeft ? x - 12 : x + 12, y + 14, lines, { kind: 'd-over', anchor: isLeft ? 'end' : 'start' }),
    ],
  }
}

/** Time goes by here that is not drawn. */
export function gap({ left, right }: Frame, text: string): Mark {
  const wave = (y: number) =>
    Array.from({ length: Math.floor((right - left) / 8) + 1 }, (_, index) => [
      left + index * 8,
      y + (index % 2) * 5,
    ]).flat()
  const lines = wrap(text, right - left - 20, 2)
  const height = lines.length * LINE_HEIGHT
  return {
    height: height + 26,
    draw: (y) => [
      path(wave(y + 4), 'd-gap'),
      labels((left + right) / 2, y + 24, lines, { kind: 'd-over d-strong', anchor: 'middle' }),
      path(wave(y + height + 16), 'd-gap'),
    ],
  }
}

export function stacked(...marks: readonly Mark[]): Mark {
  return {
    height: marks.reduce((sum, { height }) => sum + height, 0),
    draw: (y) => {
      let top = y
      return marks.map((mark) => {
        const drawn = mark.draw(top)
        top += mark.height
        return drawn
      })
    },
  }
}
