/** Finds the lab that a person means: by its whole name, its number, or its name without the number. */

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

/** Levenshtein's distance: letters to add, drop or change. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, change))
    }
    row = next
  }
  return row[b.length] ?? 0
}
