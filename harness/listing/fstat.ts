/** fstat, which the BSDs have in the place of lsof: its lines about TCP and UDP sockets, read into rows. */

import type { AddressFamily, Endpoint, Protocol } from '../domain/endpoint.ts'
import type { SocketRow } from '../domain/socket-row.ts'
import { readAddress, splitEndpoint } from './address.ts'
import { bareRow, holder, linesOf, peerOrNull } from './reading.ts'
import type { Reading } from './reading.ts'
import { readPort } from './service-names.ts'

/** NetBSD has SZ|DV before R/W, OpenBSD after it. Which of the two it is matters for connected UDP sockets. */
const HEADING = /^USER\s+CMD\s+PID\s+FD\s.*?(?:(SZ\|DV\s+R\/W)|(R\/W\s+SZ\|DV))/

//             USER    CMD        PID     FD       family       type    proto    all else
const SOCKET = /^\S+\s+(\S.*?)\s+(\d+)\s+(\d+)\*\s+internet(6?)\s+\S+\s+(tcp|udp)\s+(\S.*)$/

const OTHER_PROTOCOL = /\*\s+internet6?\s+\S+\s+(?!tcp\b|udp\b)\S+/

/** The structure's address in the kernel (not everywhere, and 0 for whoever may not know it), then the two ends. */
const ENDS = /^(?:(?:0x)?([0-9a-f]+)\s+)?(\S+:\d+|\S+:\*)(?:\s+(<->|<--|-->)\s*(\S+))?(?:\s+(?:==>|<==).*)?$/

/**
 * Reads what fstat prints, whole or sifted by `grep :`. Files, pipes and sockets without ports are left out. Lines of one
 * structure become one row with several holders. fstat shows no state: a row without a peer is a UDP socket, or a TCP
 * socket that listens or is only bound. FreeBSD's fstat shows no addresses: its lines are unread, sockstat has them.
 */
export function readFstat(text: string): Reading {
  const printed = linesOf(text)
  const sockets = new Map<string, SocketRow>()
  const unread: string[] = []
  let isOpenBsd: boolean | null = null
  for (const [index, line] of printed.entries()) {
    const heading = HEADING.exec(line)
    if (heading) isOpenBsd = heading[2] !== undefined
    if (heading || !/\*\s+internet6?\s/.test(line) || OTHER_PROTOCOL.test(line)) continue
    const parsed = parseLine(line, isOpenBsd)
    if (parsed === null) {
      unread.push(line)
      continue
    }
    const { structure, row } = parsed
    const key = /[1-9a-f]/.test(structure)
      ? `${structure} ${row.protocol} ${JSON.stringify(row.local)}`
      : `line ${index}`
    const known = sockets.get(key)
    if (known === undefined) sockets.set(key, row)
    else known.holders.push(...row.holders)
  }
  return { printed, rows: [...sockets.values()], unread }
}

function parseLine(line: string, isOpenBsd: boolean | null): { structure: string; row: SocketRow } | null {
  const [, command = '', pid = '', fd = '', six, protocolText, rest = ''] = SOCKET.exec(line) ?? []
  const [, structure = '', first, arrow, second] = ENDS.exec(rest) ?? []
  if (first === undefined) return null
  const protocol: Protocol = protocolText === 'tcp' ? 'tcp' : 'udp'
  const family: AddressFamily = six === '6' ? 'IPv6' : 'IPv4'
  const isOwnFirst = arrow === undefined || ownFirst(arrow, protocol, isOpenBsd)
  const own = readEndpoint(isOwnFirst === false ? (second ?? '') : first, family, protocol)
  const peer = second === undefined ? null : readEndpoint(isOwnFirst === false ? first : second, family, protocol)
  if (isOwnFirst === null || own === null || (second !== undefined && peer === null)) return null
  const row = bareRow({
    protocol,
    family,
    local: own.endpoint,
    peer: peer === null ? null : peerOrNull(peer.endpoint),
    state: null,
    stateAsPrinted: '',
  })
  return { structure, row: { ...row, device: own.device, holders: [holder(pid, command, fd)] } }
}

/**
 * OpenBSD writes `own --> peer` for a TCP socket that has connected, `own <-- peer` for one that was accepted, and
 * `own <-> peer` for UDP. NetBSD writes `peer <-> own` for both (usr.bin/fstat/fstat.c, socktrans).
 */
function ownFirst(arrow: string, protocol: Protocol, isOpenBsd: boolean | null): boolean | null {
  return arrow !== '<->' ? true : protocol === 'tcp' ? false : isOpenBsd
}

function readEndpoint(text: string, family: AddressFamily, protocol: Protocol) {
  const parts = splitEndpoint(text)
  const address = parts === null ? null : readAddress(parts.address, family)
  const port = parts === null ? null : readPort(parts.port, protocol)
  if (parts === null || address === null || port === null) return null
  const endpoint: Endpoint = { address, port }
  return { endpoint, device: parts.device }
}
