/** What deserves a look in a list of services. A number, and a program's name too, is only a hint of what it is. */

import type { About } from './about.ts'
import type { Protocol } from './endpoint.ts'
import type { ScannedPort } from './look.ts'
import { isLoopback, isOpenToOthers } from './reach.ts'
import type { Concern, Raised, Service } from './service.ts'
import { CONCERNS } from './service.ts'
import { isSystemUser } from './users.ts'

type Hint = { concern: Concern; usually: string }

/** Of the registry of RFC 6335 and the programs' own manuals. X11 adds the number of the display to 6000. */
const BY_NUMBER: readonly (Hint & { protocol: Protocol | null; from: number; to?: number })[] = [
  { concern: 'login-in-clear', protocol: 'tcp', from: 21, usually: 'FTP' },
  { concern: 'login-in-clear', protocol: 'tcp', from: 23, usually: 'telnet' },
  { concern: 'login-in-clear', protocol: 'tcp', from: 512, usually: 'rexec' },
  { concern: 'login-in-clear', protocol: 'tcp', from: 513, usually: 'rlogin' },
  { concern: 'login-in-clear', protocol: 'tcp', from: 514, usually: 'rsh' },
  { concern: 'files-for-anyone', protocol: 'udp', from: 69, usually: 'TFTP' },
  { concern: 'files-for-anyone', protocol: null, from: 2049, usually: 'NFS' },
  { concern: 'display', protocol: 'tcp', from: 6000, to: 6063, usually: 'X11' },
  { concern: 'remote-calls', protocol: null, from: 111, usually: 'rpcbind' },
  { concern: 'database', protocol: 'tcp', from: 1433, usually: 'Microsoft SQL Server' },
  { concern: 'database', protocol: 'tcp', from: 1521, usually: 'Oracle' },
  { concern: 'database', protocol: 'tcp', from: 2379, to: 2380, usually: 'etcd' },
  { concern: 'database', protocol: 'tcp', from: 3306, usually: 'MySQL or MariaDB' },
  { concern: 'database', protocol: 'tcp', from: 33060, usually: 'MySQL' },
  { concern: 'database', protocol: 'tcp', from: 5432, usually: 'PostgreSQL' },
  { concern: 'database', protocol: 'tcp', from: 5984, usually: 'CouchDB' },
  { concern: 'database', protocol: 'tcp', from: 6379, usually: 'Redis' },
  { concern: 'database', protocol: 'tcp', from: 7474, usually: 'Neo4j' },
  { concern: 'database', protocol: 'tcp', from: 8086, usually: 'InfluxDB' },
  { concern: 'database', protocol: 'tcp', from: 9042, usually: 'Cassandra' },
  { concern: 'database', protocol: 'tcp', from: 9200, usually: 'Elasticsearch' },
  { concern: 'database', protocol: 'tcp', from: 9300, usually: 'Elasticsearch' },
  { concern: 'database', protocol: null, from: 11211, usually: 'memcached' },
  { concern: 'database', protocol: 'tcp', from: 27017, to: 27019, usually: 'MongoDB' },
  { concern: 'debugger', protocol: 'tcp', from: 2159, usually: 'gdbserver' },
  { concern: 'debugger', protocol: 'tcp', from: 5005, usually: 'the debugger of Java (JDWP)' },
  { concern: 'debugger', protocol: 'tcp', from: 5678, usually: 'debugpy, of Python' },
  { concern: 'debugger', protocol: 'tcp', from: 9222, usually: 'the debugger of Chrome' },
  { concern: 'debugger', protocol: 'tcp', from: 9229, usually: 'the debugger of Node' },
]

const OF_NUMBER = Map.groupBy(
  BY_NUMBER.flatMap((one) =>
    Array.from({ length: (one.to ?? one.from) - one.from + 1 }, (_, index) => ({ ...one, from: one.from + index })),
  ),
  ({ from }) => from,
)

/** By the name of the program, whatever its number is. */
const BY_PROGRAM: Readonly<Record<string, Hint>> = {
  telnetd: { concern: 'login-in-clear', usually: 'telnet' },
  'in.telnetd': { concern: 'login-in-clear', usually: 'telnet' },
  rlogind: { concern: 'login-in-clear', usually: 'rlogin' },
  'in.rlogind': { concern: 'login-in-clear', usually: 'rlogin' },
  vsftpd: { concern: 'login-in-clear', usually: 'FTP' },
  proftpd: { concern: 'login-in-clear', usually: 'FTP' },
  'pure-ftpd': { concern: 'login-in-clear', usually: 'FTP' },
  tftpd: { concern: 'files-for-anyone', usually: 'TFTP' },
  'in.tftpd': { concern: 'files-for-anyone', usually: 'TFTP' },
  atftpd: { concern: 'files-for-anyone', usually: 'TFTP' },
  rpcbind: { concern: 'remote-calls', usually: 'rpcbind' },
  postgres: { concern: 'database', usually: 'PostgreSQL' },
  mysqld: { concern: 'database', usually: 'MySQL' },
  mariadbd: { concern: 'database', usually: 'MariaDB' },
  mongod: { concern: 'database', usually: 'MongoDB' },
  'redis-server': { concern: 'database', usually: 'Redis' },
  'valkey-server': { concern: 'database', usually: 'Valkey' },
  memcached: { concern: 'database', usually: 'memcached' },
  etcd: { concern: 'database', usually: 'etcd' },
  influxd: { concern: 'database', usually: 'InfluxDB' },
  gdbserver: { concern: 'debugger', usually: 'gdbserver' },
  'lldb-server': { concern: 'debugger', usually: 'lldb-server' },
  debugserver: { concern: 'debugger', usually: 'debugserver, of LLDB' },
  dlv: { concern: 'debugger', usually: 'Delve, of Go' },
}

/** lsof cuts a command to so many characters, unless it is told otherwise. */
const CUT = 9

const CUT_PROGRAMS: Readonly<Record<string, Hint>> = Object.fromEntries(
  Object.entries(BY_PROGRAM).map(([name, hint]) => [name.slice(0, CUT), hint]),
)

type Plain = Omit<Service, 'concerns'>

/** How many services of one number, whose programs are known, there are over each protocol. */
export type Rivals = Readonly<Record<Protocol, number>>

export function rivalsOf(sameNumber: readonly Plain[]): Rivals {
  const known = sameNumber.filter(hasProgram)
  const count = (protocol: Protocol) => known.filter(({ protocols }) => protocols.includes(protocol)).length
  return { tcp: count('tcp'), udp: count('udp') }
}

export function concernsOf(service: Plain, rivals: Rivals, about: About): Raised[] {
  const raised = [
    ...hintsOf(service),
    ...(isOneOfTwo(service, rivals) ? [alone('two-programs')] : []),
    ...(service.port === 0 ? [alone('no-port')] : []),
    ...(isPrivilegedOfOrdinary(service, about) ? [alone('privileged-by-ordinary-user')] : []),
    ...(service.processes.some(({ isFileGone }) => isFileGone === true) ? [alone('file-gone')] : []),
  ]
  if (raised.length === 0) return []
  const first = new Map(raised.toReversed().map((one) => [one.concern, one]))
  return CONCERNS.flatMap((concern) => first.get(concern) ?? [])
}

const alone = (concern: Concern): Raised => ({ concern, usually: null })

/** Of what other machines reach. The program comes first: it says more than its number. */
function hintsOf({ port, protocols: all, processes, reachOver }: Plain): Raised[] {
  const protocols = all.filter((protocol) => reachOver[protocol]?.some(isOpenToOthers))
  if (protocols.length === 0) return []
  const programs = processes.flatMap(({ command }) => {
    const table = command?.length === CUT ? CUT_PROGRAMS : BY_PROGRAM
    return command !== null && Object.hasOwn(table, command) ? (table[command] ?? []) : []
  })
  const numbers = (OF_NUMBER.get(port) ?? []).filter(
    ({ protocol }) => protocol === null || protocols.includes(protocol),
  )
  return [...programs, ...numbers].map(({ concern, usually }) => ({ concern, usually }))
}

/** Of a port that a scan found: its number is all that is known. What is open on loopback alone nobody else reaches. */
export function concernsOfScanned(address: string, { port, protocol, state }: ScannedPort): Raised[] {
  if (state !== 'open' || isLoopback(address)) return []
  const hints = (OF_NUMBER.get(port) ?? []).filter((one) => one.protocol === null || one.protocol === protocol)
  return hints.map(({ concern, usually }) => ({ concern, usually }))
}

/** One number over TCP in one program and over UDP in another: the name of the number can fit one of them only. */
function isOneOfTwo(service: Plain, rivals: Rivals): boolean {
  const [protocol, ...more] = service.protocols
  if (protocol === undefined || more.length > 0 || service.port === 0 || !hasProgram(service)) return false
  return rivals[protocol] === 1 && rivals[protocol === 'tcp' ? 'udp' : 'tcp'] > 0
}

const hasProgram = ({ processes }: Plain) => processes.some(({ command }) => command !== null)

/** As ip_unprivileged_port_start has it from the start, and as the BSDs have it (ip(4), IP_PORTRANGE). */
const UNPRIVILEGED_FROM = 1024

function isPrivilegedOfOrdinary({ port, processes, sockets }: Plain, about: About): boolean {
  if (port === 0 || port >= (about.unprivilegedPortStart ?? UNPRIVILEGED_FROM)) return false
  const users = processes.map(({ pid, user, command }) => {
    const uid = about.processes?.get(pid)?.uid ?? null
    return { user: uid === null ? user : String(uid), command }
  })
  // Where the process is hidden, the owner of the socket is its user as a rule.
  const all =
    users.length > 0 ? users : sockets.map(({ owner, uid }) => ({ user: uid?.toString() ?? owner, command: null }))
  return (
    all.some(({ user }) => user !== null) &&
    all.every(({ user, command }) => user !== null && !isSystemUser(user, command))
  )
}
