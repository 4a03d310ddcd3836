/** fstat, which the BSDs have in the place of lsof: its lines about TCP and UDP sockets, read into rows. */

import type { AddressFamily, Protocol } from '../domain/endpoint.ts'
import type { Holder, SocketRow } from '../domain/socket-row.ts'
import { readPrinted, splitAtLast } from './printed-endpoint.ts'
import type { PrintedEndpoint } from './printed-endpoint.ts'
import { bareRow, holder, linesOf, peerOrNull } from './reading.ts'
import type { Reading } from './reading.ts'

/** NetBSD has SZ|DV before R/W, OpenBSD after it. Which of the two it is matters for connected UDP sockets. */
const HEADING = /^USER\s+CMD\s+PID\s+FD\s.*?(?:((?:SZ\|DV|DV\|SZ)\s+R\/W)|(R\/W\s+(?:SZ\|DV|DV\|SZ)))/

/** Between the descriptor and the rest of the line. */
const MARK = /\*\s+internet(6?)\s+(\S+)\s+(\S+)(?:\s+|$)/

/** The structure's address in the kernel: not everywhere, and 0 for whoever may not know it. */
const STRUCTURE = /^(?:0x)?[0-9a-f]+$/

/** What may follow the addresses: the other end of a splice, and with `-s` what was read and written. */
const AFTER = /^(?:<?==>|<==|\d+$)/

/** One line about a socket of TCP or UDP. No `row`: it has no address. */
export type FstatSocket = { structure: string; holder: Holder; row: SocketRow | null }

export type FstatLine =
  | { kind: 'heading'; isOpenBsd: boolean }
  | { kind: 'socket'; socket: FstatSocket }
  | { kind: 'other-protocol' }
  | { kind: 'unread'; why: string }
  /** Files, pipes, and sockets that have no addresses of IP. */
  | { kind: 'none' }

/**
 * Reads what fstat prints, whole or sifted by `grep :`. Files, pipes and sockets without ports are left out. Lines of one
 * structure become one row with several holders. fstat shows no state: a row without a peer is a UDP socket, or a TCP
 * socket that listens or is only bound. FreeBSD's fstat shows no addresses: its lines are unread, sockstat has them.
 */
export function readFstat(text: string): Reading {
  const printed = linesOf(text)
  const sockets = gatherSockets()
  const unread: string[] = []
  let isOpenBsd: boolean | null = null
  for (const line of printed) {
    const found = readFstatLine(line, isOpenBsd)
    if (found.kind === 'heading') isOpenBsd = found.isOpenBsd
    if (found.kind === 'unread' || (found.kind === 'socket' && found.socket.row === null)) unread.push(line)
    if (found.kind === 'socket') sockets.add(found.socket)
  }
  return { printed, rows: sockets.rows, unread }
}

/** Brings the lines of one structure together in one row. A structure at 0 is a hidden one. */
export function gatherSockets(): { rows: SocketRow[]; add(socket: FstatSocket): void } {
  const known = new Map<string, SocketRow>()
  const rows: SocketRow[] = []
  return {
    rows,
    add({ structure, row, holder: one }) {
      if (row === null) return
      const key = /[1-9a-f]/.test(structure) ? `${structure} ${row.protocol} ${JSON.stringify(row.local)}` : null
      const before = key === null ? undefined : known.get(key)
      if (before !== undefined) return void before.holders.push(one)
      row.holders.push(one)
      rows.push(row)
      if (key !== null) known.set(key, row)
    },
  }
}

export function readFstatLine(line: string, isOpenBsd: boolean | null): FstatLine {
  const heading = line.startsWith('USER') ? HEADING.exec(line) : null
  if (heading !== null) return { kind: 'heading', isOpenBsd: heading[2] !== undefined }
  const mark = line.includes('* internet') || line.includes('*\tinternet') ? MARK.exec(line) : null
  if (mark === null) return { kind: 'none' }
  const [text, six, , protocolText] = mark
  if (protocolText !== 'tcp' && protocolText !== 'udp') return { kind: 'other-protocol' }
  const words = line.slice(0, mark.index).trim().split(/\s+/)
  const [fd = '', pid = ''] = [words.at(-1), words.at(-2)]
  if (words.length < 4 || !/^\d{1,10}$/.test(fd) || !/^\d{1,10}$/.test(pid)) {
    return { kind: 'unread', why: 'it has no process or no descriptor: it was cut short' }
  }
  const held = holder(pid, words.slice(1, -2).join(' '), fd)
  const [first = '', ...others] = line
    .slice(mark.index + text.length)
    .trim()
    .split(/\s+/)
  const structure = STRUCTURE.test(first) ? first.replace('0x', '') : ''
  const ends = structure === '' ? [first, ...others] : others
  const family: AddressFamily = six === '6' ? 'IPv6' : 'IPv4'
  const row = readEnds(ends, protocolText, family, isOpenBsd)
  if (typeof row === 'string') return { kind: 'unread', why: row }
  return { kind: 'socket', socket: { structure, row, holder: held } }
}

/** The row, `null` where no address is shown, or why it cannot be read. */
function readEnds(
  [first = '', arrow = '', second, ...after]: string[],
  protocol: Protocol,
  family: AddressFamily,
  isOpenBsd: boolean | null,
): SocketRow | string | null {
  if (first === '') return null
  const hasPeer = arrow === '<->' || arrow === '<--' || arrow === '-->'
  const [rest] = hasPeer ? after : [arrow, second]
  if (rest !== undefined && rest !== '' && !AFTER.test(rest)) return `"${rest}" is no part of a socket's line`
  const isOwnFirst = hasPeer ? ownFirst(arrow, protocol, isOpenBsd) : true
  if (isOwnFirst === null) return 'without the heading nobody can say which of its two addresses is its own'
  const [ownText, peerText] = isOwnFirst ? [first, second] : [second, first]
  const own = readEndpoint(ownText, family, protocol)
  if (typeof own === 'string') return own
  const peer = hasPeer ? readEndpoint(peerText, family, protocol) : null
  if (typeof peer === 'string') return peer
  const row = bareRow({
    protocol,
    family,
    local: own.endpoint,
    peer: peer === null ? null : peerOrNull(peer.endpoint),
    state: null,
    stateAsPrinted: '',
  })
  return { ...row, device: own.device }
}

/**
 * OpenBSD writes `own --> peer` for a TCP socket that has connected, `own <-- peer` for one that was accepted, and
 * `own <-> peer` for UDP. NetBSD writes `peer <-> own` for both (usr.bin/fstat/fstat.c, socktrans).
 */
function ownFirst(arrow: string, protocol: Protocol, isOpenBsd: boolean | null): boolean | null {
  return arrow !== '<->' ? true : protocol === 'tcp' ? false : isOpenBsd
}

function readEndpoint(text: string | undefined, family: AddressFamily, protocol: Protocol): PrintedEndpoint | string {
  const parts = text === undefined ? null : splitAtLast(text, ':')
  if (parts === null) return 'an address has no port: it was cut short'
  return readPrinted({ ...parts, isCut: false }, family, protocol)
}
