/** The document's rule for what others can reach: the IPv4 lines of netstat with LISTEN or udp, without 127.0.0.1. */

import type { Listed, Ran, Said, Started } from '../../harness/lab.ts'
import { dialledOf, isAnsweredBy } from './dialled.ts'

/** `netstat -A inet -na | grep -E 'LISTEN|udp' | grep -v 127.0.0.1` */
export const keptLines = ({ printed }: Ran) =>
  printed.filter((line) => /LISTEN|udp/.test(line) && !line.includes('127.0.0.1'))

/** The same from the rows of any listing, where there is no netstat. */
const keptPorts = ({ rows }: Listed) =>
  rows
    .filter(({ family, protocol, state }) => family === 'IPv4' && (protocol === 'udp' || state === 'LISTEN'))
    .filter(({ local }) => local.address !== '127.0.0.1')
    .map(({ local }) => local.port)

/** Whether the rule keeps the listener on this port. */
export const isKept = (netstat: Ran | null, listed: Listed, port: number) =>
  netstat ? keptLines(netstat).some((line) => line.includes(`:${port} `)) : keptPorts(listed).includes(port)

/** What the rule says of the listener that was dialled, and whether it was reached: only a refusal says that it was not. */
export function judged(
  netstat: Ran | null,
  listed: Listed,
  said: Said,
  server: Started,
): 'kept-and-reached' | 'kept-and-not-reached' | 'left-out-and-reached' | 'left-out-and-not-reached' | 'other' {
  const { port, outcome } = dialledOf(said)
  const isReached = isAnsweredBy(said, server)
  if (!isReached && outcome !== 'ECONNREFUSED') return 'other'
  return `${isKept(netstat, listed, port) ? 'kept' : 'left-out'}-and-${isReached ? 'reached' : 'not-reached'}`
}
