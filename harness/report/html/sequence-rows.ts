/** One row of a sequence diagram for each thing that happened. */

import type { Step } from '../../domain/evidence.ts'
import { drawingWords, rowInWords } from '../../words/drawings.en.ts'
import { repeatedInWords, seen, typed } from '../../words/en.ts'
import { NEIGHBOUR_PROMPT } from '../../words/networks.en.ts'
import { oneLine } from '../plain.ts'
import { clientMark } from './sequence-client.ts'
import type { Moment } from './sequence-course.ts'
import { stepsIn } from './sequence-course.ts'
import { peopleIn } from './sequence-lanes.ts'
import type { Mark } from './sequence-marks.ts'
import { event, gap, note, remark, stacked } from './sequence-marks.ts'
import type { Listeners } from './sequence-reach.ts'
import type { LaneEvent, Row, Sheet } from './sequence-sheet.ts'
import { calledIn, headOf } from './sequence-sheet.ts'
import { askingOf } from './sequence-start.ts'

/** So many rows of a listing, and lines of a tool, are drawn. */
const MOST_LINES = 6

/** Rows are made in order: `born` has the processes whose lanes have begun, `listeners` who can be reached. */
export function rowOf(sheet: Sheet, moment: Moment, born: Set<number>, listeners: Listeners): Row | null {
  if ('exit' in moment) return exitRow(sheet, moment.exit, listeners)
  if (!('step' in moment)) {
    const text = 'repeated' in moment ? repeatedInWords(moment.repeated) : drawingWords.leftOut(moment.leftOut)
    const data = { 'left-out': stepsIn(moment) }
    return { number: null, atMs: null, mark: gap(sheet.frame, text), events: [], sentence: text, data }
  }
  const { step } = moment
  const newcomers = peopleIn(step).flatMap(({ pid }) => {
    const lane = sheet.cast.programs.get(pid)
    return lane && !born.has(pid) ? [lane] : []
  })
  for (const { pid } of newcomers) if (pid !== null) born.add(pid)
  const heads = newcomers.map((lane) => headOf(sheet, lane))
  const headHeight = heads.length > 0 ? Math.max(...heads.map(({ height }) => height)) + 10 : 0
  const { mark, events } = markOf(sheet, step, listeners)
  listeners.follow(step)
  return {
    number: step.number,
    atMs: step.atMs,
    mark: {
      height: headHeight + mark.height + 6,
      draw: (y) => [heads.map((one) => one.draw(y)), mark.draw(y + headHeight)],
    },
    events: [
      ...newcomers.map((lane, index): LaneEvent => ({ lane, dy: heads[index]?.height ?? 0, what: 'born' })),
      ...events.map((one) => ({ ...one, dy: one.dy + headHeight })),
    ],
    sentence: drawingWords.at(step.number, step.atMs, sentenceOf(sheet, step)),
    data: { step: step.number, kind: step.kind },
  }
}

function exitRow(sheet: Sheet, pid: number, listeners: Listeners): Row | null {
  const lane = sheet.cast.programs.get(pid)
  if (!lane) return null
  listeners.leave(pid)
  return {
    number: null,
    atMs: null,
    mark: event(sheet.frame, sheet.x(lane), drawingWords.hasEnded, 'cross'),
    events: [{ lane, dy: 10, what: 'dies' }],
    sentence: `${calledIn(sheet.cast, pid)} ${drawingWords.hasEnded}.`,
    data: { exit: pid },
  }
}

type Marked = { mark: Mark; events: LaneEvent[] }

const NOTHING: Mark = { height: 0, draw: () => [] }

function markOf(sheet: Sheet, step: Step, listeners: Listeners): Marked {
  const on = (pid: number, text: string, sign: 'cross' | 'dot', what: LaneEvent['what'] | null): Marked => {
    const lane = sheet.cast.programs.get(pid)
    if (!lane) return { mark: note(sheet.frame, [{ text, kind: '' }]), events: [] }
    return { mark: event(sheet.frame, sheet.x(lane), text, sign), events: what ? [{ lane, dy: 10, what }] : [] }
  }
  switch (step.kind) {
    case 'start':
    case 'proceed':
      return started(sheet, step, listeners)
    case 'connect':
    case 'connect-many':
    case 'send':
    case 'scan':
      return { mark: clientMark(sheet, step), events: [] }
    case 'ended':
      return on(step.pid, drawingWords.ends(drawingWords.endsBy(step.saw)), 'cross', 'dies')
    case 'stop':
    case 'kill':
      return on(step.pid, `${typed(step)}: ${drawingWords.ends(drawingWords.endsBy(step.saw))}`, 'cross', 'dies')
    case 'pause':
      return on(step.pid, `${typed(step)}: ${drawingWords.paused(step.saw)}`, 'dot', 'still')
    case 'resume':
      return on(step.pid, `${typed(step)}: ${drawingWords.resumed}`, 'dot', 'goes-on')
    case 'said': {
      const lane = sheet.cast.programs.get(step.saw.pid) ?? sheet.cast.kernel
      return { mark: remark(sheet.frameOf(lane), sheet.x(lane), toldIn(step)), events: [] }
    }
    case 'list':
    case 'run':
    case 'read': {
      const place =
        'onNeighbour' in step && step.onNeighbour && sheet.cast.neighbourKernel ? sheet.neighbour : sheet.own
      return { mark: note(place, linesOf(sheet, step)), events: [] }
    }
  }
}

function started(sheet: Sheet, step: Step & { kind: 'start' | 'proceed' }, listeners: Listeners): Marked {
  const lane = sheet.cast.programs.get(step.saw.pid)
  const asking = lane && askingOf(sheet, lane, step, listeners)
  if (!lane || !asking) return { mark: NOTHING, events: [] }
  const { mark, become } = asking
  return { mark: stacked(mark), events: become ? [{ lane, dy: 24, what: become }] : [] }
}

/** What a program told, without its name: that stands above its lane. */
function toldIn(step: Step & { kind: 'said' }): string {
  const text = oneLine(seen(step))
  const at = text.indexOf(`tells ${oneLine(step.saw.what)}`)
  const told = at === -1 ? text : text.slice(at)
  return step.line === null ? told : drawingWords.typed(oneLine(step.line)) + told
}

function linesOf(sheet: Sheet, step: Step & { kind: 'list' | 'run' | 'read' }): { text: string; kind: string }[] {
  const onNeighbour = 'onNeighbour' in step && step.onNeighbour
  const command = `${onNeighbour ? NEIGHBOUR_PROMPT : '$'} ${oneLine(typed(step) ?? '')}`
  const lines = step.kind === 'run' ? step.saw.printed.map(oneLine) : rowsOf(sheet, step)
  const shown = lines.length <= MOST_LINES ? lines : lines.slice(0, MOST_LINES - 1)
  const more = lines.length > shown.length ? [drawingWords.moreRows(lines.length - shown.length)] : []
  const remarks =
    step.kind === 'list'
      ? [...(lines.length === 0 ? [drawingWords.noRows] : []), ...step.saw.disagreements]
      : [...(step.kind === 'run' && lines.length > 0 ? [] : [seen(step)]), ...(step.kind === 'run' ? exitOf(step) : [])]
  return [
    { text: command, kind: 'd-mono d-strong' },
    ...shown.map((text) => ({ text, kind: 'd-mono' })),
    ...[...more, ...remarks].map((text) => ({ text, kind: 'd-small' })),
  ]
}

function exitOf({ saw }: Step & { kind: 'run' }): string[] {
  return saw.exitCode === 0 || saw.printed.length === 0 ? [] : [drawingWords.exitCode(saw.exitCode)]
}

function rowsOf({ cast }: Sheet, { saw }: Step & { kind: 'list' | 'read' }): string[] {
  return saw.rows.map((row) => oneLine(rowInWords(row, (pid) => cast.programs.get(pid)?.name ?? null)))
}

function sentenceOf(sheet: Sheet, step: Step): string {
  const command = typed(step)
  if (step.kind === 'list')
    return [
      command,
      ...linesOf(sheet, step)
        .slice(1)
        .map(({ text }) => text),
    ].join('; ')
  return [command, seen(step)].filter((part) => part).join(': ')
}
