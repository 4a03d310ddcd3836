/**
 * The order in which the answers to a question are offered. A lab lists them as they come to mind, mostly with the right
 * one first. So they are put in an order of their own: for everybody the same, and without meaning.
 */
export function offered(check: string, outcomes: readonly string[]): string[] {
  const place = (outcome: string) => scatter(`${check} ${outcome}`)
  return outcomes.toSorted((one, other) => place(one) - place(other))
}

/** FNV-1a, of 32 bits: names that are nearly alike come far from each other. */
function scatter(text: string): number {
  let hash = 0x811c9dc5
  for (const character of Buffer.from(text)) hash = Math.imul(hash ^ character, 0x01000193) >>> 0
  return hash
}
