/** Finds the lab that a person means: by its whole name, its number, or its name without the number. */

import { distance } from './nearest.ts'

export type Choice = { id: string } | { unknown: string; nearest: string[] } | { ambiguous: string; among: string[] }

export function chooseLab(word: string, ids: readonly string[]): Choice {
  if (ids.includes(word)) return { id: word }
  const number = /^\d{1,2}$/.test(word) ? word.padStart(2, '0') : undefined
  const found = ids.filter((id) => (number ? id.startsWith(`${number}-`) : id.slice(3) === word))
  if (found.length === 1) return { id: found[0] as string }
  if (found.length > 1) return { ambiguous: word, among: found }
  return { unknown: word, nearest: nearest(word, ids) }
}

/** The names that differ in the fewest letters, the nearest first. */
function nearest(word: string, ids: readonly string[]): string[] {
  const near = (id: string) => {
    const name = id.slice(3)
    if (isPartOf(word, id) || isPartOf(name, word)) return 0
    return Math.min(distance(word, id), distance(word, name), distance(word.replace(/^\d+-?/, ''), name))
  }
  return ids
    .map((id) => ({ id, letters: near(id) }))
    .sort((a, b) => a.letters - b.letters)
    .slice(0, 3)
    .map(({ id }) => id)
}

/** One or two letters are part of nearly everything. */
function isPartOf(part: string, whole: string): boolean {
  return part.length > 2 && whole.includes(part)
}
