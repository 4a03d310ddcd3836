/** The name that somebody may have meant. */

/** Longer words are nobody's slip of the pen, and comparing them takes time. */
const MOST_LETTERS = 100

/** The name that differs in the fewest letters; null where every one of them differs in most. */
export function nearestName(word: string, names: readonly string[]): string | null {
  if (word.length > MOST_LETTERS) return null
  const [nearest] = names
    .map((name) => ({ name, letters: distance(word.toLowerCase(), name.toLowerCase()) }))
    .filter(({ name, letters }) => letters <= Math.max(word.length, name.length) / 2)
    .sort((a, b) => a.letters - b.letters)
  return nearest?.name ?? null
}

/** Levenshtein's distance: letters to add, drop or change. */
export function distance(a: string, b: string): number {
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
