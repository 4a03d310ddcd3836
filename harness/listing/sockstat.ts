/**
 * sockstat, which FreeBSD and NetBSD have to tell whose socket it is: its lines about TCP and UDP, read into rows. It has
 * a line per process and tells nothing of the socket itself: whether two processes hold one socket cannot be known.
 */

import type { AddressFamily, Protocol } from '../domain/endpoint.ts'
import type { UnreadLine } from '../domain/look.ts'
import type { Holder, SocketRow } from '../domain/socket-row.ts'
import type { Form, FormReading } from './form.ts'
import { countLeftOut } from './left-out.ts'
import { readPrinted, splitAtLast } from './printed-endpoint.ts'
import { bareRow, holder, peerOrNull } from './reading.ts'
import { readTcpState } from './tcp-states.ts'

const HEADING = /^USER\s+COMMAND\s+PID\s+FD\s+PROTO\s+LOCAL ADDRESS/

/** Looked for anywhere in a line: it may fail in a few places only, so the last part takes line separators too. Behind user, command, number and descriptor, all `?` where no process has the socket any more. */
const SOCKET = /\s(?:\d{1,10}|\?)\s+(?:\d{1,10}|\?)\s+(tcp|udp)(46|4|6)?\s+(\S+)\s+(\S+)(?:\s+(\S.*))?$/s

const OTHER = /\s(?:\d+|\?)\s+(?:\d+|\?)\s+(stream|dgram|seqpac|raw|sctp|icm|div|udplite)\w{0,16}(?:\s|$)/

export const SOCKSTAT_FORM: Form = {
  format: 'sockstat',
  begins: (line) => line.startsWith('USER') && HEADING.test(line),
  isRow: (line) => SOCKET.test(line),
  read: readSockstat,
}

function readSockstat(lines: readonly string[], first: number): FormReading {
  const rows: SocketRow[] = []
  const unread: UnreadLine[] = []
  const leftOut = countLeftOut()
  for (const [index, line] of lines.entries()) {
    if (line === '' || HEADING.test(line)) continue
    const [, other] = OTHER.exec(line) ?? []
    if (other !== undefined) leftOut.add(/stream|dgram|seqpac/.test(other) ? 'unix-sockets' : 'other-sockets')
    else {
      const row = readLine(line)
      if (typeof row === 'string') unread.push({ line: first + index, text: line, why: row })
      else rows.push(row)
    }
  }
  return { rows, unread, leftOut: leftOut.all() }
}

function readLine(line: string): SocketRow | string {
  const found = SOCKET.exec(line)
  if (found === null) return 'it is no row of TCP or UDP, or it was cut short'
  const [, protocolText, version = '', localText = '', peerText = '', rest = ''] = found
  const protocol: Protocol = protocolText === 'tcp' ? 'tcp' : 'udp'
  const family: AddressFamily = version.includes('6') || localText.split(':').length > 2 ? 'IPv6' : 'IPv4'
  const local = readEndpoint(localText, family, protocol)
  const peer = readEndpoint(peerText, family, protocol)
  if (typeof local === 'string') return local
  if (typeof peer === 'string') return peer
  // With `-s` FreeBSD appends the state, behind columns that TCP leaves empty.
  const stateAsPrinted = rest.split(/\s+/).find((word) => readTcpState(word) !== null) ?? ''
  return {
    ...bareRow({
      protocol,
      family,
      local: local.endpoint,
      peer: peerOrNull(peer.endpoint),
      state: protocol === 'tcp' ? readTcpState(stateAsPrinted) : null,
      stateAsPrinted,
    }),
    takesIPv4: version === '46' && local.endpoint.address === '::' ? true : null,
    device: local.device,
    holders: readHolder(line.slice(0, found.index), line.slice(found.index)),
  }
}

function readHolder(before: string, after: string): Holder[] {
  const [user = '', ...command] = before.trim().split(/\s+/)
  const [pid = '', fd = ''] = after.trim().split(/\s+/, 2)
  return /^\d{1,10}$/.test(pid) ? [{ ...holder(pid, command.join(' '), /^\d{1,10}$/.test(fd) ? fd : null), user }] : []
}

/** FreeBSD writes `address:port`, NetBSD `address.port`. */
function readEndpoint(text: string, family: AddressFamily, protocol: Protocol) {
  const parts = splitAtLast(text, /:[^:.]*$/.test(text) ? ':' : '.')
  return parts === null ? 'it has no port' : readPrinted({ ...parts, isCut: false }, family, protocol)
}
