/**
 * The sequence diagram of an act, drawn from what really happened: a lane for each process, for the clients and for the
 * kernel; time goes down. Nothing in it is known but the steps.
 */

import { drawingWords, timeInWords } from '../../words/drawings.en.ts'
import type { ActRecord } from '../record.ts'
import type { Screen } from './drawing-svg.ts'
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
/** Between heads and what is below them. */
const GAP = 6
/** On a phone, the line of a step's number and time above what happened. */
const LEAD = 17

/** `place` names it on its page, where an act can be drawn more than once. Nothing where nothing was done. */
export function sequenceDiagram(
  act: ActRecord,
  place = `${act.header.lab}-${act.header.act}`,
  screen: Screen = 'desk',
): string {
  if (act.steps.length === 0) return ''
  const moments = courseOf(act)
  const cast = castOf(moments)
  const sheet = sheetFor(cast, screen)
  const born = new Set<number>()
  const listeners = new Listeners()
  const told = moments.flatMap((moment) => rowOf(sheet, moment, born, listeners) ?? [])
  const rows = withSpells(told, act, cast)
  const hostTop = cast.neighbourKernel ? 22 : 0
  const fixed = [cast.client, cast.kernel, cast.neighbourKernel].filter((lane): lane is Lane => lane !== null)
  const heads = fixed.map((lane) => headOf(sheet, lane))
  const first = TOP + hostTop + Math.max(...heads.map(({ height }) => height)) + GAP
  const tops: number[] = []
  let y = first
  for (const row of rows) {
    tops.push(y + leadOf(sheet, row))
    y += leadOf(sheet, row) + row.mark.height
  }
  const ending = endOf(sheet, act, y)
  const body: Part = [
    hosts(sheet, y),
    rows.map((row, index) => {
      const above = (tops[index] ?? 0) - leadOf(sheet, row)
      return path([8, above, sheet.width - 8, above], 'd-rule')
    }),
    lifelines(sheet, rows, tops, fixed, first - GAP, y),
    heads.map((one) => one.draw(TOP + hostTop)),
    rows.map((row, index) => drawn(sheet, row, tops[index] ?? 0)),
    ending.part,
  ]
  return drawingText({
    place: `sequence-${place}`,
    title: drawingWords.sequenceTitle(act.header.title),
    sentences: [drawingWords.lanes(namesIn(cast)), ...rows.map(({ sentence }) => sentence), ending.text],
    width: sheet.width,
    height: y + ending.height,
    body,
    screen,
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

function leadOf({ screen }: Sheet, { number }: Row): number {
  return screen === 'phone' && number !== null ? LEAD : 0
}

function drawn(sheet: Sheet, row: Row, y: number): Markup {
  const { number, atMs, mark, data } = row
  const base = y + 16 - leadOf(sheet, row)
  const margin = [
    number === null ? [] : label(30, base, String(number), { kind: 'd-strong d-over', anchor: 'end' }),
    atMs === null ? [] : label(38, base, timeInWords(atMs), { kind: 'd-small d-muted d-over' }),
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
  { frame, width, screen }: Sheet,
  { evidence }: ActRecord,
  y: number,
): { part: Part; text: string; height: number } {
  const text = !evidence
    ? drawingWords.actUnfinished
    : evidence.problem === null
      ? drawingWords.actEnds
      : drawingWords.actBroken(evidence.problem)
  const lines = wrap(text, frame.right - frame.left, 3, 'd-small')
  const below = screen === 'phone' && evidence ? LEAD : 0
  return {
    text,
    height: below + lines.length * LINE_HEIGHT + 14,
    part: [
      path([frame.left, y + 4, width - 10, y + 4], 'd-end'),
      evidence ? label(38, y + 20, timeInWords(evidence.durationMs), { kind: 'd-small d-muted' }) : [],
      labels(frame.left, y + 20 + below, lines, { kind: 'd-small' }),
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
