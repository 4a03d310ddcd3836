/** Which rows of a listing are no services: ends of connections, and what looks like the socket of a client. */

import type { About } from './about.ts'
import type { ClientRow, Service } from './service.ts'
import type { SocketRow, TcpState } from './socket-row.ts'

/**
 * A client's UDP socket without a peer looks like a server's: only its port hints at it, since who asks for none gets one
 * out of a range. Where the same number is held over TCP or over both versions of IP, somebody has chosen it.
 * `held`: over how many protocols and versions of IP the number is held.
 */
export function isPerhapsClient(
  { protocol, local, peer }: SocketRow,
  held: number,
  { ephemeralRange }: About,
): boolean {
  if (protocol !== 'udp' || peer !== null || ephemeralRange === null) return false
  const [from, to] = ephemeralRange
  return held === 1 && local.port >= from && local.port <= to
}

/** States in which a connection is being closed, or is kept by the kernel alone. */
const CLOSING: ReadonlySet<TcpState | null> = new Set<TcpState>([
  'FIN-WAIT-1',
  'FIN-WAIT-2',
  'TIME-WAIT',
  'CLOSE-WAIT',
  'LAST-ACK',
  'CLOSING',
  'CLOSED',
])

export function clientsOf(rows: readonly SocketRow[], services: readonly Service[], about: About): ClientRow[] {
  const served = new Set(services.flatMap(({ port, protocols }) => protocols.map((protocol) => `${port}/${protocol}`)))
  const portOf = new Map<number, number>()
  for (const { port, processes } of services.toReversed()) for (const { pid } of processes) portOf.set(pid, port)
  return rows.map((row) => {
    const kind = kindOf(row, served, about)
    const ports = row.holders.flatMap(({ pid }) => portOf.get(pid) ?? [])
    return { row, kind, alsoServes: kind === 'calling' || kind === 'perhaps-client' ? (ports[0] ?? null) : null }
  })
}

function kindOf(row: SocketRow, served: ReadonlySet<string>, { ephemeralRange }: About): ClientRow['kind'] {
  const { protocol, local, peer, state } = row
  if (peer === null) return protocol === 'udp' ? 'perhaps-client' : 'not-listening'
  if (CLOSING.has(state)) return 'closing'
  if (served.has(`${local.port}/${protocol}`)) return 'served'
  // A listing of connections alone names no service. Then the end whose number no client would get is the server's.
  const isOfClients = (port: number) =>
    ephemeralRange !== null && port >= ephemeralRange[0] && port <= ephemeralRange[1]
  return ephemeralRange !== null && !isOfClients(local.port) && isOfClients(peer.port) ? 'served' : 'calling'
}
