/** What a listing cannot say, or was not asked for: whoever explains its rows must know. */

import type { Blind, ListingFormat } from '../domain/look.ts'
import type { SocketRow, TcpState } from '../domain/socket-row.ts'
import type { Asked } from './asked.ts'

export type BlindQuestion = { format: ListingFormat; rows: readonly SocketRow[]; asked?: Asked }

const BLINDNESSES: readonly { blind: Blind; holds: (seen: Seen, asked: Asked) => boolean }[] = [
  { blind: 'processes', holds: ({ rows, held }) => rows > 0 && held === 0 },
  { blind: 'some-processes', holds: ({ held, unheld }) => held > 0 && unheld > 0 },
  {
    blind: 'other-users',
    holds: ({ isLsof, users }) => isLsof && users.size === 1 && !users.has('root') && !users.has('0'),
  },
  { blind: 'dual-stack', holds: ({ untoldWildcards }) => untoldWildcards > 0 },
  { blind: 'states', holds: ({ tcp, stateless }) => tcp > 0 && stateless === tcp },
  { blind: 'connections', holds: ({ connections }, asked) => isMissing(connections, asked.connections) },
  { blind: 'tcp', holds: ({ tcp }, asked) => isMissing(tcp, asked.tcp) },
  { blind: 'udp', holds: ({ rows, tcp }, asked) => isMissing(rows - tcp, asked.udp) },
  { blind: 'IPv4', holds: ({ rows, ipv6 }, asked) => isMissing(rows - ipv6, asked.IPv4) },
  { blind: 'IPv6', holds: ({ ipv6 }, asked) => isMissing(ipv6, asked.IPv6) },
]

/** Without the question known, a listing that has no row of a kind may not have been asked for it. */
function isMissing(count: number, asked: boolean | undefined): boolean {
  return asked === undefined ? count === 0 : !asked
}

/** A listing without rows is blind to what its question left out, and to nothing else that could be known. */
export function blindnessOf({ format, rows, asked = {} }: BlindQuestion): Blind[] {
  const seen = counted(rows, format)
  return BLINDNESSES.flatMap(({ blind, holds }) => (holds(seen, asked) ? [blind] : []))
}

type Seen = ReturnType<typeof counted>

function counted(rows: readonly SocketRow[], format: ListingFormat) {
  const isLsof = format === 'lsof' || format === 'lsof-fields'
  const users = new Set<string>()
  const listening = new Set<number>()
  const seen = {
    rows: rows.length,
    held: 0,
    unheld: 0,
    untoldWildcards: 0,
    tcp: 0,
    stateless: 0,
    connections: 0,
    ipv6: 0,
  }
  for (const row of rows) if (row.state === 'LISTEN') listening.add(row.local.port)
  for (const row of rows) {
    if (row.holders.length > 0) seen.held += 1
    else if (!mayHaveNone(row, listening)) seen.unheld += 1
    for (const { user } of row.holders) if (user !== undefined) users.add(user)
    if (row.local.address === '::' && row.peer === null && row.takesIPv4 === null) seen.untoldWildcards += 1
    if (row.protocol === 'tcp') seen.tcp += 1
    if (row.protocol === 'tcp' && row.state === null) seen.stateless += 1
    if (row.peer !== null) seen.connections += 1
    if (row.family === 'IPv6') seen.ipv6 += 1
  }
  return { ...seen, isLsof, users }
}

/** Such sockets may belong to no process: their program has closed them, or has not accepted them yet. */
function mayHaveNone({ state, local }: SocketRow, listening: ReadonlySet<number>): boolean {
  if (state === 'ESTABLISHED' || state === 'CLOSE-WAIT') return listening.has(local.port)
  return state !== null && NO_LONGER_HELD.has(state)
}

const NO_LONGER_HELD: ReadonlySet<TcpState> = new Set([
  'TIME-WAIT',
  'NEW-SYN-RECEIVED',
  'SYN-RECEIVED',
  'FIN-WAIT-1',
  'FIN-WAIT-2',
  'LAST-ACK',
  'CLOSING',
])
