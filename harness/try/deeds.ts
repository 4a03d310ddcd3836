/** Opens and ends real sockets, and looks in the system's tables whether that is so. */

import type { Endpoint } from '../domain/endpoint.ts'
import { addressFamily, formatEndpoint } from '../domain/endpoint.ts'
import type { Ended, Started } from '../domain/observation.ts'
import type { Asked } from '../domain/program-event.ts'
import type { SocketRow } from '../domain/socket-row.ts'
import type { Running } from '../process/running.ts'
import { waitFor } from '../process/wait.ts'
import { allRowsOnPort, heldBy, isOpen } from '../run/rows.ts'
import type { StageContext } from '../run/stage-context.ts'
import { endProgram, hear } from '../run/step-program.ts'
import { becomeReady } from '../run/step-start.ts'
import { canonical } from '../theories/reach.ts'

/** The rows of a process that are left on the port once one of its sockets is closed. */
export type Closed = { program: string; pid: number; rows: SocketRow[] }

/** Sockets that stand in the tables: a TCP socket that is bound and does not listen is in none. */
type Shown = Pick<Asked, 'protocol' | 'address'>

/** `before`: the sockets of this process that the tables show already. */
export async function openSocket(
  context: StageContext,
  running: Running,
  name: number,
  asked: Asked,
  before: readonly Shown[],
): Promise<Started> {
  const heard = running.events.length
  running.write(`${name} ${lineFor(asked)}\n`)
  const started = await becomeReady(context, running, heard)
  const isShown = started.outcome === 'listening' || (started.outcome === 'bound' && asked.protocol === 'udp')
  if (!isShown || !started.local) return { ...started, asked }
  const wanted = before.filter((one) => isAlike(one, asked)).length + 1
  const rows = await ownRows(context, running, { ...asked, ...started.local }, (found) => found.length >= wanted)
  return { ...started, asked, rows }
}

function lineFor({ protocol, address, port, listens, ipv6Only, reusePort, reuseAddr }: Asked): string {
  const options = { ipv6Only, reusePort, reuseAddr, bound: protocol === 'tcp' && !listens }
  const words = Object.entries(options).flatMap(([word, isAsked]) => (isAsked ? [word] : []))
  return [protocol, address, port, ...words].join(' ')
}

/** `left`: the sockets of this process that the tables should still show. */
export async function closeSocket(
  context: StageContext,
  running: Running,
  name: number,
  asked: Asked,
  left: readonly Shown[],
): Promise<Closed> {
  const { program, pid } = running
  await hear(context, pid, `${name} close`, 'closed')
  const wanted = left.filter((one) => isAlike(one, asked)).length
  const rows = await ownRows(context, running, asked, (found) => found.length <= wanted)
  return { program, pid, rows }
}

/** `ended`: it ends by itself, or by somebody else's hand. */
export async function endProcess(context: StageContext, { pid }: Running, how: 'kill' | 'ended'): Promise<Ended> {
  return await endProgram(context, how, pid)
}

/** Whether the tables show such a socket of this process now. */
export async function isThere({ pid }: Running, { protocol, address, port }: Shown & Endpoint): Promise<boolean> {
  return (await rowsOf(pid, { protocol, address, port })).length > 0
}

function isAlike(one: Shown, other: Shown): boolean {
  return one.protocol === other.protocol && canonical(one.address) === canonical(other.address)
}

/** The open rows of one process with this protocol and endpoint, as soon as there are so many. */
async function ownRows(
  { limits, signal }: StageContext,
  { program, pid }: Running,
  { protocol, address, port }: Shown & Endpoint,
  isEnough: (rows: readonly SocketRow[]) => boolean,
): Promise<SocketRow[]> {
  const look = async () => {
    const rows = await rowsOf(pid, { protocol, address, port })
    return isEnough(rows) ? rows : undefined
  }
  const what = `the system's tables to agree with what ${program} (process ${pid}) says of ${formatEndpoint({ address, port })}`
  return await waitFor(look, { limitMs: limits.rowMs, signal, what })
}

async function rowsOf(pid: number, { protocol, address, port }: Shown & Endpoint): Promise<SocketRow[]> {
  const rows = await allRowsOnPort(port, [pid], { protocol, family: addressFamily(address) })
  return rows.filter((row) => isOpen(row) && heldBy(row, [pid]) && canonical(row.local.address) === canonical(address))
}

/** One that lives on has closed its socket itself, and is not waited for longer. */
const DYING_MS = 1000

/** A process that dies loses its sockets first, and only then is its end told (do_exit in the kernel's exit.c). */
export async function endOfDying({ signal }: StageContext, running: Running): Promise<void> {
  const onChange = (look: () => void) => running.onChange(look)
  const what = `the end of process ${running.pid}`
  await waitFor(() => running.end, { limitMs: DYING_MS, signal, what, onChange }).catch(() => {})
}
