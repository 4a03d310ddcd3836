/** Draws connections as lines between their two ends. An end that several connections share stands there once. */

import { formatEndpoint } from '../../domain/endpoint.ts'
import type { Endpoint, Protocol } from '../../domain/endpoint.ts'
import { drawingWords } from '../../words/drawings.en.ts'
import type { Screen } from './drawing-svg.ts'
import { box, FONT_SIZE, group, label, path } from './drawing-svg.ts'
import { wrap } from './drawing-text.ts'
import type { Markup } from './markup.ts'
import type { Connection } from './sockets-connections.ts'
import { isOwnPeer } from './sockets-connections.ts'

/** More lines than these tell nothing. */
const MOST = 8
/** `line`: what a line of words needs in an end. */
const END = { gap: 10, line: 14, around: 10 }
const SIZES = { desk: { end: 232, between: 190 }, phone: { end: 140, between: 50 } } as const
const TITLE = 24

export type DrawnConnections = { part: Markup; width: number; height: number; sentences: string[] }

/** How processes are called, and what one can say of an end that was in no listing. */
export type Names = { nameOf: (pid: number) => string; listenerAt: (protocol: Protocol, endpoint: Endpoint) => string }

type Drawn = { names: string[]; who: string[]; middle: number }
type Side = 'client' | 'server'

export function drawConnections(
  all: readonly Connection[],
  x: number,
  y: number,
  names: Names,
  screen: Screen,
): DrawnConnections {
  const { end: width, between } = SIZES[screen]
  const shown = all.slice(0, MOST)
  const sides = { client: shown, server: shown.filter((one) => !isOwnPeer(one)) }
  const grouped = (side: Side) => Map.groupBy(sides[side], (one) => formatEndpoint(one[side].endpoint))
  const room = width - 16
  const words = (side: Side) =>
    [...grouped(side)].map(([name, here]) => ({
      end: name,
      names: wrap(name, room, 3, 'd-mono d-strong'),
      who: wrap(whoIsAt(here, side, names), room, 3, 'd-small'),
    }))
  const [ofClients, ofServers] = [words('client'), words('server')]
  const most = Math.max(...[...ofClients, ...ofServers].map((one) => one.names.length + one.who.length))
  const high = most * END.line + END.around
  const height = Math.max(ofClients.length, ofServers.length) * (high + END.gap)
  const drawnAt = (some: ReturnType<typeof words>) => {
    const share = height / some.length
    const middleOf = (index: number) => y + TITLE + (index + 0.5) * share - END.gap / 2
    return new Map(some.map(({ end, ...told }, index): [string, Drawn] => [end, { ...told, middle: middleOf(index) }]))
  }
  const [clients, servers] = [drawnAt(ofClients), drawnAt(ofServers)]
  const more = all.length - shown.length
  const [from, to] = [x + width, x + width + between]
  const part = group([
    label(x, y + FONT_SIZE, drawingWords.connections, { kind: 'd-strong' }),
    shown.map((one) => {
      const start = clients.get(formatEndpoint(one.client.endpoint))?.middle ?? y
      if (isOwnPeer(one)) return ownLoop(from, start)
      const end = servers.get(formatEndpoint(one.server.endpoint))?.middle ?? y
      return lineBetween(one, [from, start, to, end], servers.size < clients.size ? 0.4 : 0.6)
    }),
    [...clients.values()].map((end) => endBox(x, width, high, end)),
    [...servers.values()].map((end) => endBox(to, width, high, end)),
    more > 0 ? label(x, y + TITLE + height + 10, drawingWords.moreRows(more), { kind: 'd-small' }) : [],
  ])
  return {
    part,
    width: 2 * width + between,
    height: TITLE + height + (more > 0 ? 20 : 0),
    sentences: shown.map(({ protocol, client, server }) =>
      drawingWords.connection(protocol, client.endpoint, server.endpoint, [client.state, server.state]),
    ),
  }
}

/** A row without a process is a connection that the kernel keeps alone, or that waits to be accepted. */
function whoIsAt(here: readonly Connection[], side: Side, { nameOf, listenerAt }: Names): string {
  const ends = here.map((one) => one[side])
  const pids = new Set(ends.flatMap((end) => [...end.pids]))
  const states = new Set(ends.flatMap(({ state }) => (state === null || state === 'ESTABLISHED' ? [] : [state])))
  const [first] = here
  const unseen = first ? listenerAt(first.protocol, first[side].endpoint) : ''
  const who = pids.size > 0 ? [...pids].map(nameOf) : [ends.some(({ isSeen }) => isSeen) ? drawingWords.nobody : unseen]
  return [...who, ...states].join(', ')
}

function endBox(left: number, width: number, height: number, { names, who, middle }: Drawn): Markup[] {
  const top = middle - ((names.length + who.length) * END.line) / 2 + FONT_SIZE - 1
  const line = (text: string, index: number, kind: string) => label(left + 9, top + index * END.line, text, { kind })
  return [
    box(left, middle - height / 2, width, height, 'd-head', 5),
    ...names.map((text, index) => line(text, index, 'd-mono d-strong')),
    ...who.map((text, index) => line(text, names.length + index, 'd-small')),
  ]
}

type Way = readonly [number, number, number, number]

/** Broken where one of the ends is no longer ESTABLISHED. */
function lineBetween({ protocol, client, server }: Connection, way: Way, share: number): Markup[] {
  const [x1, y1, x2, y2] = way
  const isOpen = [client, server].every(({ state }) => state === null || state === 'ESTABLISHED')
  const at = { x: x1 + (x2 - x1) * share, y: y1 + (y2 - y1) * share + 4 }
  return [
    path(way, isOpen ? 'd-arrow' : 'd-back'),
    ...(protocol === 'udp' ? [label(at.x, at.y, 'UDP', { kind: 'd-small d-over', anchor: 'middle' })] : []),
  ]
}

function ownLoop(x: number, y: number): Markup[] {
  return [
    path([x, y - 9, x + 40, y - 9, x + 40, y + 9, x, y + 9], 'd-arrow'),
    label(x + 50, y + 4, drawingWords.itself, { kind: 'd-small' }),
  ]
}
