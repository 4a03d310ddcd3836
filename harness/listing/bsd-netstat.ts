/** netstat in its BSD form (`netstat -f inet -na` on NetBSD, OpenBSD, FreeBSD and macOS): address.port, read into rows. */

import type { AddressFamily, Protocol } from '../domain/endpoint.ts'
import type { Holder, SocketRow } from '../domain/socket-row.ts'
import { readBsdState } from './netstat-words.ts'
import { whyNoState } from './netstat.ts'
import { readPrinted, splitAtLast } from './printed-endpoint.ts'
import type { PrintedEndpoint } from './printed-endpoint.ts'
import { bareRow, holder, linesOf, peerOrNull } from './reading.ts'
import type { Reading } from './reading.ts'
import type { ServiceNames } from './service-names.ts'

//             -A: PCB               tcp, tcp4, tcp6, tcp46    Recv-Q  Send-Q  Local   Foreign  State and others
const ROW = /^(?:(?:0x)?[0-9a-f]+\s+){0,2}(tcp|udp|toe)(46|4|6)?\s+(\d{1,10})\s+(\d{1,10})\s+(\S+)\s+(\S+)(?:\s+(.*))?$/

const OURS = /^(?:(?:0x)?[0-9a-f]+\s+){0,2}(?:tcp|udp|toe)\d*\s/

/** The length of the queue, without what is incomplete, and at most (FreeBSD and macOS `-L`): these are listeners. */
const LISTEN_QUEUE = /^(?:(?:0x)?[0-9a-f]+\s+)?(?:(tcp|toe)(46|4|6)?\s+)?(\d{1,10})\/\d+\/(\d{1,10})\s+(\S+)$/

/** After the addresses: the state, with a `*` for T/TCP, and the columns of `-b`, `-v` and `-x`. */
const REST = /^(?:([A-Z][A-Z_0-9]*)\*?(?=\s|$)\s*)?(.*)$/

/** The system prints so much of a host and no more, unless `-W` is given (usr.bin/netstat/inet.c, inetprint). */
const CUT_LENGTHS = { host: 16, hostBesidePcb: 12 }

/** What the headings of a listing say. `process`: which of the columns behind the state names it (macOS `-v`). */
export type BsdColumns = { process: { index: number; hasName: boolean } | null; isWide: boolean }

const PLAIN: BsdColumns = { process: null, isWide: true }

const STATE = '(state)'

/** macOS: `pid`, later `process:pid`. */
export function processColumn(heading: string): BsdColumns['process'] {
  const at = heading.indexOf(STATE)
  const names =
    at === -1
      ? []
      : heading
          .slice(at + STATE.length)
          .trim()
          .split(/\s+/)
  const index = names.findIndex((name) => name === 'pid' || name === 'process:pid')
  return index < 0 ? null : { index, hasName: names[index] === 'process:pid' }
}

/**
 * Reads what it prints. Lines about other protocols and Unix-domain sockets are left out. Only macOS names processes;
 * FreeBSD and macOS say `tcp46` for a dual-stack socket, the others cannot tell.
 */
export function readBsdNetstat(text: string, services?: ServiceNames): Reading {
  const printed = linesOf(text)
  const rows: SocketRow[] = []
  const unread: string[] = []
  for (const line of printed.filter((one) => OURS.test(one))) {
    const row = readBsdLine(line, PLAIN, services)
    if (typeof row === 'string') unread.push(line)
    else rows.push(row)
  }
  return { printed, rows, unread }
}

/** The row of a line, or why there is none, as the end of a sentence. */
export function readBsdLine(line: string, columns: BsdColumns, services?: ServiceNames): SocketRow | string {
  const fields = ROW.exec(line)
  if (fields === null) return readListenQueue(line, columns, services)
  const [, protocolText, version, receiveQueue, sendQueue, localText = '', peerText = '', tail = ''] = fields
  const protocol: Protocol = protocolText === 'udp' ? 'udp' : 'tcp'
  const family = familyOf(version, localText)
  const isBesidePcb = protocolText !== undefined && !line.startsWith(protocolText)
  const local = readEndpoint(localText, family, protocol, { ...columns, isBesidePcb }, services)
  const peer = readEndpoint(peerText, family, protocol, { ...columns, isBesidePcb }, services)
  if (typeof local === 'string') return local
  if (typeof peer === 'string') return peer
  const [, stateAsPrinted = '', rest = ''] = REST.exec(tail) ?? []
  const state = readBsdState(stateAsPrinted)
  if (stateAsPrinted !== '' && state === null) return whyNoState(stateAsPrinted)
  if (protocol === 'tcp' && state === null) return 'it shows no state: it was cut short'
  return {
    ...bareRow({
      protocol,
      family,
      local: local.endpoint,
      peer: peerOrNull(peer.endpoint),
      state: protocol === 'tcp' ? state : null,
      stateAsPrinted,
    }),
    holders: columns.process === null ? [] : readProcess(rest, columns.process),
    takesIPv4: version === '46' && local.endpoint.address === '::' ? true : null,
    receiveQueue: Number(receiveQueue),
    sendQueue: state === 'LISTEN' ? null : Number(sendQueue),
    device: local.device,
  }
}

function readListenQueue(line: string, columns: BsdColumns, services?: ServiceNames): SocketRow | string {
  const [, , version, receiveQueue, sendQueue, text] = LISTEN_QUEUE.exec(line) ?? []
  if (text === undefined) return 'it is no row of TCP or UDP, or it was cut short'
  const family = familyOf(version, text)
  const local = readEndpoint(text, family, 'tcp', { ...columns, isBesidePcb: false }, services)
  if (typeof local === 'string') return local
  return {
    ...bareRow({ protocol: 'tcp', family, local: local.endpoint, peer: null, state: 'LISTEN', stateAsPrinted: '' }),
    takesIPv4: version === '46' && local.endpoint.address === '::' ? true : null,
    receiveQueue: Number(receiveQueue),
    sendQueue: Number(sendQueue),
    device: local.device,
  }
}

function familyOf(version: string | undefined, local: string): AddressFamily {
  return version?.includes('6') === true || local.includes(':') ? 'IPv6' : 'IPv4'
}

/** Columns of numbers, then the process. Its name may have blanks and colons: its number and five hex digits end it. */
function readProcess(rest: string, { index, hasName }: NonNullable<BsdColumns['process']>): Holder[] {
  let from = 0
  for (let column = 0; column < index; column += 1) {
    const [number] = /^\d+\s+/.exec(rest.slice(from, from + 40)) ?? []
    if (number === undefined) return []
    from += number.length
  }
  const pattern = hasName ? /^(.*?):(\d{1,10})(?=\s+[0-9a-f]{5}(?:\s|$)|$)/ : /^()(\d{1,10})(?=\s|$)/
  const [, name = '', pid = '0'] = pattern.exec(rest.slice(from, from + 80)) ?? []
  return Number(pid) === 0 ? [] : [holder(pid, name, null)]
}

/** The port stands after the last dot: `192.0.2.10.25`, `fe80::1%lo0.123`, `*.22`, `*.*`. */
function readEndpoint(
  text: string,
  family: AddressFamily,
  protocol: Protocol,
  { isWide, isBesidePcb }: { isWide: boolean; isBesidePcb: boolean },
  services?: ServiceNames,
): PrintedEndpoint | string {
  const parts = splitAtLast(text, '.')
  if (parts === null) return 'it has no port: it was cut short'
  const { length } = parts.host
  const fills = length === CUT_LENGTHS.host || (isBesidePcb && length === CUT_LENGTHS.hostBesidePcb)
  const isCut = !isWide && fills && !/^[\d.]+$/.test(parts.host)
  return readPrinted({ ...parts, isCut }, family, protocol, services)
}
