/** Small parts of English sentences. They stand alone: whoever needs one must not load the words of everything else. */

/** `a`, `a and b`, `a, b and c`. */
export function asJoined(names: readonly string[]): string {
  const last = names.at(-1) ?? ''
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`
}

/** `66,000`. The first toLocaleString of a process loads Node's tables of all languages: 20 ms. */
export function inThousands(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ',')
}
