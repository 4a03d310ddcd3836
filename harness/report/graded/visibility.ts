/**
 * What a student may see. Of an item that is shown after the due date nothing is left beforehand, and of one of which
 * only the points are told neither name nor text. Nothing that is left lets one infer what is not: no total, no number,
 * no time, no printed line, no remark.
 */

import type { GradedItem, GradedSubmission, ItemVisibility } from '../../domain/graded.ts'
import { stricter } from '../../domain/graded.ts'
import { moreInWords, neutralName } from '../../words/graded.en.ts'
import type { Sheet, SheetItem } from './sheet.ts'
import { itemOf, sheetOf } from './sheet.ts'

/** `due` is ISO 8601, or null: then what is shown after it is not shown at all. */
export type Moment = { now: Date; due: string | null }

export function forStudent(graded: GradedSubmission, moment: Moment): Sheet {
  return sheetFor(graded, moment, false)
}

/** The same for Gradescope, which keeps items back by itself: they are in it, marked, after all others. */
export function forGradescope(graded: GradedSubmission, moment: Moment): Sheet {
  return sheetFor(graded, moment, true)
}

function sheetFor(graded: GradedSubmission, moment: Moment, isMarked: boolean): Sheet {
  const visibilities = visibilitiesOf(graded.items, isPast(moment))
  const of = (...wanted: ItemVisibility[]) =>
    graded.items.filter((item) => wanted.includes(visibilities.get(item) ?? 'after-due'))
  const [shown, pointsOnly, later] = [of('shown'), of('points-only'), of('after-due', 'points-after-due')]
  const kept = [...pointsOnly, ...later]
  if (kept.length === 0) return sheetOf(graded, shown.map(itemOf))
  const items = [...shown.map(itemOf), ...pointsOnly.map(neutral)]
  const asLater = (item: GradedItem, index: number) =>
    visibilities.get(item) === 'after-due' ? itemOf(item) : neutral(item, pointsOnly.length + index)
  const marked = isMarked ? later.map((item, index) => ({ ...asLater(item, index), isLater: true })) : []
  const untimed = [...items, ...marked].map((item) => ({ ...item, durationMs: null }))
  const rest = { ...graded, notes: notesWithout(graded.notes, kept, shown), printed: printedWithout(graded, kept) }
  const more = later.length === 0 || isMarked ? null : moreInWords(moment.due)
  return { ...sheetOf(rest, untimed), durationMs: null, more }
}

function isPast({ now, due }: Moment): boolean {
  // A date that cannot be read gives NaN, and nothing is later than that.
  return due !== null && now.getTime() >= Date.parse(due)
}

/** An item that was skipped because of another one tells of that one: it is as visible as the other, at most. */
function visibilitiesOf(items: readonly GradedItem[], isDue: boolean): Map<GradedItem, ItemVisibility> {
  const found = new Map(items.map((item) => [item, isDue ? onceDue(item.visibility) : item.visibility] as const))
  const byId = new Map(items.map((item) => [item.id, item]))
  // An item may rest on one that rests on a third.
  for (let isChanged = true; isChanged;) {
    isChanged = false
    for (const [item, own] of found) {
      const other = item.restsOn === null ? undefined : byId.get(item.restsOn)
      const theirs = other === undefined ? undefined : found.get(other)
      const both = theirs === undefined ? own : stricter(own, theirs)
      if (both === own) continue
      found.set(item, both)
      isChanged = true
    }
  }
  return found
}

function onceDue(visibility: ItemVisibility): ItemVisibility {
  if (visibility === 'points-after-due') return 'points-only'
  return visibility === 'after-due' ? 'shown' : visibility
}

function neutral({ verdict, points, maxPoints }: GradedItem, index: number): SheetItem {
  const name = neutralName(index + 1)
  return {
    id: name.replace(' ', '-'),
    name,
    lab: null,
    verdict,
    points,
    maxPoints,
    told: null,
    durationMs: null,
    isLater: false,
  }
}

/** A remark may name a check, such as the nearest name to one that does not exist. */
function notesWithout(notes: readonly string[], kept: readonly GradedItem[], shown: readonly GradedItem[]): string[] {
  const open = new Set(shown.map(({ check }) => check))
  const names = kept.map(({ check }) => check).filter((check) => !open.has(check))
  return notes.filter((note) => !names.some((name) => note.includes(name)))
}

/** A program can print whom it met, so what it printed tells of every item in which it took part. */
function printedWithout({ printed }: GradedSubmission, kept: readonly GradedItem[]): GradedSubmission['printed'] {
  const roles = new Set(kept.flatMap((item) => item.roles))
  return printed.filter(({ role }) => !roles.has(role))
}
