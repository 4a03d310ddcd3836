/** Who has a port, in English: the sockets, their processes, and what to do about EADDRINUSE. */

import { formatEndpoint } from '../domain/endpoint.ts'
import type { Who, WhoConnection, WhoElsewhere, WhoProcess, WhoRules, WhoSocket } from '../domain/ports-who.ts'

export const whoHeadings = {
  processes: 'The processes',
  connections: 'Who is connected',
  inUse: 'If your program says EADDRINUSE',
  free: 'If your program cannot have it all the same',
} as const

const upper = (words: readonly string[]) => words.map((word) => word.toUpperCase()).join(' and ')

export function portInWords(port: number, names: Readonly<Record<string, string>>): string {
  const all = Object.entries(names)
  const [[, first] = ['', ''], ...more] = all
  if (more.length > 0 && more.every(([, name]) => name === first)) return `Port ${port}, by its number usually ${first}`
  const told = all.map(([protocol, name]) => `${name} over ${protocol.toUpperCase()}`)
  return told.length === 0 ? `Port ${port}` : `Port ${port}, by its number usually ${told.join(', ')}`
}

export const nobodyInWords = (port: number) => `Nobody has port ${port} here, neither over TCP nor over UDP.`

/** `TCP 0.0.0.0:8080 (IPv4): process 12 listens. 0 connections wait to be accepted; the backlog is 511.` */
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

/** The queue takes one connection more than the backlog says (sk_acceptq_is_full in include/net/sock.h): both are told. */
function waitingInWords({ waiting, backlog }: WhoSocket): string {
  if (waiting === null) return ''
  const waits = waiting === 1 ? '1 connection waits' : `${waiting} connections wait`
  return ` ${waits} to be accepted${backlog === null ? '' : `; the backlog is ${backlog}`}.`
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

/** systemd and inetd open a socket before the program is started that gets it, and so does a server for its workers. */
export const noSocketTime =
  'The kernel notes no time for a socket. It is no older than its process, unless another one opened it and handed it over.'

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
  'No listener has it now, and connections do: of a listener that has gone, or of a client that asked for this number. Each is closed when its process closes it or ends.'

/** What to do where it is taken. */
export function inUseAdvice({ processes, sockets, rules: { isSuperuser } }: Who): string[] {
  const sudo = isSuperuser === true ? '' : 'sudo '
  const units = new Map(processes.flatMap(({ unit }) => (unit === null ? [] : [[unit.name, unit] as const])))
  const isHidden = sockets.some(({ pids }) => pids.length === 0)
  return [
    ...endingAdvice(
      processes.filter(({ unit }) => unit === null),
      isSuperuser === true,
    ),
    ...[...units.values()].map(({ name, isOfUser }) =>
      isOfUser
        ? `Stop the service: systemctl --user stop ${name}. After a kill alone systemd may start it again.`
        : `Stop the service: ${sudo}systemctl stop ${name}. After a kill alone systemd may start it again.`,
    ),
    ...(isHidden
      ? [
          isSuperuser === true
            ? 'No process here has the socket that shows no program: it is of the kernel, or of a process outside of this container.'
            : 'The program is of another user, or in another container: root can see whose it is.',
        ]
      : []),
    ...(processes.length === 0
      ? []
      : [
          'Leave kill -9 for a program that does not end: it can save nothing then, nor finish what its clients wait for.',
        ]),
    ...(sockets.some(({ protocol }) => protocol === 'tcp') ? TCP_ADVICE : UDP_ADVICE),
  ]
}

const TCP_ADVICE = [
  'Or take another port: server.listen(0) lets the system choose one, and server.address().port tells which.',
  'SO_REUSEADDR does not help against a listener: Node sets it for every TCP listener on Unix anyway. With reusePort two may listen, if both ask for it and belong to one user; then they share the clients.',
]

const UDP_ADVICE = [
  'Or take another port: socket.bind(0) lets the system choose one, and socket.address().port tells which.',
  'With the option reuseAddr of node:dgram several sockets may have the number, if all of them ask for it. A datagram for this machine alone then reaches one of them.',
]

/** A server starts its workers, and ends them: to end one worker makes it start another. */
function endingAdvice(processes: readonly WhoProcess[], isSuperuser: boolean): string[] {
  const pids = processes.map(({ pid }) => pid)
  const first = processes.filter(({ parent }) => parent === null || !pids.includes(parent)).map(({ pid }) => pid)
  if (pids.length === 0) return []
  const others = isSuperuser ? '' : ' For processes of other users: sudo kill.'
  if (first.length === 1 && pids.length > 1) {
    return [
      `Ask the process to end that started the others: kill ${first[0]}. A server ends its workers then, as a rule; ask those that are left.${others}`,
    ]
  }
  return [
    `Ask the process${pids.length === 1 ? '' : 'es'} to end: kill ${first.join(' ')}. The program can finish its work then, and its sockets are closed with it.${others}`,
  ]
}

export const boundOnlyAdvice =
  'A socket that is only bound is in no table of /proc/net, and still has the number. It may begin to listen at any time.'

export const clientEndAdvice =
  'The number is the end of a connection that a program here opened. As a rule the kernel chose it, and it is free again when the connection ends. Listen on numbers outside the range of clients.'

/** Nobody has it: what could refuse it all the same. */
export function freeAdvice(port: number, rules: WhoRules): string[] {
  const {
    isSuperuser,
    isUserNamespace,
    unprivilegedPortStart: first,
    ephemeralRange,
    isReserved,
    hasIPv6,
    seesBoundOnly,
  } = rules
  const isPrivileged = port < (first ?? 1024)
  const isOfClients = ephemeralRange !== null && port >= ephemeralRange[0] && port <= ephemeralRange[1]
  return [
    ...(isPrivileged && isSuperuser !== true
      ? [
          `EACCES: ports below ${first ?? 1024} are privileged. They need root, the capability CAP_NET_BIND_SERVICE, or another net.ipv4.ip_unprivileged_port_start.`,
        ]
      : []),
    ...(isPrivileged && isSuperuser === true && isUserNamespace === true
      ? [
          `EACCES: ports below ${first ?? 1024} are privileged. You are root in a user namespace, which has a right to them only in networks that were made in it.`,
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
