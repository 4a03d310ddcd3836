/**
 * The sequence diagram of an act, drawn from what really happened: a lane for each process, for the clients and for the
 * kernel; time goes down. Nothing in it is known but the steps.
 */

import { drawingWords, timeInWords } from '../../words/drawings.en.ts'
import type { ActRecord } from '../record.ts'
import { box, drawingText, group, label, labels, LINE_HEIGHT, path } from './drawing-svg.ts'
import { wrap } from './drawing-text.ts'
import type { Markup, Part } from './markup.ts'
import { courseOf } from './sequence-course.ts'
import type { Cast, Lane } from './sequence-lanes.ts'
import { castOf } from './sequence-lanes.ts'
import { lifelines } from './sequence-lifelines.ts'
import { Listeners } from './sequence-reach.ts'
import { rowOf } from './sequence-rows.ts'
import type { LaneEvent, Row, Sheet } from './sequence-sheet.ts'
import { calledIn, headOf, sheetFor } from './sequence-sheet.ts'
import { territoryOf } from './sockets-held.ts'

const TOP = 10
const HEADS = 48

/** `place` names it on its page, where an act can be drawn more than once. Nothing where nothing was done. */
export function sequenceDiagram(act: ActRecord, place = `${act.header.lab}-${act.header.act}`): string {
  if (act.steps.length === 0) return ''
  const moments = courseOf(act)
  const cast = castOf(moments)
  const sheet = sheetFor(cast)
  const born = new Set<number>()
  const listeners = new Listeners()
  const told = moments.flatMap((moment) => rowOf(sheet, moment, born, listeners) ?? [])
  const rows = withSpells(told, act, cast)
  const hostTop = cast.neighbourKernel ? 22 : 0
  const first = TOP + hostTop + HEADS
  const tops: number[] = []
  let y = first
  for (const { mark } of rows) {
    tops.push(y)
    y += mark.height
  }
  const ending = endOf(sheet, act, y)
  const fixed = [cast.client, cast.kernel, cast.neighbourKernel].filter((lane): lane is Lane => lane !== null)
  const body: Part = [
    hosts(sheet, y),
    rows.map((_row, index) => path([8, tops[index] ?? 0, sheet.width - 8, tops[index] ?? 0], 'd-rule')),
    lifelines(sheet, rows, tops, fixed, first - 6, y),
    fixed.map((lane) => headOf(sheet, lane).draw(TOP + hostTop)),
    rows.map((row, index) => drawn(row, tops[index] ?? 0)),
    ending.part,
  ]
  return drawingText({
    place: `sequence-${place}`,
    title: drawingWords.sequenceTitle(act.header.title),
    sentences: [drawingWords.lanes(namesIn(cast)), ...rows.map(({ sentence }) => sentence), ending.text],
    width: sheet.width,
    height: y + ending.height,
    body,
  })
}

/** What the steps show of who has a socket open, beyond what the programs said: a child has its parent's, another closed its own. */
function withSpells(rows: readonly Row[], act: ActRecord, { programs }: Cast): Row[] {
  const { held } = territoryOf(act)
  const events = [...programs.values()].flatMap((lane) => {
    const spells = held.flatMap(({ holders, until, state }) =>
      holders
        .filter(({ pid }) => pid === lane.pid)
        .map(({ since, left }) => ({ since, state, until: left ?? until ?? Infinity })),
    )
    const what = spells.some(({ state }) => state === 'listening') ? ('listens' as const) : ('bound' as const)
    const since = Math.min(...spells.map((spell) => spell.since))
    const until = Math.ceil(Math.max(...spells.map((spell) => spell.until)))
    const isSaid = rows.some((row) =>
      row.events.some((one) => one.lane === lane && (one.what === 'listens' || one.what === 'bound')),
    )
    return [
      ...(isSaid ? [] : [{ step: since, event: { lane, dy: 10, what } }]),
      { step: until, event: { lane, dy: 10, what: 'closes' as const } },
    ]
  })
  return rows.map((row) => {
    const here: LaneEvent[] = events.filter(({ step }) => step === row.number).map(({ event }) => event)
    return { ...row, events: [...row.events, ...here] }
  })
}

function drawn({ number, atMs, mark, data }: Row, y: number): Markup {
  const margin = [
    number === null ? [] : label(30, y + 16, String(number), { kind: 'd-strong', anchor: 'end' }),
    atMs === null ? [] : label(38, y + 16, timeInWords(atMs), { kind: 'd-small d-muted' }),
  ]
  return group([margin, mark.draw(y + 4)], data)
}

/** The second host has a frame of its own, and the words above it. */
function hosts({ cast, neighbour }: Sheet, bottom: number): Part {
  if (!cast.neighbourKernel) return []
  const width = neighbour.right - neighbour.left
  return [
    box(neighbour.left - 6, 6, width + 12, bottom - 2, 'd-host', 8),
    label(neighbour.left + 4, 22, drawingWords.secondHost, { kind: 'd-strong' }),
  ]
}

function endOf(
  { frame, width }: Sheet,
  { evidence }: ActRecord,
  y: number,
): { part: Part; text: string; height: number } {
  const text = !evidence
    ? drawingWords.actUnfinished
    : evidence.problem === null
      ? drawingWords.actEnds
      : drawingWords.actBroken(evidence.problem)
  const room = frame.right - frame.left
  const lines = wrap(text, room, 3, 'd-small')
  const reading = wrap(drawingWords.howToReadLanes, room, 4, 'd-small')
  const margin = evidence ? label(38, y + 20, timeInWords(evidence.durationMs), { kind: 'd-small d-muted' }) : []
  return {
    text,
    height: (lines.length + reading.length) * LINE_HEIGHT + 26,
    part: [
      path([frame.left, y + 4, width - 10, y + 4], 'd-end'),
      margin,
      labels(frame.left, y + 20, lines, { kind: 'd-small' }),
      labels(frame.left, y + 28 + lines.length * LINE_HEIGHT, reading, { kind: 'd-small d-muted' }),
    ],
  }
}

function namesIn(cast: Cast): string[] {
  return [
    ...(cast.client ? [drawingWords.client] : []),
    drawingWords.kernel,
    ...[...cast.programs.keys()].map((pid) => calledIn(cast, pid)),
  ]
}
