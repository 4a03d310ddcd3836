/** One spelling for every IPv6 address (RFC 5952), so that rows of different listings can be held against each other. */

import { isIPv6 } from 'node:net'

export { formatIPv6 } from './ipv6-text.ts'

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
