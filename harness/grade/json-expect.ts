/** Asks a JSON value for what it has to be. What is wrong names the place and what is allowed, in one sentence. */

import { nearestName } from '../catalog/nearest.ts'
import { shown } from './json-text.ts'

/** Without a prototype: every name that it has, the file has. */
export type Members = Readonly<Record<string, unknown>>

/** What a file has that it must not have. Its message reads on after the file's name and a colon. */
export class Misfit extends Error {
  override name = 'Misfit'
}

/** @param at the place, such as `predictions.04-dual-stack`; the file itself where it is empty. */
export function asMembers(value: unknown, at: string): Members {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Members
  throw new Misfit(`${at === '' ? 'the whole file' : at} has to be an object: { … }, not ${kindOf(value)}`)
}

/** The members of an object that may be left out. */
export function membersIn(value: Members, name: string, at: string = name): [string, unknown][] {
  return value[name] === undefined ? [] : Object.entries(asMembers(value[name], at))
}

export function asList(value: unknown, at: string, of: string): unknown[] {
  if (Array.isArray(value)) return value
  throw new Misfit(`${at} has to be a list of ${of}: [ … ], not ${kindOf(value)}`)
}

export function asText(value: unknown, at: string, what = 'a text'): string {
  if (typeof value === 'string') return value
  throw new Misfit(`${at} has to be ${what} in double quotes, not ${kindOf(value)}`)
}

/** Of the wrong values only the kind is told: they are long, and a stranger's. */
function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'boolean') return value ? 'true' : 'false'
  return typeof value === 'string' ? 'a text' : typeof value === 'number' ? 'a number' : 'an object'
}

const MOST_LISTED = 12

/** `; the nearest is 'connected'`, or what there is, or nothing where that is too much to list. */
export function hintFor(word: string, names: readonly string[]): string {
  const nearest = nearestName(word, names)
  if (nearest !== null) return `; the nearest is '${nearest}'`
  return names.length > 0 && names.length <= MOST_LISTED ? `; there are ${names.join(', ')}` : ''
}

const MOST_NOTES = 20

/** Remarks that cost nothing. More than a person reads are counted. */
export class Notes {
  readonly #said: string[] = []
  #more = 0

  add(say: () => string): void {
    if (this.#said.length < MOST_NOTES) this.#said.push(say())
    else this.#more++
  }

  /** A name that nobody knows: it is passed over, and said. */
  unknown(at: string, kind: string, word: string, names: readonly string[]): void {
    this.add(() => `${at}: there is no ${kind} ${shown(word)}${hintFor(word, names)}`)
  }

  all(): string[] {
    return this.#more === 0 ? [...this.#said] : [...this.#said, `and ${this.#more} more remarks of this kind`]
  }
}
