/**
 * The start of a handed-in program, seen from outside: it is ready when the operating system's tables show its socket on
 * the port that it was told. What it prints does not count.
 */

import { isIPv6 } from 'node:net'

import { formatEndpoint } from '../domain/endpoint.ts'
import { Inconclusive } from '../domain/inconclusive.ts'
import type { Started } from '../domain/observation.ts'
import type { FindingKind, Role } from '../domain/role.ts'
import type { SocketRow } from '../domain/socket-row.ts'
import { readKernelTables } from '../listing/kernel-tables.ts'
import type { SocketOptions } from '../process/socket-options.ts'
import { readSocketOptions } from '../process/socket-options.ts'
import type { StandIn } from '../process/stand-in.ts'
import { waitFor } from '../process/wait.ts'
import { canonical } from '../theories/reach.ts'
import { isOpen } from './rows.ts'
import { seeClient } from './stand-in-dial.ts'
import { howItEnded, isCrash, lastWords, saidLast, socketsOf } from './stand-in-sockets.ts'
import type { Cast } from './cast.ts'
import type { StageContext } from './stage-context.ts'

/** A program may open several sockets: one that is elsewhere counts once it has been the only one for this long. */
const ELSEWHERE_MS = 1000
/** What is found of a program that did not get the socket that it was to have. */
const NOT_READY: readonly FindingKind[] = [
  'does-not-listen',
  'only-prints',
  'listens-elsewhere',
  'another-protocol',
  'ended-early',
  'crashed',
]
/** How often the tables are looked at. In a network of its own they are short. */
const LOOK_MS = 10

export async function seeStart(context: StageContext, standIn: StandIn): Promise<Started> {
  const seen = await (standIn.role.part === 'client' ? seeClient(context, standIn) : seeServer(context, standIn))
  const { program, pid } = standIn
  return { program, pid, outcome: 'running', protocol: null, local: null, rows: [], error: null, asked: null, ...seen }
}

async function seeServer(context: StageContext, standIn: StandIn): Promise<Partial<Started>> {
  const { cast, limits, signal } = context
  const { role, program } = standIn
  const port = standIn.told
  let elsewhereSince: number | null = null
  // What did not come the first time will hardly come the second time.
  const isKnown = NOT_READY.some((kind) => cast.knows(kind, program))
  const patienceMs = isKnown ? ELSEWHERE_MS : limits.readyMs
  const startedAt = performance.now()
  const isThere = (row: SocketRow) => isOpen(row) && row.local.port === port
  const look = () => {
    const there = socketsOf(standIn, role.protocol).filter(isThere)
    if (there.length > 0) return { there, open: there }
    // What goes on in the background may have the socket a moment later.
    const isOver = standIn.hasAllEnded() || standIn.tookTooMuch
    const open = socketsOf(standIn).filter(isOpen)
    const now = performance.now()
    elsewhereSince = open.length > 0 ? (elsewhereSince ?? now) : null
    const isElsewhere = elsewhereSince !== null && now - elsewhereSince > ELSEWHERE_MS
    const isLate = now - startedAt > patienceMs
    return isOver || isElsewhere || isLate ? { there, open } : undefined
  }
  const { there, open } = await waitFor(look, {
    limitMs: 2 * limits.readyMs,
    signal,
    what: `${program} (process ${standIn.pid}) to have a socket on port ${port}`,
    onChange: (again) => standIn.onChange(again),
    pollMs: LOOK_MS,
  })
  const best = there.find(({ local }) => canonical(local.address) === canonical(role.address)) ?? there[0]
  if (best) {
    standIn.isReady = true
    const address = wrongAddress(role, best)
    if (address) cast.find(address, program, { told: role.address, found: best.local.address })
    else if (role.options.includes('ipv6Only') && (await hasOption(best, 'ipv6Only')) === false) {
      cast.find('takes-ipv4-too', program, {})
    } else if (isDualStack(role) && (await hasOption(best, 'ipv6Only')) === true) cast.find('ipv6-only', program, {})
    if (await sharesItsPort(standIn, best)) cast.find('shares-its-port', program, { told: port })
    return {
      outcome: role.protocol === 'udp' ? 'bound' : 'listening',
      protocol: role.protocol,
      local: best.local,
      rows: there,
    }
  }
  if (!standIn.hasStarted) throw new Inconclusive(`the sandbox for ${program} could not be made${saidLast(standIn)}`)
  const inTheWay = await rowsInTheWay(standIn, port)
  if (open.length === 0 && inTheWay.length > 0) await findWhyRefused(context, standIn, inTheWay)
  if (inTheWay.length === 0 || open.length > 0) findWhyNot(context, standIn, { port, open })
  // What it may still do would come at a time of its own, into the midst of other steps.
  standIn.killGroup()
  return open.length === 0 && inTheWay.length > 0 ? refusedBy(standIn.role, port, inTheWay) : {}
}

/**
 * Only the caller of bind(2) sees its error. From outside it is seen that the program got no socket, and that somebody
 * else has the port. That this program can listen at all must be seen elsewhere.
 */
function refusedBy(role: Role, port: number, rows: SocketRow[]): Partial<Started> {
  const where = formatEndpoint({ address: role.address, port })
  const message = `it got no socket on ${where}, and another one held the port`
  const error = { code: 'EADDRINUSE', errno: null, syscall: null, address: role.address, port, message }
  return { outcome: 'EADDRINUSE', rows, error }
}

function isDualStack({ address, options }: Role): boolean {
  return address === '::' && !options.includes('ipv6Only')
}

/** With SO_REUSEPORT on both, a port is no longer refused to the second one: that counts where there is another one. */
async function sharesItsPort(standIn: StandIn, own: SocketRow): Promise<boolean> {
  if (standIn.role.options.includes('reusePort') || (await hasOption(own, 'reusePort')) !== true) return false
  const rows = await rowsInTheWay(standIn, own.local.port)
  return rows.some(({ inode }) => inode !== own.inode)
}

/** Sockets of others with an address that is the same as its own, or that has it in it. */
async function rowsInTheWay({ role }: StandIn, port: number): Promise<SocketRow[]> {
  const rows = readKernelTables({ port })?.rows ?? []
  const open = rows.filter((row) => row.protocol === role.protocol && isOpen(row) && row.local.port === port)
  const areIn = await Promise.all(open.map((row) => isInTheWay(role, row)))
  return open.filter((_, index) => areIn[index])
}

/** ip(7), ipv6(7): a wildcard address has every address of its family in it, and :: the IPv4 ones, unless it is told not to. */
async function isInTheWay(role: Role, row: SocketRow): Promise<boolean> {
  const [own, other] = [canonical(role.address), canonical(row.local.address)]
  if (own === other) return true
  if (own !== '::' && other !== '::') return own === '0.0.0.0' || other === '0.0.0.0'
  if (own === '::') return !role.options.includes('ipv6Only') || isIPv6(other)
  return isIPv6(own) || (await hasOption(row, 'ipv6Only')) !== true
}

/**
 * Two programs with the same role, both with SO_REUSEPORT, may share a port. bind(2) looks whether the socket that binds
 * has the option, and whether each that is there has it. Where the first one has it and the second one was refused, the
 * second one had not set it yet.
 */
async function findWhyRefused({ cast }: StageContext, { role, program }: StandIn, rows: SocketRow[]): Promise<void> {
  if (!role.options.includes('reusePort')) return
  const others = cast.standIns.filter((other) => other.program === program && !other.isGone)
  const held = rows.find(({ holders }) => holders.some(({ pid }) => others.some(({ pids }) => pids.includes(pid))))
  const isSet = held && (await hasOption(held, 'reusePort'))
  if (held && rows.length === 1) cast.find(isSet === true ? 'option-after-bind' : 'address-in-use', program, {})
}

async function hasOption({ holders }: SocketRow, option: keyof SocketOptions): Promise<boolean | null> {
  const [holder] = holders
  if (!holder || holder.fd === null) return null
  return (await readSocketOptions(holder.pid, holder.fd))?.[option] ?? null
}

function wrongAddress({ address, protocol }: Role, { local }: SocketRow) {
  const found = canonical(local.address)
  if (found === canonical(address)) return null
  const isLoopback = found === '::1' || found.startsWith('127.')
  if ((address === '0.0.0.0' || address === '::') && isLoopback) return 'loopback-only' as const
  if (address === '::' && found === '0.0.0.0' && protocol === 'tcp') return 'ipv4-only' as const
  return 'another-address' as const
}

function findWhyNot(
  { cast, limits }: StageContext,
  standIn: StandIn,
  { port, open }: { port: number; open: SocketRow[] },
): void {
  const { program, role, end, printed } = standIn
  const elsewhere = open.find(({ protocol }) => protocol === role.protocol)
  const [another] = open
  const said = lastWords(standIn)
  // Of one that took too much nothing else is told: cast.ts.
  if (standIn.tookTooMuch) return
  if (elsewhere) cast.find('listens-elsewhere', program, { told: port, found: formatEndpoint(elsewhere.local) })
  else if (another)
    cast.find('another-protocol', program, {
      told: nameOf(role),
      found: `${nameOf(another)} ${formatEndpoint(another.local)}`,
    })
  else if (end?.exitCode === 127 || end?.exitCode === 126) cast.find('cannot-be-started', program, { said })
  else if (!end && printed.trim() !== '') cast.find('only-prints', program, { said })
  else if (end && leftFromBefore(cast, standIn) > 0) cast.find('address-in-time-wait', program, { told: port })
  else if (end) cast.find(isCrash(end) ? 'crashed' : 'ended-early', program, { how: howItEnded(end), said })
  else cast.find('does-not-listen', program, { told: port, waitedMs: Math.round(limits.readyMs) })
}

/** How many connections of an earlier start of this program are left on its port, in TIME-WAIT. */
function leftFromBefore(cast: Cast, { program, told }: StandIn): number {
  if (!cast.standIns.some((other) => other.program === program && other.isReady)) return 0
  const rows = readKernelTables({ port: told, protocol: 'tcp', holders: false })?.rows ?? []
  return rows.filter(({ state }) => state === 'TIME-WAIT').length
}

const nameOf = ({ protocol }: Pick<SocketRow, 'protocol'>) => protocol.toUpperCase()
