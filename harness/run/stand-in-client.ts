/**
 * Clients of handed-in programs. Who was reached is seen in the kernel's tables, never taken from what the program says:
 * the program stands still while the kernel takes the connection, so that the queue of its listener still holds it when
 * the tables are read. listen(2): connections wait there until they are accepted.
 */

import { setTimeout as pause } from 'node:timers/promises'

import type { Endpoint, Protocol } from '../domain/endpoint.ts'
import { unmapped } from '../domain/endpoint.ts'
import type { Connected } from '../domain/observation.ts'
import type { SocketRow } from '../domain/socket-row.ts'
import { readCounter } from '../listing/counters.ts'
import { readKernelTables } from '../listing/kernel-tables.ts'
import type { Dialled } from '../network/connect.ts'
import { dial } from '../network/connect.ts'
import type { StandIn } from '../process/stand-in.ts'
import { waitFor } from '../process/wait.ts'
import type { Cast } from './cast.ts'
import { isOpen } from './rows.ts'
import type { StageContext } from './stage-context.ts'
import { socketsOf } from './stand-in-sockets.ts'

/** How long a server that accepted may be silent before its client speaks first. */
const SILENT_MS = 700
/** How long it is then looked whether the server has read what the client said. */
const SPOKEN_MS = 300
/** A server that waits is woken at once, and has read before this. */
const READ_MS = 20
/** How long a program that has closed its listener may take to end. */
const ENDING_MS = 300
/** How often a table is looked at. */
export const LOOK_MS = 5

export type Member = { standIn: StandIn; row: SocketRow }

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
  const client: { at?: ReturnType<typeof lookAt>; watched?: Promise<void> } = {}
  const line = new AbortController()
  const goOn = await holdStill(context, members)
  const abortedBefore = abortedByServers()
  let dialled: Dialled
  try {
    dialled = await dial(to, {
      ...(from && { from }),
      silence: AbortSignal.any([signal, AbortSignal.timeout(Math.ceil(limits.silenceMs))]),
      enough: AbortSignal.any([signal, enough.signal]),
      onConnected(local, say) {
        client.at = lookAt(local, members)
        goOn()
        client.watched = listenTo(context, client.at, { speak: () => say('\n'), line: line.signal, enough })
      },
      onLine: () => line.abort('heard'),
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
  const wasTaken = isTaken || heard !== '' || last === 'end' || (last === 'reset' && abortedByServers() > abortedBefore)
  const name = member?.standIn.program
  if (member && !wasTaken) await judgeUntaken(context, member, performance.now() - client.at.sinceMs)
  if (member && wasTaken) member.standIn.served += 1
  if (member && last === 'nothing') member.standIn.wasLeft = true
  if (!member) for (const { standIn } of members) standIn.isExcused = true
  const { silentMs } = client.at
  if (name !== undefined && wasWaitedFor(client.at, dialled))
    cast.find('waits-for-the-client', name, { silentMs: Math.round(silentMs) })
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
 * A socket that was accepted and is closed with SO_LINGER 0 sends a reset, socket(7), and the kernel counts that. It does
 * not count the resets for what waits in the queue of a listener that is closed.
 */
const abortedByServers = () => readCounter('netstat', 'TcpExt', 'TCPAbortOnData')

/**
 * Nobody was seen to accept. A listener that is still there has it in its queue. One that is gone was closed, and the
 * kernel has reset what waited. A program that has ended with it is told of as such.
 */
async function judgeUntaken({ cast, limits, signal }: StageContext, member: Member, waitedMs: number): Promise<void> {
  const { standIn } = member
  if (listenerOf(member, rowsBeside([member]))) {
    return cast.find('never-accepts', standIn.program, { waitedMs: Math.round(waitedMs) })
  }
  const startedAt = performance.now()
  const isLate = () => performance.now() - startedAt > ENDING_MS * limits.scale
  const end = await waitFor(() => standIn.end ?? (isLate() ? null : undefined), {
    limitMs: limits.readyMs,
    signal,
    what: `${standIn.program} to end`,
  })
  if (end === null) cast.find('resets-the-client', standIn.program)
}

/**
 * Whether the server read what the client said after a long silence. Where it closed: the kernel sends a FIN for a
 * connection of which all was read, and a reset for one of which something was not, RFC 2525, section 2.17.
 */
function wasWaitedFor({ spokeAt, hasRead, wasUnread }: ReturnType<typeof lookAt>, { last, heard }: Dialled): boolean {
  return spokeAt > 0 && (hasRead || last === 'end' || (heard !== '' && !wasUnread))
}

/** What the tables show of a connection at the server's end, while the programs stand still. */
function lookAt(local: Endpoint, members: readonly Member[]) {
  const rows = rowsBeside(members)
  const row = rows.find(({ peer }) => peer?.port === local.port && unmapped(peer.address) === unmapped(local.address))
  const waiting = members.find((one) => listenerOf(one, rows)?.receiveQueue)
  const nothingYet = { isTaken: false, silentMs: 0, spokeAt: 0, hasRead: false, wasUnread: false }
  return { member: waiting ?? null, row: row ?? null, sinceMs: performance.now(), ...nothingYet }
}

/** The rows of the same port in the tables in which these sockets have theirs: each table takes the kernel its time. */
export function rowsBeside(members: readonly Member[]): SocketRow[] {
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
 * server speaks and closes, or neither: then the client speaks, and hears whether that was waited for.
 */
async function listenTo(
  { cast, limits }: StageContext,
  at: ReturnType<typeof lookAt>,
  { speak, line, enough }: { speak: () => void; line: AbortSignal; enough: AbortController },
): Promise<void> {
  const { member } = at
  const isKnown = member !== null && cast.knows('never-accepts', member.standIn.program)
  const until = performance.now() + (isKnown ? SILENT_MS : limits.readyMs)
  const heardAll = () => enough.signal.aborted
  const heardSome = AbortSignal.any([enough.signal, line])
  while (member && !heardSome.aborted && performance.now() < until) {
    const { listener, connection } = seenBeside(member, at)
    // A connection that waits in a queue belongs to no file yet, and its row has no inode.
    if (listener?.receiveQueue === 0 || (connection?.inode ?? null) !== null) at.isTaken = true
    if (!listener || at.isTaken) break
    await pause(LOOK_MS)
  }
  const silentSince = performance.now()
  await pauseUntil(SILENT_MS * limits.scale, heardSome)
  // It has spoken by itself, and has as long again to close.
  if (line.aborted) await pauseUntil(SILENT_MS * limits.scale, enough.signal)
  if (line.aborted) return enough.abort('no more')
  if (!member || heardAll() || !at.isTaken) return enough.abort('no more')
  at.silentMs = performance.now() - silentSince
  speak()
  // A byte that was read was waited for. One that nobody reads stays in the queue of the connection.
  at.spokeAt = performance.now()
  const spokeUntil = at.spokeAt + SPOKEN_MS * limits.scale
  while (!heardAll() && !at.hasRead && performance.now() < spokeUntil) {
    await pause(READ_MS)
    const { connection } = seenBeside(member, at)
    if (connection?.state !== 'ESTABLISHED') break
    at.hasRead = connection.receiveQueue === 0
    at.wasUnread ||= !at.hasRead
  }
  enough.abort('no more')
}

/** The listener, and its end of the connection, as the tables show them now. */
function seenBeside(member: Member, { row }: ReturnType<typeof lookAt>) {
  const rows = rowsBeside([member])
  const connection = rows.find(
    ({ local, peer }) => peer !== null && isSame(peer, row?.peer) && isSame(local, row?.local),
  )
  return { listener: listenerOf(member, rows), connection }
}

function isSame(one: Endpoint, other: Endpoint | null | undefined): boolean {
  return one.port === other?.port && one.address === other.address
}

async function pauseUntil(ms: number, signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await pause(ms, undefined, { signal }).catch(() => {})
}

/**
 * Stops the programs where they stand, as SIGSTOP does, until what comes back is called. Stopped means that the kernel
 * says so for each of their processes: the signal is delivered some time after kill(2) returns. A process that was being
 * started meanwhile is stopped in its turn.
 */
export async function holdStill({ limits, signal }: StageContext, members: readonly Member[]): Promise<() => void> {
  const standIns = [...new Set(members.map(({ standIn }) => standIn))]
  const restless = () => standIns.filter((one) => one.processes().some(({ state }) => state !== 'T'))
  const look = () => {
    if (standIns.some(({ hasTooManyProcesses }) => hasTooManyProcesses)) return true
    const moving = restless()
    for (const standIn of moving) standIn.signal('SIGSTOP')
    // The list of processes is read one after the other: only a second one has no gap.
    return (moving.length === 0 && restless().length === 0) || undefined
  }
  for (const standIn of standIns) standIn.signal('SIGSTOP')
  await waitFor(look, {
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
