/** Connections that stay, as lines between their two ends: each end once, so that a shared one shows. */

import { formatEndpoint, unmapped } from '../../domain/endpoint.ts'
import type { Endpoint, Protocol } from '../../domain/endpoint.ts'
import type { Step } from '../../domain/evidence.ts'
import type { Json } from '../../domain/json.ts'
import type { SocketRow, TcpState } from '../../domain/socket-row.ts'

/** What was seen at one end: nothing yet, or which processes have it open, and in which state it was last. */
export type End = { endpoint: Endpoint; isSeen: boolean; pids: Set<number>; state: TcpState | null }

export type Connection = { protocol: Protocol; client: End; server: End }

/** A program does not tell the protocol: of what was listed it is known, and else the words are those of TCP. */
type Seen = {
  protocol: Protocol | null
  own: Endpoint
  peer: Endpoint
  pids: number[]
  state: TcpState | null
  isClient?: boolean
}

/** `listening`: the ports on which somebody listened, which tell the server's end. */
export function connectionsOf(steps: readonly Step[], listening: ReadonlySet<number>): Connection[] {
  const found = new Map<string, Connection>()
  const all = steps.flatMap(seenIn)
  for (const seen of [...all.filter(isListed), ...all.filter((one) => !isListed(one))]) {
    const own = { ...seen.own, address: unmapped(seen.own.address) }
    const peer = { ...seen.peer, address: unmapped(seen.peer.address) }
    const ends = [own, peer].map(formatEndpoint).toSorted().join(' ')
    const protocol = seen.protocol ?? (found.has(`udp ${ends}`) ? 'udp' : 'tcp')
    const key = `${protocol} ${ends}`
    const known = found.get(key)
    const isClient = known
      ? formatEndpoint(known.client.endpoint) === formatEndpoint(own)
      : (seen.isClient ?? (listening.has(peer.port) || !listening.has(own.port)))
    const connection = known ?? {
      protocol,
      client: endAt(isClient ? own : peer),
      server: endAt(isClient ? peer : own),
    }
    see(isClient ? connection.client : connection.server, seen)
    found.set(key, connection)
  }
  return [...found.values()]
}

const isListed = ({ protocol }: Seen) => protocol !== null

function endAt(endpoint: Endpoint): End {
  return { endpoint, isSeen: false, pids: new Set(), state: null }
}

function see(end: End, { pids, state }: Seen): void {
  end.isSeen = true
  end.state = state ?? end.state
  // In TIME-WAIT the kernel alone keeps it.
  if (state === 'TIME-WAIT') end.pids.clear()
  if (end.state !== 'TIME-WAIT') for (const pid of pids) end.pids.add(pid)
}

/** A socket that is connected to itself has one end. */
export function isOwnPeer({ client, server }: Connection): boolean {
  return formatEndpoint(client.endpoint) === formatEndpoint(server.endpoint)
}

function seenIn(step: Step): Seen[] {
  if (step.kind === 'list') return step.saw.rows.flatMap(rowSeen)
  if (step.kind === 'said')
    return toldEnds(step.saw.value).map((ends) => ({ protocol: null, ...ends, pids: [step.saw.pid], state: null }))
  if (step.kind !== 'start' && step.kind !== 'proceed') return []
  const isClient = step.saw.outcome === 'connected'
  return step.saw.rows.flatMap((row) => rowSeen(row).map((seen) => ({ ...seen, isClient })))
}

function rowSeen({ protocol, local, peer, state, holders }: SocketRow): Seen[] {
  if (!peer || peer.port === 0) return []
  return [{ protocol, own: local, peer, pids: holders.map(({ pid }) => pid), state }]
}

/** A program that tells of `own` and `peer` means the two ends of a connected socket. */
function toldEnds(value: Json): { own: Endpoint; peer: Endpoint }[] {
  if (typeof value !== 'object' || value === null) return []
  if (Array.isArray(value)) return (value as readonly Json[]).flatMap(toldEnds)
  const { own, peer } = value as Readonly<Record<string, Json>>
  return isEndpoint(own) && isEndpoint(peer) ? [{ own, peer }] : []
}

function isEndpoint(value: Json | undefined): value is Endpoint {
  return typeof value === 'object' && value !== null && 'address' in value && 'port' in value
}
