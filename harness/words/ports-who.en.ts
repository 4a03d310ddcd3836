/** Who has a port, in English: the sockets, their processes, and what to do about EADDRINUSE. */

import { formatEndpoint } from '../domain/endpoint.ts'
import type { WhoConnection, WhoElsewhere, WhoProcess, WhoRules, WhoSocket } from '../domain/ports-who.ts'

export const whoHeadings = {
  processes: 'The processes',
  connections: 'Who is connected',
  inUse: 'If your program says EADDRINUSE',
  free: 'If your program cannot have it all the same',
} as const

const upper = (words: readonly string[]) => words.map((word) => word.toUpperCase()).join(' and ')

export function portInWords(port: number, names: Readonly<Record<string, string>>): string {
  const told = Object.entries(names).map(([protocol, name]) => `${name} over ${protocol.toUpperCase()}`)
  return told.length === 0 ? `Port ${port}` : `Port ${port}, by its number usually ${told.join(', ')}`
}

export const nobodyInWords = (port: number) => `Nobody has port ${port} here, neither over TCP nor over UDP.`

/** `TCP 0.0.0.0:8080 (IPv4): process 12 listens. 0 connections wait to be accepted, 511 may.` */
export function socketInWords(socket: WhoSocket, port: number): string {
  const { protocol, family, address, device, takesIPv4 } = socket
  const over = takesIPv4 === true ? 'IPv6, and IPv4 too' : takesIPv4 === false ? 'IPv6 only' : family
  const through = device === null ? '' : `, through ${device}`
  const where = `${protocol.toUpperCase()} ${formatEndpoint({ address, port })} (${over}${through})`
  return `${where}: ${holderInWords(socket)} ${doesInWords(socket)}${waitingInWords(socket)}`
}

function holderInWords({ pids, owner }: WhoSocket): string {
  if (pids.length > 1) return `processes ${pids.join(', ')} share a socket that`
  if (pids.length === 1) return `process ${pids[0]}`
  return owner === null ? 'a socket whose program is not seen' : `a socket of ${owner}, whose program is not seen,`
}

function doesInWords({ protocol, peer, state }: WhoSocket): string {
  if (peer !== null && protocol === 'udp') return `receives on it from ${formatEndpoint(peer)} alone.`
  if (peer !== null) return `has it as its end of a connection to ${formatEndpoint(peer)} (${state ?? 'TCP'}).`
  if (state === 'LISTEN') return 'listens.'
  return protocol === 'udp' ? 'receives what is sent to it.' : 'is bound to it, and does not listen.'
}

function waitingInWords({ waiting, backlog }: WhoSocket): string {
  if (waiting === null) return ''
  const may = backlog === null ? '' : `, ${backlog} may`
  return waiting === 1
    ? ` 1 connection waits to be accepted${may}.`
    : ` ${waiting} connections wait to be accepted${may}.`
}

export const processInWords = ({ pid, command, user }: WhoProcess) =>
  `Process ${pid}${command === null ? '' : ` (${command})`}${user === null ? '' : ` of ${user}`}`

export function processLines({ commandLine, startedAt, isFileGone, unit }: WhoProcess, now: Date): string[] {
  return [
    ...(commandLine === null ? [] : [`Started as: ${commandLine.join(' ')}`]),
    ...(startedAt === null
      ? []
      : [`Runs since ${timeInWords(new Date(startedAt))}, ${agoInWords(now.getTime() - Date.parse(startedAt))}.`]),
    ...(unit === null ? [] : [`It belongs to ${unit.name} of systemd.`]),
    ...(isFileGone === true ? ['Its program file is gone from the disk.'] : []),
  ]
}

export const noSocketTime = 'The kernel notes no time for a socket: it is no older than its process.'

/** `2026-11-22 09:05:07`, by the clock of this machine. */
function timeInWords(time: Date): string {
  const two = (number: number) => String(number).padStart(2, '0')
  const day = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`
  return `${day} ${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`
}

const UNITS: readonly [seconds: number, one: string][] = [
  [86_400, 'day'],
  [3600, 'hour'],
  [60, 'minute'],
  [1, 'second'],
]

function agoInWords(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000))
  const [length, one] = UNITS.find(([least]) => seconds >= least) ?? [1, 'second']
  const count = Math.floor(seconds / length)
  return `${count} ${one}${count === 1 ? '' : 's'} ago`
}

export function connectionInWords({ peer, state, there }: WhoConnection): string {
  const who = there === null ? '' : `, process ${there.pid}${there.command === null ? '' : ` (${there.command})`} here`
  return `${formatEndpoint(peer)}${who}${state === 'ESTABLISHED' || state === null ? '' : `: ${state}`}`
}

export function timeWaitInWords(count: number, longestMs: number | null): string {
  const many = count === 1 ? '1 connection in TIME-WAIT is left' : `${count} connections in TIME-WAIT are left`
  const ends = longestMs === null ? '' : ` The kernel forgets the last one in ${Math.ceil(longestMs / 1000)} seconds.`
  return `${many}: closed, and kept by the kernel alone.${ends} Where this end was a listener's, a Node server may listen again meanwhile; a program that does not set SO_REUSEADDR may not.`
}

export const connectionsAreOfNobody =
  'No listener has it now: the connections of one that has gone still do. Each is closed when its process closes it or ends.'

/** What to do where it is taken. `isOwn`: whether this user may end all of these processes. */
export function inUseAdvice(processes: readonly WhoProcess[], hidden: boolean, isSuperuser: boolean | null): string[] {
  const sudo = isSuperuser === true ? '' : 'sudo '
  const plain = processes.filter(({ unit }) => unit === null).map(({ pid }) => pid)
  const units = new Map(processes.flatMap(({ unit }) => (unit === null ? [] : [[unit.name, unit] as const])))
  return [
    ...(plain.length === 0
      ? []
      : [
          `Ask ${plain.length === 1 ? 'the process' : 'the processes'} to end: kill ${plain.join(' ')}. The program can finish its work then, and its sockets are closed with it.${isSuperuser === true ? '' : ' For processes of other users: sudo kill.'}`,
        ]),
    ...[...units.values()].map(({ name, isOfUser }) =>
      isOfUser
        ? `Stop the service: systemctl --user stop ${name}. After a kill alone systemd may start it again.`
        : `Stop the service: ${sudo}systemctl stop ${name}. After a kill alone systemd may start it again.`,
    ),
    ...(hidden
      ? [
          isSuperuser === true
            ? 'No process here has the socket that shows no program: it is of the kernel, or of another container. Look for it there.'
            : 'The program is of another user, or in another container: root can see whose it is.',
        ]
      : []),
    'Leave kill -9 for a program that does not end: it has no chance to save anything, and its clients get a reset.',
    'Or take another port: server.listen(0) lets the system choose one, and server.address().port tells which.',
    'SO_REUSEADDR does not help against a listener: Node sets it for every TCP listener on Unix anyway. With reusePort two may listen, if both ask for it and belong to one user; then they share the clients.',
  ]
}

export const boundOnlyAdvice =
  'A socket that is only bound is in no table of /proc/net, and still has the number. It may begin to listen at any time.'

export const clientEndAdvice =
  'The number is the end of a connection that a program here opened. The kernel chose it, and it is free again when the connection ends. Listen on numbers outside the range of clients.'

/** Nobody has it: what could refuse it all the same. */
export function freeAdvice(port: number, rules: WhoRules): string[] {
  const { isSuperuser, unprivilegedPortStart: first, ephemeralRange, isReserved, hasIPv6, seesBoundOnly } = rules
  const isPrivileged = port < (first ?? 1024)
  const isOfClients = ephemeralRange !== null && port >= ephemeralRange[0] && port <= ephemeralRange[1]
  return [
    ...(isPrivileged && isSuperuser !== true
      ? [
          `EACCES: ports below ${first ?? 1024} are privileged. They need root, the capability CAP_NET_BIND_SERVICE, or another net.ipv4.ip_unprivileged_port_start.`,
        ]
      : []),
    ...(isOfClients && isReserved !== true
      ? [
          `EADDRINUSE, now and then: clients get their ports from ${ephemeralRange[0]} to ${ephemeralRange[1]}, and one of them may have ${port} for a while.`,
        ]
      : []),
    ...(isReserved === true
      ? [`The kernel keeps ${port} from clients (ip_local_reserved_ports). Who asks for it by number gets it.`]
      : []),
    ...(hasIPv6 === false ? ['EAFNOSUPPORT or EADDRNOTAVAIL over IPv6: there is no IPv6 here.'] : []),
    ...(seesBoundOnly
      ? []
      : ['A TCP socket that is bound and does not listen: it takes the number, and is not seen here.']),
    'EADDRNOTAVAIL: it is the address that this machine does not have, whatever the port is.',
    'EADDRINUSE: the program may ask for another number than you think, run in another container than this shell, or have met a holder that has ended since.',
  ]
}

export function elsewhereInWords({ pid, command, protocols }: WhoElsewhere): string {
  const program = command === null ? '' : ` (${command})`
  return `In another network namespace, such as a container's, process ${pid}${program} has it over ${upper(protocols)}. Each namespace has all numbers for itself: that one is in nobody's way here.`
}
