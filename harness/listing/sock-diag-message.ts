/** What is asked and answered over NETLINK_SOCK_DIAG (sock_diag(7)), as bytes. Numbers are in the machine's own order. */

import type { AddressFamily, Protocol } from '../domain/endpoint.ts'
import type { SocketRow } from '../domain/socket-row.ts'
import { formatIPv6 } from './ipv6-text.ts'
import { bareRow, peerOrNull } from './reading.ts'
import { tcpStateOfNumber } from './tcp-states.ts'

/** `timer`: milliseconds until the kernel acts by itself, such as forgetting a connection in TIME-WAIT; `null`: no timer. */
export type DiagSocket = { row: SocketRow; timerMs: number | null }

export type DiagTable = { protocol: Protocol; family: AddressFamily }

/** Numbers of the kernel's interface (linux/socket.h, in.h). */
const FAMILIES = { IPv4: 2, IPv6: 10 } as const
const PROTOCOLS = { tcp: 6, udp: 17 } as const

/** linux/netlink.h and linux/sock_diag.h. */
const SOCK_DIAG_BY_FAMILY = 20
const NLM_F_REQUEST = 0x1
const NLM_F_DUMP = 0x300
const NLMSG_ERROR = 2
const NLMSG_DONE = 3

const HEADER = 16
const REQUEST = 56
const ANSWER = 72

export const QUESTION_BYTES = HEADER + REQUEST

const STATE_CLOSED = 7
const STATE_LISTEN = 10

/** All states: with them those sockets of TCP that are bound and no more (Linux 6.8). */
const ALL_STATES = 0xffffffff

/** Listeners, and UDP sockets without a peer: the kernel then passes over its table of connections. */
const WAITING = { tcp: 1 << STATE_LISTEN, udp: 1 << STATE_CLOSED } as const

/** struct inet_diag_req_v2. `onlyWaiting`: what waits for whoever comes. */
export function writeQuestion(
  bytes: Buffer,
  { protocol, family }: DiagTable,
  sequence: number,
  onlyWaiting = false,
): void {
  bytes.fill(0, 0, QUESTION_BYTES)
  bytes.writeUInt32LE(QUESTION_BYTES, 0)
  bytes.writeUInt16LE(SOCK_DIAG_BY_FAMILY, 4)
  bytes.writeUInt16LE(NLM_F_REQUEST | NLM_F_DUMP, 6)
  bytes.writeUInt32LE(sequence, 8)
  bytes.writeUInt8(FAMILIES[family], HEADER)
  bytes.writeUInt8(PROTOCOLS[protocol], HEADER + 1)
  bytes.writeUInt32LE(onlyWaiting ? WAITING[protocol] : ALL_STATES, HEADER + 4)
}

/** What one piece of the answer says of the whole: there is more, that was all, or the number of an error. */
export type Rest = 'more' | 'done' | { errno: number }

/**
 * Reads one datagram of the answer. `nameOf` gives the device of an interface's number.
 * @throws RangeError where the bytes are no such answer.
 */
export function readAnswer(
  bytes: Buffer,
  table: DiagTable,
  nameOf: (index: number) => string | null,
  found: (socket: DiagSocket) => void,
): Rest {
  for (let at = 0; at < bytes.length;) {
    const length = bytes.readUInt32LE(at)
    if (length < HEADER || at + length > bytes.length) throw new RangeError('an answer of the kernel is cut short')
    const type = bytes.readUInt16LE(at + 4)
    if (type === NLMSG_DONE) return 'done'
    if (type === NLMSG_ERROR) return { errno: -bytes.readInt32LE(at + HEADER) }
    if (type === SOCK_DIAG_BY_FAMILY) found(readSocket(bytes, at + HEADER, at + length, table, nameOf))
    at += (length + 3) & ~3 // each message begins at a multiple of four
  }
  return 'more'
}

/** struct inet_diag_msg: the ports and addresses are in the order of the network. */
function readSocket(
  bytes: Buffer,
  at: number,
  end: number,
  { protocol, family }: DiagTable,
  nameOf: (index: number) => string | null,
): DiagSocket {
  const stateNumber = bytes.readUInt8(at + 1)
  const timer = bytes.readUInt8(at + 2)
  const device = bytes.readUInt32LE(at + 40)
  const inode = bytes.readUInt32LE(at + 68)
  const local = { address: address(bytes, at + 8, family), port: bytes.readUInt16BE(at + 4) }
  const remote = { address: address(bytes, at + 24, family), port: bytes.readUInt16BE(at + 6) }
  const isTcp = protocol === 'tcp'
  const state = !isTcp ? null : stateNumber === STATE_CLOSED ? 'BOUND-INACTIVE' : tcpStateOfNumber(stateNumber)
  const peer = peerOrNull(remote)
  const stateAsPrinted = stateNumber.toString(16).toUpperCase().padStart(2, '0')
  const row: SocketRow = {
    ...bareRow({ protocol, family, local, peer, state, stateAsPrinted }),
    takesIPv4: local.address === '::' && peer === null ? takesIPv4(bytes, at + ANSWER, end) : null,
    // What belongs to no file any more (TIME-WAIT) has inode 0 and owner 0.
    uid: inode === 0 ? null : bytes.readUInt32LE(at + 64),
    inode: inode === 0 ? null : inode,
    receiveQueue: bytes.readUInt32LE(at + 56),
    // Of a listener: its backlog.
    sendQueue: bytes.readUInt32LE(at + 60),
    retransmits: isTcp && stateNumber !== STATE_LISTEN ? bytes.readUInt8(at + 3) : isTcp ? 0 : null,
    device: device === 0 ? null : nameOf(device),
  }
  return { row, timerMs: timer === 0 ? null : bytes.readUInt32LE(at + 52) }
}

function address(bytes: Buffer, at: number, family: AddressFamily): string {
  if (family === 'IPv4') return `${bytes[at]}.${bytes[at + 1]}.${bytes[at + 2]}.${bytes[at + 3]}`
  const groups: number[] = []
  for (let group = 0; group < 8; group += 1) groups.push(bytes.readUInt16BE(at + group * 2))
  return formatIPv6(groups)
}

const INET_DIAG_SKV6ONLY = 11

/** The kernel adds it for listeners and for sockets without a peer (inet_diag_msg_attrs_fill in net/ipv4/inet_diag.c). */
function takesIPv4(bytes: Buffer, from: number, end: number): boolean | null {
  for (let at = from; at + 4 <= end;) {
    const length = bytes.readUInt16LE(at)
    if (bytes.readUInt16LE(at + 2) === INET_DIAG_SKV6ONLY) return bytes.readUInt8(at + 4) === 0
    if (length < 4) return null
    at += (length + 3) & ~3
  }
  return null
}
