/** Holds what a scan saw against the list of sockets: pure, port by port. */

import { addressFamily, isWildcard, unmapped } from '../domain/endpoint.ts'
import type { AskedPorts, Finding, NotReached, OutsideView, ScanOfAddress } from '../domain/ports-outside.ts'
import { isHostName, isLoopback, isLoopbackDevice, isMulticast } from '../domain/reach.ts'
import type { SocketRow } from '../domain/socket-row.ts'

/**
 * The open sockets before the scan and after it. `gone`: what was open and is not any more, as `tcp 127.0.0.1 80`.
 * `devices`: which network device has an address, as far as that is known.
 */
export type Sight = {
  before: SocketRow[]
  after: SocketRow[]
  isHidden: boolean
  gone: Set<string>
  devices: ReadonlyMap<string, string>
}

export function isAsked(port: number, ports: readonly AskedPorts[]): boolean {
  return ports.some(({ from, to }) => from <= port && port <= to)
}

type Seen = { socket: SocketRow; isInBoth: boolean }

export function findingsOf(scans: readonly ScanOfAddress[], ports: readonly AskedPorts[], sight: Sight): Finding[] {
  const byPort = Map.groupBy(seenOf(sight), ({ socket }) => keyOf(socket.protocol, socket.local.port))
  const found: Finding[] = []
  for (const scan of scans) {
    if (scan.problem !== null) continue
    const { protocol, open, silent } = scan
    const states = new Map([
      ...open.map((port) => [port, 'open'] as const),
      ...silent.map((port) => [port, 'silent'] as const),
    ])
    const listed = [...byPort.values()].flatMap(([one]) =>
      one?.socket.protocol === protocol ? one.socket.local.port : [],
    )
    const all = new Set([...open, ...listed.filter((port) => isAsked(port, ports))])
    for (const port of all) {
      found.push(
        ...findingsAt(scan, port, states.get(port) ?? 'closed', byPort.get(keyOf(protocol, port)) ?? [], sight),
      )
    }
  }
  return joined(found.filter((one) => !isElsewhereOnly(one, scans)).map((one) => withOtherSource(one, found)))
}

/** A connected UDP socket takes answers from its peer's address only (udp(7)): the scanner's is one. */
function withOtherSource(finding: Finding, all: readonly Finding[]): Finding {
  if (finding.kind !== 'listed-not-reached' || finding.why !== 'silent-udp') return finding
  const { port, bound } = finding
  const [place = ''] = bound.map((one) => JSON.stringify(one))
  const answers = (one: Finding) =>
    one.kind === 'open-and-listed' &&
    one.protocol === 'udp' &&
    one.port === port &&
    one.bound.some((other) => JSON.stringify(other) === place)
  const isStar = bound.every(({ address }) => isWildcard(address))
  return isStar && all.some(answers) ? { ...finding, why: 'other-source' } : finding
}

/** What was asked at one address and port: who takes it, and which others have the number. */
function findingsAt(
  { protocol, address }: ScanOfAddress,
  port: number,
  state: 'open' | 'closed' | 'silent',
  sockets: readonly Seen[],
  { isHidden, gone, devices }: Sight,
): Finding[] {
  const told = sockets.map((seen) => ({ ...seen, why: whyNotTaken(seen.socket, address, devices) }))
  const isTaker = ({ why }: (typeof told)[number]) => (isPerhaps(why) ? state !== 'closed' : why === null)
  const takers = mostSpecific(told.filter(isTaker))
  const about = (some: readonly Seen[]) => aboutSockets(protocol, port, address, some)
  const found: Finding[] = []
  if (state === 'open' && takers.length > 0) found.push({ ...about(takers), kind: 'open-and-listed' })
  else if (state === 'open') {
    const isGone = gone.has(`${protocol} ${address} ${port}`)
    const why = isGone ? 'ended-meanwhile' : isHidden ? 'hidden' : 'not-in-the-tables'
    found.push({ ...about([]), kind: 'open-not-listed', why })
  } else {
    for (const one of takers) {
      found.push({ ...about([one]), kind: 'listed-not-reached', why: whyUnanswered(one, state) })
    }
  }
  for (const one of told) {
    if (isTaker(one) || one.why === null || takers.some((taker) => isOfSame(taker.socket, one.socket))) continue
    // Where the program has a socket for this version of IP as well, that one tells more.
    const isOfBoth = told.some((other) => other.why !== 'other-family' && isOfSame(other.socket, one.socket))
    if (one.why === 'other-family' && isOfBoth) continue
    found.push({ ...about([one]), kind: 'listed-not-reached', why: isPerhaps(one.why) ? PERHAPS[one.why] : one.why })
  }
  return found
}

/** What cannot be said before it was asked, and what it is where the answer was a refusal. */
const PERHAPS = { 'perhaps-family': 'other-family', 'perhaps-device': 'device' } as const

type Perhaps = keyof typeof PERHAPS

const isPerhaps = (why: NotReached | Perhaps | null): why is Perhaps => why !== null && Object.hasOwn(PERHAPS, why)

/** Why a socket does not take what is sent to an address of this machine; `null` where it does. */
function whyNotTaken(
  { local, takesIPv4, device, family }: SocketRow,
  to: string,
  devices: Sight['devices'],
): NotReached | Perhaps | null {
  const { address } = local
  if (isMulticast(address)) return 'group'
  if (!isWildcard(address)) {
    if (isHostName(address)) return 'perhaps-family'
    if (unmapped(address) !== to) return 'other-address'
  }
  const isOtherFamily = isWildcard(address) && addressFamily(to) !== family
  if (isOtherFamily && (family === 'IPv4' || takesIPv4 === false)) return 'other-family'
  const at = deviceOf(to, devices)
  if (device !== null && at === null) return 'perhaps-device'
  if (device !== null && at !== nameOf(device)) return 'device'
  return isOtherFamily && takesIPv4 === null ? 'perhaps-family' : null
}

/**
 * What a machine sends to one of its own addresses goes over the loopback device; yet when the kernel looks for the
 * socket, it counts as come in over the device that has the address (orig_oif in net/ipv4/route.c).
 */
function deviceOf(address: string, devices: Sight['devices']): string | null {
  const device = isLoopback(address) ? LOOPBACK : devices.get(address)
  return device === undefined ? null : nameOf(device)
}

const LOOPBACK = 'lo'
const nameOf = (device: string) => (isLoopbackDevice(device) ? LOOPBACK : device)

function whyUnanswered({ socket, isInBoth }: Seen, state: 'closed' | 'silent'): NotReached {
  if (state === 'closed') return isInBoth ? 'refused' : 'ended-meanwhile'
  if (socket.protocol === 'udp') return 'silent-udp'
  const { receiveQueue, sendQueue } = socket
  // One more than the backlog may wait (sk_acceptq_is_full in include/net/sock.h).
  return receiveQueue !== null && sendQueue !== null && receiveQueue > sendQueue ? 'backlog-full' : 'filtered'
}

/** A socket that is bound to the very address comes before the wildcard address's. */
function mostSpecific<T extends Seen>(takers: readonly T[]): T[] {
  const specific = takers.filter(({ socket }) => !isWildcard(socket.local.address))
  return specific.length > 0 ? specific : [...takers]
}

function aboutSockets(protocol: Finding['protocol'], port: number, address: string, sockets: readonly Seen[]) {
  const holders = new Map(sockets.flatMap(({ socket }) => socket.holders.map((one) => [one.pid, one] as const)))
  const bound = sockets.map(({ socket }) => ({ address: socket.local.address, device: socket.device }))
  return { protocol, port, holders: [...holders.values()], bound, at: [address] }
}

/** Of one program, as far as can be seen. */
function isOfSame(one: SocketRow, other: SocketRow): boolean {
  if (one.holders.length === 0 || other.holders.length === 0) return one.uid === other.uid
  return one.holders.some(({ pid }) => other.holders.some((holder) => holder.pid === pid))
}

/** Bound to an address that was asked as well: there it is told, and nobody expects it at the others. */
function isElsewhereOnly(finding: Finding, scans: readonly ScanOfAddress[]): boolean {
  if (finding.kind !== 'listed-not-reached' || finding.why !== 'other-address') return false
  return finding.bound.every(({ address }) => scans.some((scan) => scan.address === unmapped(address)))
}

/** The same of one program at several addresses is told once. */
function joined(findings: readonly Finding[]): Finding[] {
  const groups = Map.groupBy(findings, (one) => {
    const why = 'why' in one ? one.why : ''
    const pids = one.holders.map(({ pid }) => pid)
    const isOpen = one.kind !== 'listed-not-reached'
    return [one.kind, why, one.protocol, one.port, pids.join('+'), isOpen ? '' : JSON.stringify(one.bound)].join(' ')
  })
  const all = [...groups.values()].flatMap(([first, ...rest]) => {
    if (first === undefined) return []
    const bound = new Map([first, ...rest].flatMap((one) => one.bound).map((one) => [JSON.stringify(one), one]))
    return [{ ...first, bound: [...bound.values()], at: [...new Set([first, ...rest].flatMap(({ at }) => at))] }]
  })
  return all.sort((a, b) => (a.protocol === b.protocol ? a.port - b.port : a.protocol < b.protocol ? -1 : 1))
}

/** Ports from which nothing came and where no listed socket takes anything. */
export function silentPorts(scans: readonly ScanOfAddress[], sight: Sight): OutsideView['silent'] {
  const byPort = Map.groupBy(seenOf(sight), ({ socket }) => keyOf(socket.protocol, socket.local.port))
  return scans.flatMap(({ protocol, address, silent }) => {
    const isTaken = (port: number) =>
      byPort.get(keyOf(protocol, port))?.some(({ socket }) => mayTake(socket, address, sight)) === true
    const ports = silent.filter((port) => !isTaken(port))
    return ports.length === 0 ? [] : [{ protocol, address, ports }]
  })
}

function mayTake(socket: SocketRow, address: string, { devices }: Sight): boolean {
  const why = whyNotTaken(socket, address, devices)
  return why === null || isPerhaps(why)
}

export function shortLived(ports: readonly AskedPorts[], { before, after }: Sight): OutsideView['shortLived'] {
  const [old, present] = [new Set(before.map(identity)), new Set(after.map(identity))]
  const told = (rows: readonly SocketRow[], other: ReadonlySet<string>, seen: 'before' | 'after') =>
    rows.flatMap((socket) =>
      isAsked(socket.local.port, ports) && !other.has(identity(socket)) ? [{ socket, seen }] : [],
    )
  return [...told(before, present, 'before'), ...told(after, old, 'after')]
}

/** Every socket once; of two looks the later one counts. */
function seenOf({ before, after }: Sight): Seen[] {
  const old = new Set(before.map(identity))
  const present = new Set(after.map(identity))
  return [
    ...after.map((socket) => ({ socket, isInBoth: old.has(identity(socket)) })),
    ...before.flatMap((socket) => (present.has(identity(socket)) ? [] : [{ socket, isInBoth: false }])),
  ]
}

const keyOf = (protocol: string, port: number) => `${protocol} ${port}`

/** A listing that prints no inode tells sockets apart by their holders. */
function identity({ protocol, local, device, inode, holders }: SocketRow): string {
  const who = inode ?? holders.map(({ pid }) => pid).join('+')
  return [protocol, local.address, local.port, device, who].join(' ')
}
