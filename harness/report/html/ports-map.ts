/** Who holds what, as a picture: addresses side by side, a row for each port, and every socket a frame over what it holds. */

import type { Protocol } from '../../domain/endpoint.ts'
import { drawingWords } from '../../words/drawings.en.ts'
import { mapWords } from '../../words/html-ports.en.ts'
import { folded, scrollBox } from './boxes.ts'
import type { Markup, Part } from './markup.ts'
import { markup, NOTHING } from './markup.ts'
import { columnsIn } from './sockets-across.ts'
import { headingOf } from './sockets-draw.ts'
import type { Column, Span } from './sockets-panels.ts'
import { columnsFor, spanOf } from './sockets-panels.ts'

export type MapSocket = {
  protocol: Protocol
  port: number
  address: string
  takesIPv4: boolean | null
  /** Who has it open, and what else is to be known of it. */
  who: string
  notes: readonly string[]
}

/** More addresses of a family share a column. */
const MOST_ADDRESSES = 3
/** More rows are folded away: nobody looks at all of them. */
const MOST_ROWS = 40

type Frame = { socket: MapSocket; span: Span }
type Row = { protocol: Protocol; port: number; lines: Frame[][] }

export function portsMap(label: string, sockets: readonly MapSocket[]): Markup {
  const columns = columnsFor(sockets.map(placeOf), [], MOST_ADDRESSES)
  const groups = Map.groupBy(
    sockets.toSorted((a, b) => a.port - b.port || a.protocol.localeCompare(b.protocol)),
    ({ protocol, port }) => `${protocol} ${port}`,
  )
  const rows = [...groups.values()].flatMap((all): Row[] => {
    const [first] = all
    if (!first) return []
    const frames = all.map((socket) => ({ socket, span: spanOf(columns, placeOf(socket)) }))
    return [{ protocol: first.protocol, port: first.port, lines: linesOf(frames) }]
  })
  if (rows.length === 0) return NOTHING
  const rest = rows.slice(MOST_ROWS)
  const more = mapWords.more(rest.length)
  return markup`<figure><figcaption>${mapWords.caption}</figcaption>
${mapTable(label, columns, rows.slice(0, MOST_ROWS))}</figure>
${rest.length === 0 ? NOTHING : folded(more, mapTable(`${label}: ${more}`, columns, rest))}`
}

function placeOf({ address, port, takesIPv4 }: MapSocket) {
  return { local: { address, port }, takesIPv4 }
}

/** Sockets that overlap lie on lines of their own, the widest above. */
function linesOf(frames: readonly Frame[]): Frame[][] {
  const lines: Frame[][] = []
  for (const frame of frames.toSorted((a, b) => columnsIn(b.span) - columnsIn(a.span))) {
    const free = lines.find((line) => !line.some(({ span }) => doMeet(span, frame.span)))
    if (free) free.push(frame)
    else lines.push([frame])
  }
  return lines.map((line) => line.toSorted((a, b) => a.span[0] - b.span[0]))
}

function doMeet(one: Span, other: Span): boolean {
  return one[0] <= other[1] && other[0] <= one[1]
}

function mapTable(label: string, columns: Column[], rows: readonly Row[]): Markup {
  const head = columns.map(
    (column) =>
      markup`<th scope="col"${column.address === null ? markup` class="rest"` : NOTHING}>${headingOf({ columns }, column)}</th>`,
  )
  const body = rows.map(({ protocol, port, lines }) =>
    lines.map((line, index) => {
      const above = lines.slice(0, index).flat()
      const heading =
        index > 0
          ? NOTHING
          : markup`<th scope="row"${lines.length > 1 ? markup` rowspan="${lines.length}"` : NOTHING}><span class="fine">${protocol.toUpperCase()}</span> ${port}</th>`
      return markup`<tr${index > 0 ? markup` class="again"` : NOTHING}>${heading}${cells(line, above, columns.length)}</tr>\n`
    }),
  )
  return scrollBox(
    label,
    markup`<table class="map" style="--columns:${columns.length}"><thead><tr><td></td>${head}</tr></thead>
<tbody>
${body}</tbody></table>`,
  )
}

function cells(line: readonly Frame[], above: readonly Frame[], columns: number): Part {
  let next = 0
  const parts: Part[] = []
  const blank = (until: number) => {
    for (; next < until; next += 1) parts.push(markup`<td></td>`)
  }
  for (const { socket, span } of line) {
    blank(span[0])
    next = span[1] + 1
    const wide = columnsIn(span) > 1 ? markup` colspan="${columnsIn(span)}"` : NOTHING
    const under = above.filter((one) => doMeet(one.span, span)).map((one) => one.socket.address)
    const notes = [...socket.notes, ...(under.length > 0 ? [drawingWords.overlaps([...new Set(under)])] : [])]
    const told = notes.length === 0 ? NOTHING : markup`<span class="fine">${notes.join(', ')}</span>`
    parts.push(markup`<td${wide}><div class="held"><b>${socket.who}</b> ${told}</div></td>`)
  }
  blank(columns)
  return parts
}
