/** The result.json of Classroom 50. Its points are whole numbers, and fields of our own are allowed in tests only. */

import { toJson } from '../plain.ts'
import { linesOf, messageOf, troublesOf } from './item-text.ts'
import type { Sheet, SheetItem } from './sheet.ts'

/** What the runner of Classroom 50 says of the submission. */
export type Classroom50Place = {
  classroom: string
  assignment: string
  assignmentType: 'individual' | 'group'
  owner: string
  /** The tag, which begins with `submit/`. */
  submission: string
  /** Addresses of pages. */
  commit: string
  release: string
  review: string
  /** When the commit was made. */
  datetime: Date
  gradedAt: Date
}

export function classroom50(sheet: Sheet, place: Classroom50Place): string {
  const { assignmentType, datetime, gradedAt, ...rest } = place
  // What has not finished gives no marks: the first points of many would read as all of few.
  const items = sheet.finished && sheet.problem === null ? sheet.items : []
  return `${toJson(
    {
      schema: 'classroom50/result/v1',
      ...rest,
      assignment_type: assignmentType,
      datetime: seconds(datetime),
      graded_at: seconds(gradedAt),
      score: items.reduce((sum, { points }) => sum + points, 0),
      'max-score': items.reduce((sum, { maxPoints }) => sum + maxPoints, 0),
      tests: [...troublesOf(sheet).map(troubleOf), ...items.map(testOf)],
    },
    1,
  )}\n`
}

/** A test of no points that is not passed makes the whole a failure, which is what it is. */
function troubleOf({ name, text }: { name: string; text: string }) {
  return { 'test-name': name, passed: false, score: 0, 'max-score': 0, message: text }
}

function testOf(item: SheetItem) {
  const { id, name, lab, verdict, points, maxPoints } = item
  return {
    'test-name': lab === null ? name : `${lab.id}: ${name}`,
    // A skip for the machine's sake is nobody's failure.
    passed: verdict === 'pass' || (verdict === 'skip' && maxPoints === 0),
    score: points,
    'max-score': maxPoints,
    id,
    verdict,
    message: messageOf(item),
    told: linesOf(item).map((line) => line.join(' ')),
    ...(item.told === null || item.told.explanation === null ? {} : { explanation: item.told.explanation }),
  }
}

/** `2026-11-22T10:00:00Z`: the schema knows no parts of a second. */
function seconds(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`
}
