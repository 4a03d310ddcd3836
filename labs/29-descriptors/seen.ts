/** Reads what the programs told and what the tools printed: descriptors, inodes, links and addresses. */

import { openRows } from '../../harness/lab.ts'
import type { Listed, Ran, Said, SocketRow } from '../../harness/lab.ts'

type Endpoint = { address: string; port: number }

/** What the three programs tell; each tells a part of it. */
type Told = {
  descriptor: number
  inode: number
  type: string
  protocol: number
  before: Endpoint
  after: Endpoint
  /** `ok`, or the name of the error with which the call was refused. */
  answer: string
  limit: number
  made: number
  /** How many of the sockets that were made have a port. */
  ports: number
  refused: string | null
}

/** The programs are this lab's own: what they tell has these parts. */
export function saw({ value }: Said): Told {
  return value as unknown as Told
}

/** The line of `ls -l` for a descriptor: `lrwx------ 1 root root 64 Nov 22 05:42 3 -> socket:[123]`. */
export function linkOf({ printed }: Ran, descriptor: number): string | null {
  const line = printed.find((one) => one.includes(` ${descriptor} -> `))
  return line?.slice(line.indexOf(' -> ') + 4) ?? null
}

/** The inode in the link of a descriptor; null where it leads to no socket. */
export function linkedInode(links: Ran, descriptor: number): number | null {
  const inode = /^socket:\[(\d+)\]$/.exec(linkOf(links, descriptor) ?? '')?.[1]
  return inode === undefined ? null : Number(inode)
}

/** The kernel's row for a socket; lsof shows its inode too, and no queue. */
export function rowOfInode(listed: Listed, inode: number | null): SocketRow | undefined {
  const rows = [listed, ...listed.others].find(({ source }) => source === 'proc')?.rows ?? []
  return rows.find((row) => row.inode !== null && row.inode === inode)
}

/** Whether the inode of a link is in the row of the port. */
export function behindTheLink(inode: number | null, listed: Listed) {
  if (rowOfInode(listed, inode)) return 'same-inode'
  return openRows(listed).length === 0 ? 'no-row' : 'another-inode'
}

/** Whether the system told no address of a socket that was just made: the wildcard address, and port 0. */
export function freshAddress(made: Said) {
  const { address, port } = saw(made).before
  return address === '0.0.0.0' && port === 0 ? 'none' : 'an-address'
}

/** Which of the two calls gave an address to a socket that had none. */
export function givenBy(bound: Said, connected: Said) {
  const isGiven = ({ before, after }: Told) => before.port === 0 && after.port !== 0 && after.address !== '0.0.0.0'
  if (isGiven(saw(bound))) return isGiven(saw(connected)) ? 'by-either' : 'by-bind-only'
  return isGiven(saw(connected)) ? 'by-connect-only' : 'by-neither'
}

/** Whether the row of the copy's socket names both descriptors. */
export function whereCopyLeads(listener: Said, copy: Said, listed: Listed) {
  const holders = rowOfInode(listed, saw(copy).inode)?.holders ?? []
  const held = holders.filter(({ pid }) => pid === copy.pid).map(({ fd }) => fd)
  return [listener, copy].every((one) => held.includes(saw(one).descriptor)) ? 'same-socket' : 'another-socket'
}

const TCP = 6

/** Whether the copy knows the type and the protocol, and the one client that waits is in the queue of its socket. */
export function hasAllThree(copy: Said, listed: Listed): boolean {
  const { type, protocol, inode } = saw(copy)
  return type === 'SOCK_STREAM' && protocol === TCP && rowOfInode(listed, inode)?.receiveQueue === 1
}

export function refusedWith(made: Said) {
  const { refused } = saw(made)
  return refused === null ? 'no-limit' : refused === 'EMFILE' ? 'EMFILE' : 'other'
}

/**
 * The descriptors of a process below its limit, as `ls` prints them. A number above it can be one that was inherited:
 * a limit is asked for at every new descriptor, and takes away none that is there.
 */
export function numbersBelow(limit: number, { printed }: Ran): number[] {
  const words = printed.flatMap((line) => line.trim().split(/\s+/))
  return words
    .filter((word) => /^\d+$/.test(word))
    .map(Number)
    .filter((number) => number < limit)
}

/** Whether all places of the table are taken, and not all by the sockets that were made. */
export function whatCounts(made: Said, open: Ran) {
  const { limit, made: sockets } = saw(made)
  return numbersBelow(limit, open).length === limit && sockets < limit ? 'together' : 'sockets-only'
}
