/**
 * Clients of handed-in programs. Who was reached is seen in the kernel's tables, never taken from what the program says:
 * the program stands still while the kernel takes the connection, so that the queue of its listener still holds it when
 * the tables are read. listen(2): connections wait there until they are accepted.
 */

import { setTimeout as pause } from 'node:timers/promises'

import type { Endpoint, Protocol } from '../domain/endpoint.ts'
import { unmapped } from '../domain/endpoint.ts'
import type { Connected, Sent } from '../domain/observation.ts'
import type { SocketRow } from '../domain/socket-row.ts'
import { readKernelTables } from '../listing/kernel-tables.ts'
import type { Dialled } from '../network/connect.ts'
import { dial } from '../network/connect.ts'
import { sendDatagram } from '../network/datagram.ts'
import type { StandIn } from '../process/stand-in.ts'
import { waitFor } from '../process/wait.ts'
import type { Cast } from './cast.ts'
import { isOpen } from './rows.ts'
import type { StageContext } from './stage-context.ts'
import { socketsOf } from './stand-in-start.ts'

/** How long a server that accepted may be silent before its client speaks first. */
const SILENT_MS = 700
/** A server that had waited for its client goes on at once when the client speaks. */
const AT_ONCE_MS = 300
/** How often a table is looked at. */
const LOOK_MS = 5

type Member = { standIn: StandIn; row: SocketRow }

/** The handed-in programs that have a listener, or a UDP socket, on this port. */
export function standInsOn(cast: Cast, port: number, protocol: Protocol): Member[] {
  return cast.standIns.flatMap((standIn) => {
    if (standIn.isGone) return []
    const rows = socketsOf(standIn, protocol).filter((row) => isOpen(row) && row.local.port === port)
    return rows.map((row) => ({ standIn, row }))
  })
}

export async function connectAndSee(context: StageContext, to: Endpoint, from?: Partial<Endpoint>): Promise<Connected> {
  const { cast, limits, signal } = context
  const members = standInsOn(cast, to.port, 'tcp')
  const base = { to, heard: '', confirmedBy: null, servedBy: null, seenByServer: null }
  const enough = new AbortController()
  const client: { at?: ReturnType<typeof lookAt>; spokeAt?: number; watched?: Promise<void> } = {}
  const goOn = await holdStill(context, members)
  let dialled: Dialled
  try {
    dialled = await dial(to, {
      ...(from && { from }),
      silence: AbortSignal.any([signal, AbortSignal.timeout(Math.ceil(limits.silenceMs))]),
      enough: AbortSignal.any([signal, enough.signal]),
      onConnected(local, say) {
        client.at = lookAt(local, members)
        goOn()
        const speak = () => {
          client.spokeAt = performance.now()
          say('\n')
        }
        client.watched = listenTo(context, client.at, speak, enough)
      },
    })
  } finally {
    goOn()
  }
  const { outcome, local, heard, last } = dialled
  enough.abort('no more')
  await client.watched
  signal.throwIfAborted()
  if (outcome !== 'connected' || !local || !client.at) return { ...base, outcome, local }
  const { member, row, isTaken } = client.at
  const wasTaken = isTaken || last === 'line' || last === 'end'
  const name = member?.standIn.program
  if (member && !wasTaken) judgeUntaken(cast, member, performance.now() - client.at.sinceMs)
  if (member && wasTaken) member.standIn.served += 1
  if (!member) for (const { standIn } of members) standIn.isExcused = true
  const { spokeAt } = client
  if (name !== undefined && wasTaken && spokeAt !== undefined && last !== 'nothing') {
    const afterMs = Math.round(performance.now() - spokeAt)
    if (afterMs <= AT_ONCE_MS) cast.find('waits-for-the-client', name, { silentMs: SILENT_MS, afterMs })
  }
  return {
    ...base,
    outcome,
    local,
    heard,
    confirmedBy: heard === '' ? (row ? 'row' : null) : 'byte',
    servedBy: member && wasTaken ? { program: member.standIn.program, pid: member.standIn.pid } : null,
    seenByServer: row && wasTaken ? { local: row.local, peer: row.peer as Endpoint } : null,
  }
}

/**
 * Nobody was seen to accept. A listener that is still there has it in its queue. One that is gone was closed, and the
 * kernel has reset what waited; or its program was quick to accept, to reset and to end, and nobody saw it.
 */
function judgeUntaken(cast: Cast, { standIn, row }: Member, waitedMs: number): void {
  if (listenerOf({ standIn, row }, rowsBeside([{ standIn, row }]))) {
    cast.find('never-accepts', standIn.program, { waitedMs: Math.round(waitedMs) })
  } else if (waitedMs < AT_ONCE_MS) standIn.isExcused = true
}

/** What the tables show of a connection at the server's end, while the programs stand still. */
function lookAt(local: Endpoint, members: readonly Member[]) {
  const rows = rowsBeside(members)
  const row = rows.find(({ peer }) => peer?.port === local.port && unmapped(peer.address) === unmapped(local.address))
  const waiting = members.find((one) => listenerOf(one, rows)?.receiveQueue)
  return { member: waiting ?? null, row: row ?? null, sinceMs: performance.now(), isTaken: false }
}

/** The rows of the same port in the tables in which these sockets have theirs: each table takes the kernel its time. */
function rowsBeside(members: readonly Member[]): SocketRow[] {
  const tables = Map.groupBy(members, ({ row }) => `${row.protocol} ${row.family} ${row.local.port}`)
  return [...tables.values()].flatMap(([first]) => {
    if (!first) return []
    const { protocol, family, local } = first.row
    return readKernelTables({ port: local.port, protocol, family, holders: false })?.rows ?? []
  })
}

function listenerOf({ row }: Member, rows: readonly SocketRow[]): SocketRow | undefined {
  return rows.find(({ inode, state }) => state === 'LISTEN' && inode === row.inode)
}

/**
 * Waits until the connection was accepted: it is no longer in the listener's queue while the listener is there. Then the
 * server speaks, or closes, or neither: then the client speaks, and hears whether that was waited for.
 */
async function listenTo(
  { cast, limits }: StageContext,
  at: ReturnType<typeof lookAt>,
  speak: () => void,
  enough: AbortController,
): Promise<void> {
  const { member } = at
  const isKnown = member !== null && cast.knows('never-accepts', member.standIn.program)
  const until = performance.now() + (isKnown ? SILENT_MS : limits.readyMs)
  const heardAll = () => enough.signal.aborted
  while (member && !heardAll() && performance.now() < until) {
    const rows = rowsBeside([member])
    const listener = listenerOf(member, rows)
    // A connection that waits in a queue belongs to no file yet, and its row has no inode.
    const connection = rows.find(
      ({ local, peer }) => peer !== null && isSame(peer, at.row?.peer) && isSame(local, at.row?.local),
    )
    if (listener?.receiveQueue === 0 || (connection?.inode ?? null) !== null) at.isTaken = true
    if (!listener || at.isTaken) break
    await pause(LOOK_MS)
  }
  await pauseUntil(SILENT_MS, enough.signal)
  if (heardAll() || !at.isTaken) return enough.abort('no more')
  speak()
  await pauseUntil(2 * AT_ONCE_MS, enough.signal)
  enough.abort('no more')
}

function isSame(one: Endpoint, other: Endpoint | null | undefined): boolean {
  return one.port === other?.port && one.address === other.address
}

async function pauseUntil(ms: number, signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await pause(ms, undefined, { signal }).catch(() => {})
}

export async function sendAndSee(
  context: StageContext,
  to: Endpoint,
  text: string,
  from?: Partial<Endpoint>,
): Promise<Sent> {
  const { cast, limits, signal } = context
  const members = standInsOn(cast, to.port, 'udp')
  const enough = new AbortController()
  const over = AbortSignal.any([signal, enough.signal, AbortSignal.timeout(Math.ceil(limits.readyMs))])
  const waiting = () =>
    members.find(({ row }) => {
      const rows = rowsBeside(members)
      return (rows.find(({ inode }) => inode === row.inode)?.receiveQueue ?? 0) > 0
    })
  const goOn = await holdStill(context, members)
  const answer = sendDatagram(to, text, over, from)
  let isOver = false
  void answer.then(() => (isOver = true))
  // Until the kernel has put the datagram into a queue, or said that there is none.
  const wait = { limitMs: limits.readyMs, signal, pollMs: LOOK_MS }
  const queued = await waitFor(() => waiting() ?? (isOver ? null : undefined), {
    ...wait,
    what: 'the datagram to be in the queue of a socket',
  }).catch(() => null)
  goOn()
  const [, answered] = await Promise.all([watchQueue(limits.silenceMs, waiting, enough, () => isOver), answer])
  signal.throwIfAborted()
  const { outcome, local, heard } = answered
  const wasRead = outcome === 'received' || (queued !== null && !waiting() && !queued.standIn.isGone)
  if (queued && !wasRead) cast.find('does-not-read', queued.standIn.program, {})
  if (!queued) for (const { standIn } of members) standIn.isExcused = true
  const { program, pid } = queued?.standIn ?? {}
  if (queued && wasRead) queued.standIn.served += 1
  const isServed = wasRead && program !== undefined && pid !== undefined && local !== null
  return {
    outcome: isServed ? 'received' : outcome,
    to,
    local,
    text,
    heard,
    receivedBy: isServed ? { program, pid } : null,
    // The kernel hands over a datagram whole, udp(7).
    seenByServer: isServed ? { text, peer: local } : null,
  }
}

/** A datagram that was read may be answered, for a while. */
async function watchQueue(
  silenceMs: number,
  waiting: () => Member | undefined,
  enough: AbortController,
  isOver: () => boolean,
): Promise<void> {
  let quietSince: number | null = null
  while (!isOver()) {
    const now = performance.now()
    quietSince = waiting() ? null : (quietSince ?? now)
    if (quietSince !== null && now - quietSince > silenceMs) return enough.abort('no more')
    await pause(LOOK_MS)
  }
}

/**
 * Stops the programs where they stand, as SIGSTOP does, until what comes back is called. Stopped means that the kernel
 * says so for each of their processes: the signal is delivered some time after kill(2) returns.
 */
async function holdStill({ limits, signal }: StageContext, members: readonly Member[]): Promise<() => void> {
  const standIns = [...new Set(members.map(({ standIn }) => standIn))]
  for (const standIn of standIns) standIn.signal('SIGSTOP')
  await waitFor(() => standIns.every((one) => one.processes().every(({ state }) => state === 'T')) || undefined, {
    limitMs: limits.rowMs,
    signal,
    what: 'the handed-in programs to stand still',
    pollMs: LOOK_MS,
  }).catch(() => {})
  let isStill = true
  return () => {
    if (isStill) for (const standIn of standIns) standIn.signal('SIGCONT')
    isStill = false
  }
}
