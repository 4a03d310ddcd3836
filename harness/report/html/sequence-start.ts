/** The rows for a program that was started, or that was let go on: what it asked of the kernel, and what came of it. */

import { formatEndpoint } from '../../domain/endpoint.ts'
import type { Step } from '../../domain/evidence.ts'
import type { Started } from '../../domain/observation.ts'
import type { Asked } from '../../domain/program-event.ts'
import type { SocketRow } from '../../domain/socket-row.ts'
import { callsInWords, drawingWords } from '../../words/drawings.en.ts'
import type { Lane } from './sequence-lanes.ts'
import type { Mark } from './sequence-marks.ts'
import { bounce, call, event, loop, remark } from './sequence-marks.ts'
import type { Listeners } from './sequence-reach.ts'
import type { LaneEvent, Sheet } from './sequence-sheet.ts'
import { calledIn } from './sequence-sheet.ts'
import { canonical, isPlace } from './sockets-rows.ts'

type Start = Step & { kind: 'start' | 'proceed' }
type Asking = { mark: Mark; become: LaneEvent['what'] | null }

/** Null where it asked for no socket. */
export function askingOf(sheet: Sheet, lane: Lane, step: Start, listeners: Listeners): Asking | null {
  const { saw } = step
  const { outcome, error, protocol, local } = saw
  const [from, frame, to] = [sheet.x(lane), sheet.frameOf(lane), sheet.x(kernelOf(sheet, lane))]
  const above = before(step) + asked(step)
  if (outcome === 'running')
    return step.kind === 'start'
      ? null
      : { mark: event(frame, from, before(step).replace(/: $/, ''), 'dot'), become: null }
  if (outcome === 'connected') return { mark: connection(sheet, lane, saw, listeners), become: null }
  if (outcome === 'listening' || outcome === 'bound') {
    const where = local && protocol ? formatEndpoint(local) : ''
    const isListening = outcome === 'listening'
    const places = saw.rows.filter(isPlace).length
    const below =
      (isListening
        ? drawingWords.listensOn(where)
        : protocol === 'tcp'
          ? drawingWords.boundOnly
          : drawingWords.isBoundTo(where)) + (places > 1 ? drawingWords.andMore(places - 1) : '')
    return { mark: call({ frame, from, to, above, below }), become: isListening ? 'listens' : 'bound' }
  }
  if (!error?.syscall && !saw.asked)
    return { mark: remark(frame, from, drawingWords.withoutCall(error?.message ?? outcome)), become: null }
  const isInTheWay = ({ protocol: held }: SocketRow) => !saw.asked || held === saw.asked.protocol
  const holders = outcome === 'EADDRINUSE' ? saw.rows.filter(isInTheWay).flatMap((row) => row.holders) : []
  const names = [...new Set(holders.map(({ pid, command }) => calledIn(sheet.cast, pid, command)))]
  return { mark: bounce({ frame, from, to, above, below: drawingWords.refusedWith(outcome, names) }), become: null }
}

export function kernelOf({ cast }: Sheet, { onNeighbour }: Lane): Lane {
  return onNeighbour && cast.neighbourKernel ? cast.neighbourKernel : cast.kernel
}

/** What the program asked for, where it told so; what it got says whether that was all. */
export function askedBy({ asked: wish, local }: Started): Asked | null {
  if (!wish || !local) return wish ?? null
  const isSame = canonical(wish.address) === local.address && (wish.port === 0 || wish.port === local.port)
  return isSame ? wish : null
}

function before(step: Start): string {
  if (step.kind === 'start') return ''
  return step.line === undefined ? drawingWords.enter : drawingWords.typed(step.line)
}

function asked({ kind, saw }: Start): string {
  const wish = askedBy(saw)
  // What was bound before only listens now.
  if (kind === 'proceed' && (wish?.listens ?? saw.outcome === 'listening')) return 'listen'
  if (wish) return callsInWords(wish)
  const { protocol, local, error } = saw
  // It may have bound it, or may have been given it by another process.
  if (protocol && local) return drawingWords.socketAt(protocol, local)
  const { address, port, syscall } = error ?? {}
  return address && port ? `${syscall ?? 'bind'} ${formatEndpoint({ address, port })}` : (syscall ?? 'bind')
}

function connection(sheet: Sheet, lane: Lane, { local, rows }: Started, listeners: Listeners): Mark {
  const peer = rows.find((row) => row.peer)?.peer
  const [from, frame] = [sheet.x(lane), sheet.frame]
  const own = local ? drawingWords.from(local) : ''
  if (!peer)
    return call({ frame, from, to: sheet.x(kernelOf(sheet, lane)), above: `connect${own}`, below: '', tip: 'open' })
  const above = drawingWords.connect(peer) + own
  if (local && formatEndpoint(local) === formatEndpoint(peer))
    return loop({ frame, from, above, below: drawingWords.metItself })
  const server = sheet.cast.programs.get(listeners.at(peer) ?? 0)
  const to = sheet.x(server ?? kernelOf(sheet, lane))
  return call({ frame, from, to, above, below: server ? drawingWords.reached : drawingWords.queued, tip: 'open' })
}
