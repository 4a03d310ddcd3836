/** The rows for what clients did: connections, datagrams and scans, as they arrived, bounced or faded. */

import { formatEndpoint } from '../../domain/endpoint.ts'
import type { Endpoint } from '../../domain/endpoint.ts'
import type { Step } from '../../domain/evidence.ts'
import { drawingWords } from '../../words/drawings.en.ts'
import { seen } from '../../words/en.ts'
import type { Mark } from './sequence-marks.ts'
import { bounce, call, fade, loop, note, stacked } from './sequence-marks.ts'
import type { Sheet } from './sequence-sheet.ts'

type ClientStep = Step & { kind: 'connect' | 'connect-many' | 'send' | 'scan' }

export function clientMark(sheet: Sheet, step: ClientStep): Mark {
  switch (step.kind) {
    case 'connect':
      return connect(sheet, step)
    case 'send':
      return send(sheet, step)
    case 'connect-many':
      return connectMany(sheet, step)
    case 'scan': {
      const lines = [
        { text: drawingWords.scan(step.saw), kind: 'd-strong' },
        { text: seen(step), kind: '' },
      ]
      return note(sheet.frame, lines, 'd-band')
    }
  }
}

function connect(sheet: Sheet, step: Step & { kind: 'connect' }): Mark {
  const { outcome, to, local, servedBy, seenByServer, metItself } = step.saw
  const above = drawingWords.connect(to) + origin(step.from, local)
  const ends = { frame: sheet.frame, from: clientAt(sheet), to: sheet.x(sheet.cast.kernel), above }
  if (outcome === 'timed-out') return fade({ ...ends, below: drawingWords.noAnswer(step.tookMs) })
  if (outcome !== 'connected') return bounce({ ...ends, below: seen(step) })
  if (metItself) return loop({ ...ends, below: drawingWords.metItself })
  const server = servedBy && sheet.cast.programs.get(servedBy.pid)
  if (!server) return call({ ...ends, below: drawingWords.queued, tip: 'open' })
  const isSeenSo =
    local !== null && seenByServer !== null && formatEndpoint(seenByServer.peer) === formatEndpoint(local)
  const below = seenByServer && !isSeenSo ? drawingWords.acceptedAs(seenByServer.peer) : drawingWords.accepted
  return call({ ...ends, to: sheet.x(server), below: below + named(servedBy), belowAt: 0.85 })
}

function send(sheet: Sheet, step: Step & { kind: 'send' }): Mark {
  const { outcome, to, local, receivedBy, seenByServer, heard, metItself } = step.saw
  const above = drawingWords.sends(quoted(step.text), to) + origin(step.from, local)
  const ends = { frame: sheet.frame, from: clientAt(sheet), to: sheet.x(sheet.cast.kernel), above }
  if (outcome === 'silent') return fade({ ...ends, below: drawingWords.silence(step.tookMs) })
  if (outcome !== 'received') return bounce({ ...ends, below: seen(step) })
  if (metItself) return loop({ ...ends, below: drawingWords.gotItself })
  const receiver = receivedBy && sheet.cast.programs.get(receivedBy.pid)
  if (!receiver) return call({ ...ends, below: drawingWords.answered, tip: 'open' })
  const isSeenSo =
    local !== null && seenByServer !== null && formatEndpoint(seenByServer.peer) === formatEndpoint(local)
  const below =
    (seenByServer && !isSeenSo ? drawingWords.receivesFrom(seenByServer.peer) : drawingWords.receives) +
    named(receivedBy)
  const there = call({ ...ends, to: sheet.x(receiver), below, belowAt: 0.85 })
  if (heard === '') return there
  const back = { frame: sheet.frame, from: sheet.x(receiver), to: ends.from, isAnswer: true }
  return stacked(there, call({ ...back, above: drawingWords.answers(quoted(heard)), below: '' }))
}

/** One arrow for each of those who served. */
function connectMany(sheet: Sheet, { address, port, saw }: Step & { kind: 'connect-many' }): Mark {
  const ends = { frame: sheet.frame, from: clientAt(sheet), below: '' }
  const calls = saw.servedBy.map(({ pid, connections }, index) => {
    const lane = sheet.cast.programs.get(pid)
    const what = index === 0 ? `${drawingWords.manyConnects(saw.connections, { address, port })}: ` : ''
    const above = what + drawingWords.served(connections, saw.connections)
    return call({ ...ends, to: sheet.x(lane ?? sheet.cast.kernel), above })
  })
  const above = drawingWords.manyConnects(saw.connections, { address, port })
  return calls.length > 0 ? stacked(...calls) : call({ ...ends, to: sheet.x(sheet.cast.kernel), above, tip: 'open' })
}

/** Where it came from; of an attempt that failed, the end that the client had chosen. */
function origin(chosen: Partial<Endpoint> | undefined, local: Endpoint | null): string {
  if (local) return drawingWords.from(local)
  return chosen ? drawingWords.chosen(chosen) : ''
}

function named({ socket }: { socket?: string }): string {
  return socket === undefined ? '' : ` (${socket})`
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text)
}

function clientAt({ cast, x }: Sheet): number {
  return x(cast.client ?? cast.kernel)
}
