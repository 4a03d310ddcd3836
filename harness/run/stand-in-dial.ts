/** A handed-in client, seen from outside: where it dialled, and from which port. */

import type { Endpoint } from '../domain/endpoint.ts'
import { formatEndpoint } from '../domain/endpoint.ts'
import { Inconclusive } from '../domain/inconclusive.ts'
import type { Started } from '../domain/observation.ts'
import { readKernelTables } from '../listing/kernel-tables.ts'
import type { StandIn } from '../process/stand-in.ts'
import { waitFor } from '../process/wait.ts'
import type { StageContext } from './stage-context.ts'
import { howItEnded, lastWords, saidLast, socketsOf } from './stand-in-sockets.ts'

/**
 * How long a client is watched that has nothing to hear: its server stands still, so nobody but the client can close. One
 * that waits for its server does nothing in this time, however slow it is.
 */
const STAY_MS = 300

/** A client is seen at the server's end: a program of the lab accepted it, and says from where it came. */
export async function seeClient(context: StageContext, standIn: StandIn): Promise<Partial<Started>> {
  const { cast, limits, signal } = context
  const port = standIn.told
  const servers = cast.members.filter((member) => member !== standIn)
  const heard = servers.map(({ events }) => events.length)
  const accepted = (): Endpoint | undefined => {
    for (const [index, { events }] of servers.entries()) {
      const event = events.slice(heard[index]).find((one) => one.event === 'accepted')
      if (event && 'peer' in event) return event.peer
    }
    return undefined
  }
  const startedAt = performance.now()
  try {
    await seeWhetherItStays(context, standIn)
  } finally {
    for (const server of servers) server.signal('SIGCONT')
  }
  let endedSince: number | null = null
  const look = () => {
    const now = performance.now()
    endedSince ??= standIn.end === undefined ? null : now
    // Its end and what the server tells come by two pipes, and nobody knows which is read first.
    const isOver = now - startedAt > limits.readyMs || (endedSince !== null && now - endedSince > limits.rowMs)
    return accepted() ?? (isOver ? null : undefined)
  }
  const local = await waitFor(look, {
    limitMs: 2 * limits.readyMs,
    signal,
    what: `${standIn.program} (process ${standIn.pid}) to connect to port ${port}`,
    onChange: (again) => cast.onChange(again),
  })
  standIn.isReady = local !== null
  const [first, last] = context.ephemeralRange ?? [0, Infinity]
  if (local !== null && (local.port < first || local.port > last)) {
    cast.find('chooses-its-port', standIn.program, { found: local.port, range: `${first} to ${last}` })
  }
  if (local !== null) return { outcome: 'connected', protocol: 'tcp', local, rows: socketsOf(standIn) }
  if (!standIn.hasStarted) {
    throw new Inconclusive(`the sandbox for ${standIn.program} could not be made${saidLast(standIn)}`)
  }
  const { end, program } = standIn
  const [dialled] = socketsOf(standIn).flatMap(({ peer }) => (peer ? [formatEndpoint(peer)] : []))
  cast.find('does-not-connect', program, {
    told: port,
    ...(dialled !== undefined && { found: dialled }),
    ...(end && { how: howItEnded(end) }),
    said: lastWords(standIn),
  })
  return {}
}

/**
 * The kernel connects a client to a listener whose program stands still. Whoever sends the first FIN puts the other end
 * into CLOSE-WAIT, RFC 9293, section 3.6; a reset takes the row away. A client that has shut down one direction only still
 * has its socket, and hears.
 */
async function seeWhetherItStays({ cast, limits, signal }: StageContext, standIn: StandIn): Promise<void> {
  const { told: port, program } = standIn
  const atServer = () => rowsOn(port).find(({ local, peer }) => local.port === port && peer !== null)
  const startedAt = performance.now()
  const isLate = () => performance.now() - startedAt > limits.readyMs
  const wait = { limitMs: 2 * limits.readyMs, signal, onChange: (look: () => void) => standIn.onChange(look) }
  const first = await waitFor(() => atServer() ?? (standIn.end !== undefined || isLate() ? null : undefined), {
    ...wait,
    what: `${program} (process ${standIn.pid}) to be connected to port ${port}`,
  })
  if (first === null) return
  const seenAt = performance.now()
  const isOver = () => performance.now() - seenAt > STAY_MS * limits.scale
  const hasClosed = () => atServer()?.state !== 'ESTABLISHED' && !hasSocketTo(standIn, port)
  const closed = await waitFor(() => hasClosed() || (isOver() ? false : undefined), { ...wait, what: 'nothing' })
  if (closed) cast.find('closes-first', program)
}

function rowsOn(port: number) {
  return readKernelTables({ port, protocol: 'tcp', holders: false })?.rows ?? []
}

function hasSocketTo(standIn: StandIn, port: number): boolean {
  return socketsOf(standIn, 'tcp').some(({ peer }) => peer?.port === port)
}
