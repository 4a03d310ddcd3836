/** Reads a gradebook that was written as JSON, so that shards can be merged. Its submissions stay on disk. */

import { openSync } from 'node:fs'

import type { GradedSubmission, GradingRun } from '../domain/graded.ts'
import { GRADEBOOK_FORMAT, GRADEBOOK_VERSION } from '../domain/graded.ts'
import { cutJson } from './cut-json.ts'
import type { Shard } from './gradebook.ts'
import type { Place } from './lines.ts'
import { textAt } from './lines.ts'

const CUT_SHORT = 'it is not whole JSON: it was cut short or is something else'

/** The problem is a sentence without the name of the file. @throws where the file cannot be read */
export function readGradebook(file: string): { shard: Shard } | { problem: string } {
  // Open for as long as this process is there: a merged gradebook may take the name of one of its shards.
  const descriptor = openSync(file, 'r')
  const value = parsed(cutJson(descriptor, 'submissions'))
  if (value === undefined) return { problem: CUT_SHORT }
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
  const names: string[] = []
  for (const place of submissions) {
    const one = isObject(place) ? parsed(textAt(descriptor, place as Place)) : place
    if (isObject(place) && one === undefined) return { problem: CUT_SHORT }
    if (!isSubmission(one)) return { problem: `its submission ${names.length + 1} is not whole` }
    names.push(one.name)
  }
  const kept = names.map((name, index) => {
    const place = submissions[index] as Place
    return { name, read: () => JSON.parse(textAt(descriptor, place)) as GradedSubmission }
  })
  return { shard: { run: run as unknown as GradingRun, submissions: kept } }
}

/** Undefined where it is no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isSubmission(value: unknown): value is GradedSubmission {
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
  // A gradebook that is older than the explanations has none.
  const { predicted, explanation = null, outcome, restsOn } = value
  const lists = areAll(Array.isArray, value, ['findings', 'roles'])
  const numbers = areAll(Number.isInteger, value, ['points', 'maxPoints', 'line'])
  const texts = areAll((one) => typeof one === 'string', value, TEXTS)
  return lists && numbers && texts && [predicted, explanation, outcome, restsOn].every(isTextOrNull)
}

function areAll(fits: (one: unknown) => boolean, value: Record<string, unknown>, names: readonly string[]): boolean {
  return names.every((name) => fits(value[name]))
}

function isTextOrNull(value: unknown): boolean {
  return value === null || typeof value === 'string'
}
