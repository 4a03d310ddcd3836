/** Who has a port of this machine: its sockets, their processes, who is connected, and what else could refuse it. */

import { existsSync, readlinkSync } from 'node:fs'
import { release } from 'node:os'

import type { SocketRow } from '../domain/socket-row.ts'
import type { Protocol } from '../domain/endpoint.ts'
import { unmapped } from '../domain/endpoint.ts'
import type { Who, WhoConnection, WhoProcess, WhoRules, WhoSocket } from '../domain/ports-who.ts'
import { usualName } from '../domain/usual-names.ts'
import { readReservedPorts } from './about-machine.ts'
import type { MachineLook } from './machine.ts'
import { findElsewhere } from './namespaces.ts'
import { readCommandLine, readParent, readStart, readUnit } from './process-facts.ts'

export function whoHas(port: number, look: MachineLook): Who {
  const { listing, about, timersMs } = look
  const own = listing.rows.filter(({ local }) => local.port === port)
  const listens = own.some(({ state }) => state === 'LISTEN')
  const forgotten = own.filter(({ state }) => state === 'TIME-WAIT')
  const alive = own.filter(({ state }) => state !== 'TIME-WAIT')
  // A connection that was accepted stands on its listener's number. Without a listener it is what has the number.
  const isServed = (row: SocketRow) => row.protocol === 'tcp' && row.peer !== null && listens
  const held = alive.filter((row) => !isServed(row))
  const names = (['tcp', 'udp'] as const).flatMap((protocol): [Protocol, string][] => {
    const name = usualName(port, [protocol], about.usualNames)
    return name === null ? [] : [[protocol, name]]
  })
  return {
    port,
    format: listing.format,
    usualNames: Object.fromEntries(names),
    sockets: held.map((row) => socketOf(row, look)),
    processes: processesOf(alive, look),
    connections: alive.filter(isServed).flatMap((row) => connectionOf(row, listing.rows)),
    timeWait: { count: forgotten.length, longestMs: longest(forgotten, timersMs) },
    elsewhere: findElsewhere(port),
    rules: rulesFor(port, look),
  }
}

function socketOf(row: SocketRow, { about }: MachineLook): WhoSocket {
  const { protocol, family, local, device, peer, state, takesIPv4, holders, uid, receiveQueue, sendQueue } = row
  const isListener = state === 'LISTEN'
  return {
    protocol,
    family,
    address: local.address,
    device,
    peer,
    state,
    takesIPv4,
    pids: pidsOf(holders),
    owner: uid === null ? null : (about.userNames?.get(uid) ?? String(uid)),
    waiting: isListener ? receiveQueue : null,
    backlog: isListener ? sendQueue : null,
  }
}

function pidsOf(holders: SocketRow['holders']): number[] {
  return [...new Set(holders.map(({ pid }) => pid))].sort((a, b) => a - b)
}

function processesOf(rows: readonly SocketRow[], { about }: MachineLook): WhoProcess[] {
  const known = new Map<number, WhoProcess>()
  for (const { pid, command, user } of rows.flatMap(({ holders }) => holders)) {
    if (known.has(pid)) continue
    const facts = about.processes?.get(pid)
    known.set(pid, {
      pid,
      parent: readParent(pid),
      command,
      commandLine: readCommandLine(pid),
      user: facts?.user ?? facts?.uid?.toString() ?? user ?? null,
      startedAt: readStart(pid)?.toISOString() ?? null,
      isFileGone: facts?.isFileGone ?? null,
      unit: readUnit(pid),
    })
  }
  return [...known.values()].sort((a, b) => a.pid - b.pid)
}

function connectionOf({ local, peer, state, holders }: SocketRow, rows: readonly SocketRow[]): WhoConnection[] {
  if (peer === null) return []
  // A client over IPv4 has a plain address, and at a dual-stack listener an IPv4-mapped one.
  const isOtherEnd = (row: SocketRow) =>
    row.protocol === 'tcp' &&
    row.local.port === peer.port &&
    row.peer?.port === local.port &&
    unmapped(row.local.address) === unmapped(peer.address) &&
    unmapped(row.peer.address) === unmapped(local.address)
  const [there] = rows.find(isOtherEnd)?.holders ?? []
  const other = there === undefined ? null : { pid: there.pid, command: there.command }
  return [{ local, peer, state, pids: pidsOf(holders), there: other }]
}

function longest(rows: readonly SocketRow[], timersMs: ReadonlyMap<SocketRow, number>): number | null {
  return rows.reduce<number | null>((most, row) => {
    const left = timersMs.get(row)
    return left === undefined ? most : Math.max(most ?? 0, left)
  }, null)
}

function rulesFor(port: number, { about, listing }: MachineLook): WhoRules {
  const reserved = readReservedPorts()
  return {
    isSuperuser: process.geteuid ? process.geteuid() === 0 : null,
    isUserNamespace: isUserNamespace(),
    unprivilegedPortStart: about.unprivilegedPortStart,
    ephemeralRange: about.ephemeralRange,
    isReserved: reserved === null ? null : reserved.some(([from, to]) => port >= from && port <= to),
    hasIPv6: process.platform === 'linux' ? existsSync('/proc/net/if_inet6') : null,
    seesBoundOnly: listing.format === 'sock-diag' && isKernelFrom(6, 8),
  }
}

/** The kernel gives its first user namespace this number (PROC_USER_INIT_INO in proc_fs.h). */
function isUserNamespace(): boolean | null {
  try {
    return readlinkSync('/proc/self/ns/user') !== `user:[${0xeffffffd}]`
  } catch {
    return null
  }
}

function isKernelFrom(major: number, minor: number): boolean {
  const [first = 0, second = 0] = release().split('.').map(Number)
  return first > major || (first === major && second >= minor)
}
