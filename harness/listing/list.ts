/** Lists the sockets of a port with every tool that is here, and compares what they say. */

import type { Listing, ListingSource, SocketRow } from '../domain/socket-row.ts'
import { disagreements } from './agree.ts'
import { askLsof, askNetstat, askSs, rowsOfPort } from './ask.ts'
import type { Absent, Answer, PortFilter } from './ask.ts'
import { readKernelTables } from './kernel-tables.ts'

export type SocketLists = {
  /** What to show: the preferred listing where it could be had, else the first of lsof, ss, netstat, proc that tells all. */
  shown: Listing
  others: Listing[]
  absent: Absent[]
  /** Sentences; see `agree.ts`. */
  disagreements: string[]
}

const LOOKS = 3

/**
 * Asks lsof, ss, netstat and the kernel's tables for the sockets whose *own* port this is: listeners, UDP sockets, and
 * the connections that have it as their local port. `printed` is all that the command prints, which for lsof, netstat
 * and proc includes the connections of clients *to* that port; `rows` has only those whose own port it is.
 *
 * The tools look side by side. Between fork(2) and execve(2) a child holds its parent's sockets, so one tool may find
 * the half-started other one among the holders of a socket of ours. Where that happened, or the listings disagree, all
 * are asked again, one after the other, at most three times in all; what is reported is the last look.
 *
 * @throws Error where nothing on this machine can list sockets, with the reason for each.
 */
export async function listSockets(filter: PortFilter, preferred?: ListingSource): Promise<SocketLists> {
  for (let look = 1; ; look += 1) {
    const before = look === 1 ? null : lookAtKernel(filter)
    const answers =
      look === 1
        ? await Promise.all([askLsof(filter), askSs(filter), askNetstat(filter)])
        : [await askLsof(filter), await askSs(filter), await askNetstat(filter)]
    const after = lookAtKernel(filter)
    const isSteady = before === null || lastingSockets(before, filter) === lastingSockets(after, filter)
    const lists = sorted([...answers, after], filter, isSteady, preferred)
    const isSettled = lists.disagreements.length === 0 && !hasPassingHolder(lists)
    if (isSettled || look === LOOKS) return lists
  }
}

function lookAtKernel(filter: PortFilter): Answer {
  try {
    const listing = readKernelTables(filter)
    return listing === undefined ? { absent: { source: 'proc', reason: 'there is no /proc/net/tcp' } } : { listing }
  } catch (error) {
    return { absent: { source: 'proc', reason: error instanceof Error ? error.message : String(error) } }
  }
}

/** Which listeners and UDP sockets the kernel showed, as a text to compare. */
function lastingSockets(answer: Answer, filter: PortFilter): string {
  const rows = 'listing' in answer ? rowsOfPort(answer.listing.rows, filter) : []
  const lasting = rows.filter(({ protocol, state }) => protocol === 'udp' || state === 'LISTEN')
  const texts = lasting.map(
    ({ inode, holders }) =>
      `${inode}: ${holders
        .map(({ pid }) => pid)
        .sort((a, b) => a - b)
        .join()}`,
  )
  return texts.sort().join('; ')
}

/** Whether a tool names a process for a socket which, by the kernel's tables, other processes hold and that one does not. */
function hasPassingHolder({ shown, others }: SocketLists): boolean {
  const listings = [shown, ...others]
  const known = new Map<string, number[]>()
  for (const row of listings.find(({ source }) => source === 'proc')?.rows ?? []) {
    known.set(ends(row), [...(known.get(ends(row)) ?? []), ...row.holders.map(({ pid }) => pid)])
  }
  return listings.some(({ rows }) =>
    rows.some((row) => {
      const pids = known.get(ends(row)) ?? []
      return pids.length > 0 && row.holders.some(({ pid }) => !pids.includes(pid))
    }),
  )
}

/** netstat names one process for a socket, however many hold it: netstat(8), -p. */
function namesAllHolders({ source }: Listing, listings: readonly Listing[]): boolean {
  const rows = listings.find((listing) => listing.source === 'proc')?.rows ?? []
  return source !== 'netstat' || rows.every(({ holders }) => new Set(holders.map(({ pid }) => pid)).size <= 1)
}

function ends({ protocol, family, local, peer }: SocketRow): string {
  return JSON.stringify([protocol, family, local, peer])
}

function sorted(answers: Answer[], filter: PortFilter, isSteady: boolean, preferred?: ListingSource): SocketLists {
  const listings = answers
    .flatMap((answer) => ('listing' in answer ? [answer.listing] : []))
    .map((listing) => ({ ...listing, rows: rowsOfPort(listing.rows, filter) }))
  const absent = answers.flatMap((answer) => ('absent' in answer ? [answer.absent] : []))
  const shown =
    listings.find(({ source }) => source === preferred) ??
    listings.find((listing) => namesAllHolders(listing, listings)) ??
    listings[0]
  if (shown === undefined) {
    throw new Error(`no way to list sockets: ${absent.map(({ reason }) => reason).join('; ')}`)
  }
  const { port } = filter
  const changing = `The sockets of port ${port} changed during each of ${LOOKS} looks: the listings are not compared.`
  return {
    shown,
    others: listings.filter((listing) => listing !== shown),
    absent,
    // Somewhere on a machine a socket always comes or goes: only the sockets of one port are compared.
    disagreements: port === undefined ? [] : isSteady ? disagreements(listings, port) : [changing],
  }
}
