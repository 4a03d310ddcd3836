/** Puts the rows of a listing together: the sockets of each service, and the rows that belong to clients. */

import type { About } from './about.ts'
import { NOTHING_KNOWN } from './about.ts'
import { clientsOf, isPerhapsClient } from './clients.ts'
import { concernsOf, rivalsOf } from './concerns.ts'
import { isWildcard } from './endpoint.ts'
import { reachesOf, widestOf } from './reach.ts'
import type { ClientRow, Service, ServiceProcess, ServiceSocket } from './service.ts'
import type { SocketRow } from './socket-row.ts'
import { usualName } from './usual-names.ts'

/** The services are in the order of their numbers, the clients in that of the listing. */
export function servicesOf(
  rows: readonly SocketRow[],
  about: About = NOTHING_KNOWN,
): { services: Service[]; clients: ClientRow[] } {
  const byPort = Map.groupBy(rows.filter(isOpen), ({ local }) => local.port)
  const services: Service[] = []
  const asClients = new Set<SocketRow>()
  for (const [port, all] of [...byPort].sort(([a], [b]) => a - b)) {
    const versions = new Set(all.map(({ protocol, family }) => `${protocol} ${family}`))
    const open = all.filter((row) => !isPerhapsClient(row, versions.size, about))
    if (open.length < all.length) for (const row of all) asClients.add(row)
    const plain = togetherHeld(open).map((some) => summary(port, some, about))
    plain.sort((a, b) => compare(a.protocols.join(), b.protocols.join()) || firstPid(a) - firstPid(b))
    const rivals = rivalsOf(plain)
    for (const one of plain) services.push({ ...one, concerns: concernsOf(one, rivals, about) })
  }
  const rest = rows.filter((row) => !isOpen(row) || asClients.has(row))
  return { services, clients: clientsOf(rest, services, about) }
}

/**
 * What waits for whoever comes: TCP listeners, and UDP sockets without a peer. Where a listing shows no states, a TCP row
 * without a peer is taken for a listener; it may be bound only.
 */
export function isOpen({ protocol, state, stateAsPrinted, peer }: SocketRow): boolean {
  if (peer !== null) return false
  return protocol === 'udp' || state === 'LISTEN' || (state === null && stateAsPrinted === '')
}

/**
 * Rows of one number that a process or a program has in common. A row whose holder is hidden stands with others of the
 * same protocol and owner: nothing says that the program is another one.
 */
function togetherHeld(rows: readonly SocketRow[]): SocketRow[][] {
  if (rows.length < 2) return rows.map((row) => [row])
  const leader = new Map<string, string>()
  const leaderOf = (key: string): string => {
    let one = key
    for (let next = leader.get(one); next !== undefined && next !== one; next = leader.get(one)) one = next
    leader.set(key, one)
    return one
  }
  const keys = rows.map(keysOf)
  for (const [first = '', ...others] of keys) {
    const one = leaderOf(first)
    for (const other of others) leader.set(leaderOf(other), one)
  }
  return [...Map.groupBy(rows, (_, index) => leaderOf(keys[index]?.[0] ?? '')).values()]
}

function keysOf({ holders, protocol, uid }: SocketRow): string[] {
  if (holders.length === 0) return [`hidden ${protocol} ${uid}`]
  return holders.flatMap(({ pid, command, user = '' }) => [
    `process ${pid}`,
    ...(command === null ? [] : [`program ${command} of ${user}`]),
  ])
}

function summary(port: number, rows: readonly SocketRow[], about: About): Omit<Service, 'concerns'> {
  const sockets = socketsOf(rows, about)
  const protocols = [...new Set(sockets.map(({ protocol }) => protocol))]
  const reachOver = Object.fromEntries(
    protocols.map((protocol) => {
      const own = sockets.filter((socket) => socket.protocol === protocol)
      return [protocol, reachesOf(port, own, about.addresses)] as const
    }),
  )
  return {
    port,
    protocols,
    usualName: usualName(port, protocols, about.usualNames),
    sockets,
    processes: processesOf(rows, about),
    reach: widestOf(Object.values(reachOver).flat()),
    reachOver,
  }
}

function socketsOf(rows: readonly SocketRow[], about: About): ServiceSocket[] {
  const groups = Map.groupBy(rows, ({ protocol, family, local, device, state, takesIPv4, uid }) =>
    [protocol, family, local.address, device, state, takesIPv4, uid].join(' '),
  )
  const sockets = [...groups.values()].flatMap((some) => {
    const [first] = some
    if (first === undefined) return []
    const { protocol, family, local, device, state, takesIPv4, uid } = first
    const pids = [...new Set(some.flatMap(({ holders }) => holders.map(({ pid }) => pid)))].sort((a, b) => a - b)
    const owner = uid === null ? null : (about.userNames?.get(uid) ?? null)
    const isListening: ServiceSocket['state'] = state === 'LISTEN' ? state : null
    const told = { protocol, family, address: local.address, device, takesIPv4, uid, owner, pids }
    return [{ ...told, state: isListening, sockets: some.length }]
  })
  return sockets.sort(inOrder)
}

/** TCP before UDP, IPv4 before IPv6, the wildcard address before others. */
function inOrder(a: ServiceSocket, b: ServiceSocket): number {
  return (
    compare(a.protocol, b.protocol) ||
    compare(a.family, b.family) ||
    Number(isWildcard(b.address)) - Number(isWildcard(a.address)) ||
    compare(a.address, b.address) ||
    compare(a.device ?? '', b.device ?? '')
  )
}

function processesOf(rows: readonly SocketRow[], about: About): ServiceProcess[] {
  const known = new Map<number, ServiceProcess>()
  for (const { pid, command, user } of rows.flatMap(({ holders }) => holders)) {
    const facts = about.processes?.get(pid)
    const before = known.get(pid)
    known.set(pid, {
      pid,
      command: before?.command ?? command,
      user: before?.user ?? user ?? facts?.user ?? facts?.uid?.toString() ?? null,
      isFileGone: facts?.isFileGone ?? null,
    })
  }
  return [...known.values()].sort((a, b) => a.pid - b.pid)
}

const firstPid = ({ processes: [first] }: Omit<Service, 'concerns'>) => first?.pid ?? Number.MAX_SAFE_INTEGER

/** By code unit: localeCompare takes as long as all the rest on a listing of a hundred thousand rows. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
