/**
 * What a report may tell of a graded submission. Formats render a sheet and see nothing else of it. Every text in a
 * sheet is plain, because a student may have written it, and of a bounded length.
 */

import type { GradedItem, GradedSubmission, GradedVerdict, Part } from '../../domain/graded.ts'
import { PARTS } from '../../domain/graded.ts'
import type { Finding } from '../../domain/role.ts'
import { cutInWords, partWords } from '../../words/graded.en.ts'
import { oneLine, plain } from '../plain.ts'

/** What is known of an item beyond its points. */
export type Told = {
  act: string
  check: string
  part: Part
  question: string
  expected: string
  observed: string
  why: string
  predicted: string | null
  /** The student's own words, in lines as they were written; null where there are none. */
  explanation: string | null
  outcome: string | null
  roles: string[]
  findings: Finding[]
  restsOn: string | null
  file: string
  line: number
}

export type SheetItem = {
  id: string
  name: string
  /** Null where only the points are told. */
  lab: { id: string; title: string } | null
  verdict: GradedVerdict
  points: number
  maxPoints: number
  /** Null where only the points are told. */
  told: Told | null
  /** Null where it would tell of something that is kept back. */
  durationMs: number | null
  /** For a platform that itself keeps it back until the due date. */
  isLater: boolean
}

export type Sheet = {
  name: string
  author: string | null
  problem: string | null
  notes: string[]
  items: SheetItem[]
  points: number
  maxPoints: number
  printed: { role: string; text: string; cut: boolean }[]
  finished: boolean
  durationMs: number | null
  /** That there is more, in a sentence; null where everything is here. */
  more: string | null
}

const MOST_NAME = 120
const MOST_TEXT = 2_000
const MOST_PRINTED = 4_000
const MOST_EXPLAINED = 4_000
const MOST_NOTES = 50

/** Everything, as a teacher gets it. */
export function whole(graded: GradedSubmission): Sheet {
  return sheetOf(graded, graded.items.map(itemOf))
}

/** The sheet with these items, and the total of these. */
export function sheetOf(graded: GradedSubmission, items: SheetItem[]): Sheet {
  const { name, author, problem, notes, printed, finished, durationMs } = graded
  return {
    name: capped(oneLine(name), MOST_NAME),
    author: author === null ? null : capped(oneLine(author), MOST_NAME),
    problem: problem === null ? null : line(problem),
    notes: notes.slice(0, MOST_NOTES).map(line),
    items,
    points: sumOf(items, ({ points }) => points),
    maxPoints: sumOf(items, ({ maxPoints }) => maxPoints),
    printed: printed.map(({ role, text, cut }) => {
      const whole_ = plain(text).trimEnd()
      const kept = whole_.slice(0, MOST_PRINTED)
      return { role: line(role), text: kept.toWellFormed(), cut: cut || kept.length < whole_.length }
    }),
    finished,
    durationMs,
    more: null,
  }
}

/** An item with everything that is known of it. */
export function itemOf(item: GradedItem): SheetItem {
  const { id, lab, labTitle, verdict, points, maxPoints, durationMs } = item
  const question = line(item.question)
  return {
    id: line(id),
    name: `${partWords[item.part]}: ${question}`,
    lab: { id: line(lab), title: line(labTitle) },
    verdict,
    points,
    maxPoints,
    told: toldOf(item, question),
    durationMs,
    isLater: false,
  }
}

function toldOf(item: GradedItem, question: string): Told {
  const { act, check, part, predicted, explanation, outcome, restsOn, roles, findings } = item
  return {
    act: line(act),
    check: line(check),
    part,
    question,
    expected: line(item.expected),
    observed: line(item.observed),
    why: line(item.why),
    predicted: predicted === null ? null : line(predicted),
    // A gradebook that is older than the explanations has none.
    explanation: explanation ? capped(plain(explanation).trim(), MOST_EXPLAINED) : null,
    outcome: outcome === null ? null : line(outcome),
    roles: roles.map(line),
    findings: findings.map(({ kind, role, facts }) => ({ kind, role: line(role), facts: factsOf(facts) })),
    restsOn: restsOn === null ? null : line(restsOn),
    file: line(item.file),
    line: item.line,
  }
}

function factsOf(facts: Finding['facts']): Finding['facts'] {
  return Object.fromEntries(
    Object.entries(facts).map(([name, value]) => [line(name), typeof value === 'string' ? line(value) : value]),
  )
}

function line(text: string): string {
  return capped(oneLine(text), MOST_TEXT)
}

/** At most so many characters of a text, and how many more there are. */
export function capped(text: string, most: number): string {
  if (text.length <= most) return text
  // A pair of surrogates may have been cut in two.
  return `${text.slice(0, most).toWellFormed()}${cutInWords(text.length - most)}`
}

function sumOf(items: readonly SheetItem[], of: (item: SheetItem) => number): number {
  return items.reduce((sum, item) => sum + of(item), 0)
}

/** The items lab by lab, in their order; those without a lab are together as well. */
export function byLab(items: readonly SheetItem[]): { lab: SheetItem['lab']; items: SheetItem[] }[] {
  return [...Map.groupBy(items, ({ lab }) => lab?.id ?? null).values()].map((some) => ({
    lab: some[0]?.lab ?? null,
    items: some,
  }))
}

/** The parts of a check together, the prediction first; an item without a name is alone. */
export function byCheck(items: readonly SheetItem[]): SheetItem[][] {
  const placeOf = ({ lab, told, id }: SheetItem) => (told === null ? id : `${lab?.id ?? ''}/${told.check}`)
  return [...Map.groupBy(items, placeOf).values()].map((parts) =>
    parts.toSorted((one, other) => partOf(one) - partOf(other)),
  )
}

function partOf({ told }: SheetItem): number {
  return told === null ? 0 : PARTS.indexOf(told.part)
}

/** `points` and `maxPoints` of some of the items. */
export function totalOf(items: readonly SheetItem[]): { points: number; maxPoints: number } {
  return { points: sumOf(items, ({ points }) => points), maxPoints: sumOf(items, ({ maxPoints }) => maxPoints) }
}

/** What programs of these roles printed, as one text; empty where nothing is kept of it. */
export function printedBy({ printed }: Sheet, roles: readonly string[]): string {
  return printed
    .filter(({ role, text }) => roles.includes(role) && text !== '')
    .map(({ role, text }) => `${role}:\n${text}`)
    .join('\n')
}
