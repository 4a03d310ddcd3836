/** Who has a port, for a reader, and as JSON for programs. */

import type { Who } from '../domain/ports-who.ts'
import {
  boundOnlyAdvice,
  clientEndAdvice,
  connectionInWords,
  connectionsAreOfNobody,
  elsewhereInWords,
  freeAdvice,
  inUseAdvice,
  nobodyInWords,
  noSocketTime,
  portInWords,
  processInWords,
  processLines,
  socketInWords,
  timeWaitInWords,
  whoHeadings,
} from '../words/ports-who.en.ts'
import { inThousands } from '../words/phrases.en.ts'
import type { Layout } from './layout.ts'
import { toJson } from './plain.ts'

/** More connections than these are only counted. */
const MOST_SHOWN = 20

export function* whoText(layout: Layout, who: Who, now: Date): Generator<string> {
  const { port, usualNames, sockets, processes, connections, timeWait, elsewhere } = who
  const { paragraph, paint } = layout
  yield paint('bold', paragraph(portInWords(port, usualNames), ''))
  if (sockets.length === 0) yield paragraph(nobodyInWords(port), '')
  for (const socket of sockets) yield paragraph(socketInWords(socket, port), '- ', '  ')
  if (processes.length > 0) yield heading(layout, whoHeadings.processes)
  for (const one of processes) {
    yield paragraph(processInWords(one), '- ', '  ')
    for (const line of processLines(one, now)) yield paragraph(line, '  ')
  }
  if (processes.some(({ startedAt }) => startedAt !== null)) yield paragraph(noSocketTime, '')
  yield* connectionsText(layout, connections)
  if (timeWait.count > 0) yield `\n${paragraph(timeWaitInWords(timeWait.count, timeWait.longestMs), '')}`
  for (const one of elsewhere) yield `\n${paragraph(elsewhereInWords(one), '')}`
  yield heading(layout, sockets.length > 0 ? whoHeadings.inUse : whoHeadings.free)
  for (const one of adviceOn(who)) yield paragraph(one, '- ', '  ')
}

/** What one may do where a program does not get the port. */
export function adviceOn(who: Who): string[] {
  const { port, sockets, rules } = who
  if (sockets.length === 0) return freeAdvice(port, rules)
  return [
    ...(sockets.every(({ peer }) => peer !== null) ? [whyOnlyConnections(who)] : []),
    ...(sockets.some(isBoundOnly) ? [boundOnlyAdvice] : []),
    ...inUseAdvice(who),
  ]
}

function whyOnlyConnections({ port, rules: { ephemeralRange } }: Who): string {
  const isOfClients = ephemeralRange !== null && port >= ephemeralRange[0] && port <= ephemeralRange[1]
  return isOfClients ? clientEndAdvice : connectionsAreOfNobody
}

function isBoundOnly({ protocol, peer, state }: Who['sockets'][number]): boolean {
  return protocol === 'tcp' && peer === null && state !== 'LISTEN'
}

function* connectionsText(layout: Layout, connections: Who['connections']): Generator<string> {
  if (connections.length === 0) return
  yield heading(layout, `${whoHeadings.connections} (${inThousands(connections.length)})`)
  for (const one of connections.slice(0, MOST_SHOWN)) yield layout.paragraph(connectionInWords(one), '- ', '  ')
  const rest = connections.length - MOST_SHOWN
  if (rest > 0) yield layout.paragraph(`and ${inThousands(rest)} more`, '- ', '  ')
}

function heading({ paint, paragraph }: Layout, title: string): string {
  return `\n${paint('bold', paragraph(title, ''))}`
}

const WHO_FORMAT = 'socket-labs-ports-who'
/** Raised when a field changes its meaning or goes; a new field does not raise it. */
const WHO_VERSION = 1

export function whoJson(who: Who): string {
  return `${toJson({ ...who, format: WHO_FORMAT, version: WHO_VERSION, source: who.format }, 1)}\n`
}
