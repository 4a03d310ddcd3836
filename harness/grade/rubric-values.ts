/** Reads the single values of a rubric: points, a visibility, the due date. */

import type { Visibility } from '../domain/graded.ts'
import { VISIBILITIES } from '../domain/graded.ts'
import { asText, hintFor, Misfit } from './json-expect.ts'
import type { Members } from './json-expect.ts'
import { shown } from './json-text.ts'

export const MOST_POINTS = 1000

/** A misspelt field would change nobody's points, in silence. */
export function noOthers(members: Members, at: string, fields: readonly string[]): void {
  const other = Object.keys(members).find((name) => !fields.includes(name))
  if (other === undefined) return
  const where = at === '' ? '' : `${at}: `
  throw new Misfit(`${where}there is no field ${shown(other)}${hintFor(other, fields)}`)
}

/** @returns undefined where nothing is said. */
export function pointsOf(value: unknown, at: string, most = MOST_POINTS): number | undefined {
  if (value === undefined) return undefined
  if (Number.isInteger(value) && (value as number) >= 0 && (value as number) <= most) return value as number
  throw new Misfit(`${at} has to be a whole number from 0 to ${most}`)
}

/** @returns undefined where nothing is said. */
export function visibilityOf(value: unknown, at: string): Visibility | undefined {
  if (value === undefined) return undefined
  const found = VISIBILITIES.find((one) => one === value)
  if (found) return found
  throw new Misfit(`${at} has to be one of ${VISIBILITIES.map((one) => `"${one}"`).join(', ')}`)
}

const DUE = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?)(Z|[+-]\d\d:\d\d)$/

/** @returns the date as it was written; null where nothing is said. */
export function dueOf(value: unknown): string | null {
  if (value === undefined || value === null) return null
  const text = asText(value, 'due', 'a date')
  const [, day = '', time = ''] = DUE.exec(text) ?? []
  // Date takes 30 February for 2 March. What is read back has to be what was written.
  const asUtc = new Date(`${day}T${time}Z`)
  const isReal = !Number.isNaN(asUtc.getTime()) && asUtc.toISOString().startsWith(`${day}T${time.slice(0, 5)}`)
  if (isReal && !Number.isNaN(Date.parse(text))) return text
  throw new Misfit(
    `due is ${shown(text)}; it has to be a date with its time and offset, such as 2027-01-31T18:00:00+01:00`,
  )
}
