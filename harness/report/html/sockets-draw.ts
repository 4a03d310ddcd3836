/** Draws panels: addresses stand side by side, time goes down, and every socket is a frame over what it holds. */

import { drawingWords, timeInWords } from '../../words/drawings.en.ts'
import { box, dot, FONT_SIZE, group, label, labels, LINE_HEIGHT, path } from './drawing-svg.ts'
import { widthOf, wrap } from './drawing-text.ts'
import type { Markup, Part } from './markup.ts'
import { acrossOf, columnsIn, laidOut, placeOf } from './sockets-across.ts'
import type { Column, Panel, Placed, Span } from './sockets-panels.ts'
import type { Arrival, Refusal } from './sockets-rows.ts'

const HEADER = 58
const TAIL = 14
const LINE = 14
const HEIGHTS = { listens: 26, arrival: 24, goes: 16 }

/** When things happened on a shelf, and how far down that is. */
export type Rows = { times: readonly number[]; top: (time: number) => number; bottom: number }

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
    for (const { arrival } of panel.arrivals) need(arrival.step, comesHeight(panel, arrival.step) + HEIGHTS.arrival)
  }
  const times = [...heights.keys()].toSorted((a, b) => a - b)
  const tops = new Map<number, number>()
  let y = top + HEADER
  for (const time of times) {
    tops.set(time, y)
    y += heights.get(time) ?? 0
  }
  return { times, top: (time) => tops.get(time) ?? y, bottom: y + TAIL }
}

/** What the words of sockets that come with this step need. */
function comesHeight(panel: Panel, step: number): number {
  const coming = panel.placed.filter(({ held }) => held.from === step)
  return Math.max(0, ...coming.map((placed) => laidOut(panel, placed).lines.length * LINE + 16))
}

/** The numbers and times of the steps, before the panels. */
export function gutter({ times, top }: Rows, right: number, atMs: ReadonlyMap<number, number>): Part {
  return times.map((time) => {
    const ms = atMs.get(time)
    if (ms === undefined) return []
    const y = top(time)
    return [
      path([8, y, right, y], 'd-rule'),
      label(30, y + 15, String(time), { kind: 'd-strong', anchor: 'end' }),
      label(38, y + 15, timeInWords(ms), { kind: 'd-small d-muted' }),
    ]
  })
}

export function drawPanel(panel: Panel, x: number, y: number, rows: Rows): Markup {
  const wideFirst = panel.placed.toSorted((a, b) => columnsIn(b.span) - columnsIn(a.span))
  return group([
    label(x, y + FONT_SIZE, drawingWords.panel(panel.protocol, panel.port), { kind: 'd-strong' }),
    panel.columns.map((column, index) => {
      const { left, width } = acrossOf(panel, [index, index])
      const lines = wrap(headingOf(panel, column), width - 10, 2)
      return [
        box(x + left, y + HEADER, width, rows.bottom - y - HEADER, 'd-field'),
        labels(x + left + width / 2, y + HEADER - 6 - (lines.length - 1) * LINE_HEIGHT, lines, {
          kind: column.address === null ? 'd-small' : 'd-mono',
          anchor: 'middle',
        }),
      ]
    }),
    wideFirst.map((placed) => frameOf(panel, placed, x, rows)),
    panel.refusals.map(({ refusal, span }) => refusalFrame(panel, refusal, span, x, rows)),
    arrivalsOf(panel, x, rows),
  ])
}

function headingOf({ columns }: Panel, { address, family, rest }: Column): string {
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

function refusalLines(panel: Panel, { who, code, holders }: Refusal, span: Span): string[] {
  const room = acrossOf(panel, span).width - 32
  const isShort = widthOf(`${who}: ${code}`, 'd-bad-text') < room
  const held = holders.length > 0 ? wrap(drawingWords.heldBy(holders), room, 2, 'd-small') : []
  return [...(isShort ? [`${who}: ${code}`] : [who, code]), ...held]
}

function refusalHeight(panel: Panel, refusal: Refusal, span: Span): number {
  return refusalLines(panel, refusal, span).length * 15 + 8
}

function refusalFrame(panel: Panel, refusal: Refusal, span: Span, x: number, rows: Rows): Markup {
  const across = acrossOf(panel, span)
  const [left, width] = [x + across.left, across.width]
  const top = rows.top(refusal.step) + 5
  const lines = refusalLines(panel, refusal, span)
  const isCode = (index: number) => lines[index]?.includes(refusal.code) === true
  return group(
    [
      box(left + 9, top, width - 18, refusalHeight(panel, refusal, span), 'd-refused', 5),
      lines.map((line, index) =>
        label(left + 17, top + 15 + index * 15, line, {
          kind: isCode(index) ? 'd-bad-text' : 'd-small',
          room: width - 28,
        }),
      ),
    ],
    refusal.pid === null ? {} : { refused: refusal.pid },
  )
}

function arrivalsOf(panel: Panel, x: number, rows: Rows): Markup[] {
  const places = panel.arrivals.map(({ arrival, column }) => ({ arrival, across: placeOf(panel, arrival, column) }))
  const groups = Map.groupBy(places, ({ arrival, across }) => `${arrival.step} ${across.left}`)
  return [...groups.values()].map((same) => {
    const [first] = same
    if (!first) return group([])
    const { arrival, across } = first
    const left = x + across.left
    const y = rows.top(arrival.step) + comesHeight(panel, arrival.step) + 12
    const isThere = arrival.outcome === 'arrived'
    const text = same.map((one) => inWords(one.arrival)).join(', ')
    return group([
      dot(left + 18, y, isThere ? 4.5 : 5, isThere ? 'd-hit' : 'd-miss'),
      label(left + 28, y + 4, text, { kind: isThere ? 'd-small' : 'd-bad-text', room: across.width - 34 }),
    ])
  })
}

function inWords({ outcome, text }: Arrival): string {
  return outcome === 'refused' ? drawingWords.refused : outcome === 'silent' ? drawingWords.silent : text
}
