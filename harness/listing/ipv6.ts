/** One spelling for every IPv6 address (RFC 5952), so that rows of different listings can be held against each other. */

import { isIPv6 } from 'node:net'

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

/** The eight groups of an address without brackets and zone, or `null` where the text is none (or was cut). */
export function parseIPv6(text: string): number[] | null {
  if (!isIPv6(text) || text.includes('%')) return null
  const dotted = /(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(text)
  const bytes = dotted === null ? [] : dotted.slice(1).map(Number)
  const tail: number[] = []
  for (let index = 0; index < bytes.length; index += 2) tail.push((bytes[index] ?? 0) * 256 + (bytes[index + 1] ?? 0))
  const [before = '', after] = (dotted === null ? text : text.slice(0, dotted.index)).split('::')
  const head = groupsOf(before)
  const end = [...groupsOf(after ?? ''), ...tail]
  return [...head, ...Array<number>(8 - head.length - end.length).fill(0), ...end]
}

function groupsOf(text: string): number[] {
  return text
    .split(':')
    .filter((group) => group !== '')
    .map((group) => parseInt(group, 16))
}
