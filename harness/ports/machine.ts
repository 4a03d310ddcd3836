/**
 * A look at the sockets of this machine, from the best source that is here. On Linux the kernel itself is asked: no tool
 * is started. What cannot be asked falls back to the next source, and the listing says which it was.
 */

import type { About } from '../domain/about.ts'
import type { ListingFormat, ReadListing } from '../domain/look.ts'
import type { SocketRow } from '../domain/socket-row.ts'
import { blindnessOf } from '../listing/blind.ts'
import { readHolders } from '../listing/holders.ts'
import { askSockDiag } from '../listing/sock-diag.ts'
import { readAboutMachine } from './about-machine.ts'
import type { Source } from './sources.ts'
import { NoSource } from './sources.ts'

/** `timersMs`: for sockets of which the kernel told it, how long until it acts by itself (TIME-WAIT ends). */
export type MachineLook = { listing: ReadListing; about: About; timersMs: ReadonlyMap<SocketRow, number> }

const NO_TIMERS: ReadonlyMap<SocketRow, number> = new Map()

/**
 * @param source this one and no other; without it the best that is here.
 * @throws NoSource with the reasons.
 */
export async function lookAtMachine(source: Source | null = null): Promise<MachineLook> {
  const look = source === null ? await bestLook() : await lookWith(source)
  return { ...look, about: readAboutMachine(look.listing.rows) }
}

type Found = Omit<MachineLook, 'about'>

async function bestLook(): Promise<Found> {
  const own = process.platform === 'linux' ? ((await lookAtKernel()) ?? (await lookAtTables())) : null
  if (own !== null) return own
  const { lookWithBestTool } = await import('./tool-look.ts')
  return { listing: await lookWithBestTool(), timersMs: NO_TIMERS }
}

async function lookWith(source: Source): Promise<Found> {
  if (source === 'kernel' || source === 'proc') {
    const look = source === 'kernel' ? await lookAtKernel() : await lookAtTables()
    if (look === null) throw new NoSource(source === 'kernel' ? NO_SOCK_DIAG : 'there is no /proc/net/tcp')
    return look
  }
  const { lookWithTool } = await import('./tool-look.ts')
  return { listing: await lookWithTool(source), timersMs: NO_TIMERS }
}

const NO_SOCK_DIAG =
  'sock_diag(7) cannot be asked: that needs Linux on x64 or arm64, its module, and the Node of npm ci'

async function lookAtKernel(): Promise<Found | null> {
  const sockets = await askSockDiag()
  if (sockets === null) return null
  const rows: SocketRow[] = []
  const timersMs = new Map<SocketRow, number>()
  for (const { row, timerMs } of sockets) {
    rows.push(row)
    if (timerMs !== null) timersMs.set(row, timerMs)
  }
  if (rows.length > 0) addHolders(rows)
  return { listing: listed('sock-diag', null, rows), timersMs }
}

function addHolders(rows: readonly SocketRow[]): void {
  const holders = readHolders()
  for (const row of rows) row.holders = row.inode === null ? [] : (holders.get(row.inode) ?? [])
}

/** Loaded where it is needed: on most machines the kernel answers. */
async function lookAtTables(): Promise<Found | null> {
  const { readKernelTables } = await import('../listing/kernel-tables.ts')
  const tables = readKernelTables()
  if (tables === undefined) return null
  const listing = listed('proc', tables.command, tables.rows)
  const unread = tables.unread.map((text) => ({ line: 0, text, why: 'the kernel wrote a line of another shape' }))
  return { listing: { ...listing, unread }, timersMs: NO_TIMERS }
}

/** Everything was asked for: what is not there does not exist. */
const ASKED = { connections: true, tcp: true, udp: true, IPv4: true, IPv6: true }

function listed(format: ListingFormat, command: string | null, rows: SocketRow[]): ReadListing {
  // Programs are named where they may be seen: none seen is no property of the source.
  const unseen = blindnessOf({ format, rows, asked: ASKED })
  const blind = unseen.map((one) => (one === 'processes' ? 'some-processes' : one))
  return { format, command, lines: null, rows, hosts: [], unread: [], leftOut: [], blind }
}
