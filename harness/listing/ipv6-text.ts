/** The text of an IPv6 address (RFC 5952). Apart from the reading of such texts, which loads all of node:net. */

/** The RFC 5952 text of an address given as eight 16-bit groups; IPv4-mapped ones end in dotted decimal. */
export function formatIPv6(groups: readonly number[]): string {
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff
  if (isMapped) {
    const bytes = groups.slice(6).flatMap((group) => [group >> 8, group & 0xff])
    return `::ffff:${bytes.join('.')}`
  }
  const { start, length } = longestZeroRun(groups)
  const hex = groups.map((group) => group.toString(16))
  if (length < 2) return hex.join(':') // RFC 5952, section 4.2.2: a single zero group is not shortened
  return `${hex.slice(0, start).join(':')}::${hex.slice(start + length).join(':')}`
}

/** The first of the longest runs of zero groups (RFC 5952, section 4.2.3). */
function longestZeroRun(groups: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 }
  let length = 0
  for (const [index, group] of groups.entries()) {
    length = group === 0 ? length + 1 : 0
    if (length > best.length) best = { start: index - length + 1, length }
  }
  return best
}
