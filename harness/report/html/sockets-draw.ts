/** Draws panels: addresses stand side by side, time goes down, and every socket is a frame over what it holds. */

import { drawingWords, timeInWords } from '../../words/drawings.en.ts'
import type { Screen } from './drawing-svg.ts'
import { box, dot, FONT_SIZE, group, label, labels, LINE_HEIGHT, path } from './drawing-svg.ts'
import { widthOf, wrap } from './drawing-text.ts'
import type { Markup, Part } from './markup.ts'
import { acrossOf, columnsIn, laidOut, placeOf } from './sockets-across.ts'
import type { Column, Panel, Placed, Span } from './sockets-panels.ts'
import type { Arrival, Refusal } from './sockets-rows.ts'

/** The title of a panel; below it each column has its address, in at most so many lines. */
const TITLE = 26
const MOST_LINES = { desk: 2, phone: 4 }
/** Between the edge of a column and the frame of what was refused there, and from there to its words. */
const REFUSED = { desk: { inset: 9, words: 8 }, phone: { inset: 2, words: 3 } }
/** Between the edge of a column and the sign of what came, and from there to its words. */
const CAME = { desk: { sign: 18, words: 10 }, phone: { sign: 9, words: 8 } }
const TAIL = 14
const LINE = 14
const HEIGHTS = { listens: 26, arrival: 24, goes: 16 }

/** When things happened on a shelf, and how far down that is. */
export type Rows = { times: readonly number[]; header: number; top: (time: number) => number; bottom: number }

export function rowsFor(panels: readonly Panel[], top: number): Rows {
  const heights = new Map<number, number>()
  const need = (time: number, height: number) => heights.set(time, Math.max(heights.get(time) ?? 0, height))
  for (const panel of panels) {
    for (const placed of panel.placed) {
      const { held } = placed
      need(held.from, comesHeight(panel, held.from))
      if (held.listensFrom !== null) need(held.listensFrom, HEIGHTS.listens)
      if (held.until !== null) need(held.until, HEIGHTS.goes)
    }
    for (const { refusal, span } of panel.refusals) need(refusal.step, refusalHeight(panel, refusal, span) + 10)
    for (const { step, lines } of arrivalsIn(panel))
      need(step, comesHeight(panel, step) + HEIGHTS.arrival + (lines.length - 1) * LINE)
  }
  const times = [...heights.keys()].toSorted((a, b) => a - b)
  const tops = new Map<number, number>()
  const header = TITLE + Math.max(...panels.flatMap(headingsOf).map((lines) => lines.length)) * LINE_HEIGHT
  let y = top + header
  for (const time of times) {
    tops.set(time, y)
    y += heights.get(time) ?? 0
  }
  return { times, header, top: (time) => tops.get(time) ?? y, bottom: y + TAIL }
}

/** What the words of sockets that come with this step need. */
function comesHeight(panel: Panel, step: number): number {
  const coming = panel.placed.filter(({ held }) => held.from === step)
  return Math.max(0, ...coming.map((placed) => laidOut(panel, placed).lines.length * LINE + 16))
}

/** The numbers and times of the steps, before the panels; on a phone there is room for the numbers. */
export function gutter({ times, top }: Rows, right: number, atMs: ReadonlyMap<number, number>, screen: Screen): Part {
  const isNarrow = screen === 'phone'
  return times.map((time) => {
    const ms = atMs.get(time)
    if (ms === undefined) return []
    const y = top(time)
    return [
      path([8, y, right, y], 'd-rule'),
      label(isNarrow ? 18 : 30, y + 15, String(time), { kind: 'd-strong', anchor: 'end' }),
      isNarrow ? [] : label(38, y + 15, timeInWords(ms), { kind: 'd-small d-muted' }),
    ]
  })
}

export function drawPanel(panel: Panel, x: number, y: number, rows: Rows): Markup {
  const headings = headingsOf(panel)
  const wideFirst = panel.placed.toSorted((a, b) => columnsIn(b.span) - columnsIn(a.span))
  return group([
    label(x, y + FONT_SIZE, drawingWords.panel(panel.protocol, panel.port), { kind: 'd-strong' }),
    panel.columns.map((column, index) => {
      const { left, width } = acrossOf(panel, [index, index])
      const lines = headings[index] ?? []
      return [
        box(x + left, y + rows.header, width, rows.bottom - y - rows.header, 'd-field'),
        labels(x + left + width / 2, y + rows.header - 6 - (lines.length - 1) * LINE_HEIGHT, lines, {
          kind: kindOf(column),
          anchor: 'middle',
        }),
      ]
    }),
    wideFirst.map((placed) => frameOf(panel, placed, x, rows)),
    panel.refusals.map(({ refusal, span }) => refusalFrame(panel, refusal, span, x, rows)),
    arrivalsOf(panel, x, rows),
  ])
}

function headingsOf(panel: Panel): string[][] {
  return panel.columns.map((column, index) => {
    const { width } = acrossOf(panel, [index, index])
    return wrap(headingOf(panel, column), width - 10, MOST_LINES[panel.screen], kindOf(column))
  })
}

function kindOf({ address }: Column): string {
  return address === null ? 'd-small' : 'd-mono'
}

export function headingOf({ columns }: Pick<Panel, 'columns'>, { address, family, rest }: Column): string {
  if (address !== null) return address
  if (rest && !rest.all) return drawingWords.moreAddresses(rest.count, family)
  const isAlone = !columns.some((one) => one.family === family && one.address !== null)
  return isAlone ? drawingWords.every(family) : drawingWords.everyOther(family)
}

function frameOf(panel: Panel, placed: Placed, x: number, rows: Rows): Markup {
  const { held } = placed
  const { left, width, words, lines, names } = laidOut(panel, placed)
  const [top, bottom] = [rows.top(held.from) + 3, held.until === null ? rows.bottom - 5 : rows.top(held.until) + 9]
  const isBoundOnly = held.protocol === 'tcp' && (held.state === 'bound' || held.listensFrom !== null)
  const kind = isBoundOnly ? 'd-held-bound' : 'd-held'
  const listens = held.listensFrom === null ? null : rows.top(held.listensFrom) + 3
  return group(
    [
      // A frame that lies upon a wider one must not mix with its colour.
      box(x + left, top, width, bottom - top, 'd-held-under', 5),
      box(x + left, top, width, bottom - top, held.isFirst === 'seen' ? `${kind} d-unseen` : kind, 5),
      lines.map((line, index) =>
        label(x + words.left + 7, top + 15 + index * LINE, line, { kind: index < names ? 'd-strong' : 'd-small' }),
      ),
      listens === null
        ? []
        : [
            box(x + left, listens, width, bottom - listens, 'd-held', 5),
            label(x + words.left + 7, listens + 15, drawingWords.listens, { kind: 'd-small' }),
          ],
    ],
    { held: held.holders.map(({ pid }) => pid).join(' ') },
  )
}

function refusalLines(panel: Panel, { who, code, holders }: Refusal, span: Span): { text: string; kind: string }[] {
  const { inset, words } = REFUSED[panel.screen]
  const room = acrossOf(panel, span).width - 2 * (inset + words)
  const isShort = widthOf(`${who}: ${code}`, 'd-bad-text') < room
  const lines = (text: string, most: number, kind: string) =>
    wrap(text, room, most, kind).map((line) => ({ text: line, kind }))
  return [
    ...(isShort ? lines(`${who}: ${code}`, 1, BAD) : [...lines(who, 2, 'd-small'), ...lines(code, 2, BAD)]),
    ...(holders.length > 0 ? lines(drawingWords.heldBy(holders), panel.screen === 'desk' ? 2 : 5, 'd-small') : []),
  ]
}

const BAD = 'd-bad-text d-small'

function refusalHeight(panel: Panel, refusal: Refusal, span: Span): number {
  return refusalLines(panel, refusal, span).length * 15 + 8
}

function refusalFrame(panel: Panel, refusal: Refusal, span: Span, x: number, rows: Rows): Markup {
  const across = acrossOf(panel, span)
  const { inset, words } = REFUSED[panel.screen]
  const left = x + across.left + inset
  const top = rows.top(refusal.step) + 5
  return group(
    [
      box(left, top, across.width - 2 * inset, refusalHeight(panel, refusal, span), 'd-refused', 5),
      refusalLines(panel, refusal, span).map(({ text, kind }, index) =>
        label(left + words, top + 15 + index * 15, text, { kind }),
      ),
    ],
    refusal.pid === null ? {} : { refused: refusal.pid },
  )
}

type Came = { step: number; left: number; isThere: boolean; kind: string; lines: string[] }

/** What came to one place with one step stands there in one line, or in as many as it needs. */
function arrivalsIn(panel: Panel): Came[] {
  const { sign, words } = CAME[panel.screen]
  const places = panel.arrivals.map(({ arrival, column }) => ({ arrival, across: placeOf(panel, arrival, column) }))
  const groups = Map.groupBy(places, ({ arrival, across }) => `${arrival.step} ${across.left}`)
  return [...groups.values()].flatMap((same) => {
    const [first] = same
    if (!first) return []
    const { arrival, across } = first
    const isThere = arrival.outcome === 'arrived'
    const kind = isThere ? 'd-small' : BAD
    const text = same.map((one) => inWords(one.arrival)).join(', ')
    const lines = wrap(text, across.width - sign - words - 4, 3, kind)
    return [{ step: arrival.step, left: across.left, isThere, kind, lines }]
  })
}

function arrivalsOf(panel: Panel, x: number, rows: Rows): Markup[] {
  const { sign, words } = CAME[panel.screen]
  return arrivalsIn(panel).map(({ step, left, isThere, kind, lines }) => {
    const y = rows.top(step) + comesHeight(panel, step) + 12
    const at = x + left + sign
    return group([
      dot(at, y, isThere ? 4.5 : 5, isThere ? 'd-hit' : 'd-miss'),
      lines.map((line, index) => label(at + words, y + 4 + index * LINE, line, { kind })),
    ])
  })
}

function inWords({ outcome, text }: Arrival): string {
  return outcome === 'refused' ? drawingWords.refused : outcome === 'silent' ? drawingWords.silent : text
}
