/**
 * The sockets of an act as a picture: which address and port each one held, over which protocol and family, from when to
 * when; who stood beside it, who found no place, and what arrived. A panel is one port of one protocol: the same number
 * over TCP and over UDP are two places.
 */

import type { Endpoint, Protocol } from '../../domain/endpoint.ts'
import { drawingWords } from '../../words/drawings.en.ts'
import type { ActRecord } from '../record.ts'
import type { Screen } from './drawing-svg.ts'
import { drawingText, label, labels, LINE_HEIGHT } from './drawing-svg.ts'
import { wrap } from './drawing-text.ts'
import type { Part } from './markup.ts'
import { connectionsOf } from './sockets-connections.ts'
import { panelWidth } from './sockets-across.ts'
import { drawPanel, gutter, rowsFor } from './sockets-draw.ts'
import { territoryOf } from './sockets-held.ts'
import { drawConnections } from './sockets-lines.ts'
import type { Panel } from './sockets-panels.ts'
import { panelsOf } from './sockets-panels.ts'
import { covers } from './sockets-rows.ts'
import { heldInLabels, territoryInWords } from './sockets-words.ts'

const GAP = 26
/** `gutter`: for the numbers of steps and their times. `shelf`: panels stand side by side up to this width. */
const SIZES = {
  desk: { gutter: 92, margin: 10, shelf: 840, width: 680 },
  phone: { gutter: 24, margin: 4, shelf: 312, width: 340 },
} as const
const MOST_PANELS = 10

/** `place` names it on its page, where an act can be drawn more than once. Nothing where no socket was seen. */
export function socketPicture(
  act: ActRecord,
  place = `${act.header.lab}-${act.header.act}`,
  screen: Screen = 'desk',
): string {
  const { gutter: before, margin, shelf: most, width: least } = SIZES[screen]
  const territory = territoryOf(act)
  const all = panelsOf(territory, screen)
  const panels = all.slice(0, MOST_PANELS)
  const listening = new Set(territory.held.filter(({ state }) => state === 'listening').map(({ local }) => local.port))
  const connections = connectionsOf(act.steps, listening)
  if (panels.length === 0 && connections.length === 0) return ''
  const names = namesIn(act)
  const parts: Part[] = []
  let [width, y] = [least, 10] as [number, number]
  const atMs = new Map(act.steps.map(({ number, atMs: ms }) => [number, ms]))
  for (const { title, shelf } of shelvesOf(panels, most)) {
    if (title !== null) {
      parts.push(label(before, y + 12, title, { kind: 'd-strong' }))
      y += 22
    }
    const rows = rowsFor(shelf, y)
    const right = before + shelf.reduce((sum, panel) => sum + panelWidth(panel) + GAP, 0) - GAP
    let x = before
    parts.push(gutter(rows, right, atMs, screen))
    for (const panel of shelf) {
      parts.push(drawPanel(panel, x, y, rows))
      x += panelWidth(panel) + GAP
    }
    width = Math.max(width, right + margin)
    y = rows.bottom + 22
  }
  const nameOf = (pid: number) => (names.has(pid) ? `${names.get(pid)} (${pid})` : drawingWords.process(pid))
  const listenerAt = (protocol: Protocol, endpoint: Endpoint) => {
    const listener = territory.held.find((one) => one.protocol === protocol && covers(one, endpoint))
    return listener ? drawingWords.portOf(heldInLabels({ held: listener, count: 1 }).who) : drawingWords.notListed
  }
  const lines =
    connections.length > 0
      ? drawConnections(connections, screen === 'desk' ? before : margin, y, { nameOf, listenerAt }, screen)
      : null
  if (lines) {
    parts.push(lines.part)
    width = Math.max(width, (screen === 'desk' ? before : margin) + lines.width + margin)
    y += lines.height + 14
  }
  const left = all.length - panels.length
  const foot = left > 0 ? wrap(drawingWords.morePanels(left), width - before - margin, 6, 'd-small') : []
  parts.push(labels(before, y + 8, foot, { kind: 'd-small d-muted' }))
  return drawingText({
    place: `sockets-${place}`,
    title: drawingWords.socketsTitle(act.header.title),
    sentences: [
      ...territoryInWords(territory),
      ...(lines?.sentences ?? []),
      ...(left > 0 ? [drawingWords.morePanels(left)] : []),
    ],
    width,
    height: y + foot.length * LINE_HEIGHT + 4,
    body: parts,
    screen,
  })
}

/** The second host's sockets stand on shelves of their own: the same numbers are other places there. */
function shelvesOf(panels: readonly Panel[], most: number): { title: string | null; shelf: Panel[] }[] {
  const shelves: { title: string | null; shelf: Panel[]; onNeighbour: boolean; used: number }[] = []
  for (const panel of panels) {
    const last = shelves.at(-1)
    const width = panelWidth(panel) + GAP
    if (last && last.onNeighbour === panel.onNeighbour && last.used + width <= most) {
      last.shelf.push(panel)
      last.used += width
    } else {
      const title = panel.onNeighbour && last?.onNeighbour !== true ? drawingWords.secondHost : null
      shelves.push({ title, shelf: [panel], onNeighbour: panel.onNeighbour, used: width })
    }
  }
  return shelves
}

function namesIn({ steps }: ActRecord): Map<number, string> {
  return new Map(
    steps.flatMap((step): [number, string][] => {
      if (step.kind === 'start' || step.kind === 'said') return [[step.saw.pid, step.program]]
      return []
    }),
  )
}
