/** Reads a gradebook that was written as JSON, so that shards can be merged. */

import type { Gradebook } from '../domain/graded.ts'
import { GRADEBOOK_FORMAT, GRADEBOOK_VERSION } from '../domain/graded.ts'

/** The problem is a sentence without the name of the file. */
export function readGradebook(text: string): { gradebook: Gradebook } | { problem: string } {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { problem: 'it is not whole JSON: it was cut short or is something else' }
  }
  const book = (typeof value === 'object' && value !== null ? value : {}) as Partial<Record<string, unknown>>
  if (book['format'] !== GRADEBOOK_FORMAT) return { problem: 'it is no gradebook of these labs' }
  if (book['version'] !== GRADEBOOK_VERSION) {
    return {
      problem: `it has version ${String(book['version'])} of the format; this program reads ${GRADEBOOK_VERSION}`,
    }
  }
  const { run, submissions, statistics } = book
  const isWhole = isObject(run) && Array.isArray(run['labs']) && isObject(run['host']) && isObject(run['sandbox'])
  if (!isWhole || !Array.isArray(submissions) || !Array.isArray(statistics))
    return { problem: 'parts of it are missing' }
  const broken = submissions.findIndex((one) => !isSubmission(one))
  if (broken !== -1) return { problem: `its submission ${broken + 1} is not whole` }
  return { gradebook: { run, submissions, statistics } as unknown as Gradebook }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isSubmission(value: unknown): boolean {
  if (!isObject(value)) return false
  const { author, problem, items } = value
  const lists = areAll(Array.isArray, value, ['items', 'notes', 'printed'])
  const numbers = areAll(Number.isInteger, value, ['points', 'maxPoints'])
  const isHead = typeof value['name'] === 'string' && typeof value['finished'] === 'boolean'
  return (
    isHead && lists && numbers && isTextOrNull(author) && isTextOrNull(problem) && (items as unknown[]).every(isItem)
  )
}

const TEXTS = 'id lab labTitle act check part question verdict expected observed why file'.split(' ')

function isItem(value: unknown): boolean {
  if (!isObject(value)) return false
  const { predicted, outcome, restsOn } = value
  const lists = areAll(Array.isArray, value, ['findings', 'roles'])
  const numbers = areAll(Number.isInteger, value, ['points', 'maxPoints', 'line'])
  const texts = areAll((one) => typeof one === 'string', value, TEXTS)
  return lists && numbers && texts && [predicted, outcome, restsOn].every(isTextOrNull)
}

function areAll(fits: (one: unknown) => boolean, value: Record<string, unknown>, names: readonly string[]): boolean {
  return names.every((name) => fits(value[name]))
}

function isTextOrNull(value: unknown): boolean {
  return value === null || typeof value === 'string'
}
