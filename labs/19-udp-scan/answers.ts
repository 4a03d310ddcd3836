/** Reads off what a scan of UDP ports, nmap and the listings answered. */

import { openRows, scannedPorts } from '../../harness/lab.ts'
import type { Listed, PortState, Ran, Scanned } from '../../harness/lab.ts'

/** In the words of nmap: from a UDP port of which nothing comes nobody can tell more than `open|filtered`. */
export type State = Extract<PortState, 'open' | 'closed' | 'open|filtered'>

export function stateOf({ open, silent }: Scanned, port: number): State {
  return open.includes(port) ? 'open' : silent.includes(port) ? 'open|filtered' : 'closed'
}

/** Scans of neighbouring ranges of one address, as one scan of all these ports. */
export function joined(scans: readonly Scanned[]): Scanned {
  const [first, ...rest] = scans as [Scanned, ...Scanned[]]
  return rest.reduce(
    (one, next) => ({
      ...one,
      to: next.to,
      open: [...one.open, ...next.open],
      closed: one.closed + next.closed,
      silent: [...one.silent, ...next.silent],
      metItself: [...one.metItself, ...next.metItself],
    }),
    first,
  )
}

/** How many ports the scan tells of, where that is as many as it asked. */
export function countOf({ from, to, open, closed, silent }: Scanned): number | null {
  const asked = to - from + 1
  return open.length + closed + silent.length === asked ? asked : null
}

export function threeAnswers(scanned: Scanned, expected: { open: number; silent: number }) {
  const asked = countOf(scanned)
  if (asked === null) return 'other'
  if (scanned.closed < asked / 2) return 'few-answers'
  const isRight = scanned.open.join() === `${expected.open}` && scanned.silent.join() === `${expected.silent}`
  return isRight ? 'three-answers' : 'other-ports'
}

/** Whether nmap says of each of its ports what the scan says. */
export function agreement(nmap: Ran, scanned: Scanned, asked: number): 'the-same' | 'another-answer' | 'other' {
  const told = scannedPorts(nmap)
  if (nmap.exitCode !== 0 || told.length !== asked) return 'other'
  return told.every(({ port, state }) => state === stateOf(scanned, port)) ? 'the-same' : 'another-answer'
}

/** The protocols that have this port on the wildcard address of IPv6. */
export function onWildcard(listed: Listed, wanted: number): string[] {
  const rows = openRows(listed).filter(({ local: { address, port } }) => address === '::' && port === wanted)
  return rows.map(({ protocol }) => protocol)
}

/** The listings that name a network device for the socket. */
export function showingDevice(listed: Listed): string[] {
  const all = [listed, ...listed.others]
  return all.filter(({ rows }) => rows.some(({ device }) => device !== null)).map(({ source }) => source)
}

export function deviceIsShown(listed: Listed) {
  const sources = showingDevice(listed)
  if (sources.length === 0) return 'none'
  if (sources.length > listed.others.length) return 'every-listing'
  return sources.join() === 'ss' ? 'ss-only' : 'other'
}

/** How many closed ports of the second host answered, where over loopback each of the same numbers did. */
export function answered(here: Scanned, there: Scanned) {
  const asked = countOf(there)
  if (asked === null || here.closed !== asked || there.open.length > 0) return 'other'
  if (there.closed === 0) return 'none'
  return there.closed < asked / 2 ? 'few' : 'most'
}
