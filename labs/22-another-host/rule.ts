/** The document's rule for what others can reach: the IPv4 lines of netstat with LISTEN or udp, without 127.0.0.1. */

import type { Listed, Ran, Said } from '../../harness/lab.ts'
import { dialledOf } from './dialled.ts'

/** `netstat -A inet -na | grep -E 'LISTEN|udp' | grep -v 127.0.0.1` */
export const keptLines = ({ printed }: Ran) =>
  printed.filter((line) => /LISTEN|udp/.test(line) && !line.includes('127.0.0.1'))

/** The same from the rows of any listing, where there is no netstat. */
const keptPorts = ({ rows }: Listed) =>
  rows
    .filter(({ family, protocol, state }) => family === 'IPv4' && (protocol === 'udp' || state === 'LISTEN'))
    .filter(({ local }) => local.address !== '127.0.0.1')
    .map(({ local }) => local.port)

/** What the rule says of the listener that was dialled, and whether it was reached. */
export function judged(
  netstat: Ran | null,
  listed: Listed,
  said: Said,
): 'kept-and-reached' | 'kept-and-not-reached' | 'left-out-and-reached' | 'left-out-and-not-reached' {
  const { port, outcome } = dialledOf(said)
  const isKept = netstat
    ? keptLines(netstat).some((line) => line.includes(`:${port} `))
    : keptPorts(listed).includes(port)
  return `${isKept ? 'kept' : 'left-out'}-and-${outcome === 'connected' ? 'reached' : 'not-reached'}`
}
