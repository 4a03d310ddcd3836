/** The text of /proc/net/tcp, tcp6, udp and udp6 (proc_pid_net(5)), read into rows without any look at the system. */

import { endianness } from 'node:os'
import type { AddressFamily, Endpoint, Protocol } from '../domain/endpoint.ts'
import type { SocketRow } from '../domain/socket-row.ts'
import { formatIPv6 } from './ipv6-text.ts'
import { bareRow, CUT_SHORT, linesOf, peerOrNull } from './reading.ts'
import type { Reading, Unreadable } from './reading.ts'
import { tcpStateOfNumber } from './tcp-states.ts'

export type ProcTable = { protocol: Protocol; family: AddressFamily }

/** `port`: keep only lines that name it at either end, and rows whose own port it is. */
export type ProcTableOptions = { port?: number; endianness?: ByteOrder }

export type ByteOrder = 'LE' | 'BE'

const HEADING = /^\s*sl\s+local_address\s/

// Behind the inode always stands the count of references: without it the inode may be cut.
//            sl     local           remote              st      tx:rx         tr:when         retrnsmt    uid   timeout inode     ref
const ROW =
  /^\s*\d+: (\w+):(\w{4}) (\w+):(\w{4}) (\w{2}) (\w{8}):(\w{8}) \w+:\w+ (\w{8})\s+(\d{1,10})\s+\d+\s+(\d{1,10})\s+\d/

/** Reads one table. The kernel prints each 32-bit word of an address as a number in the byte order of the machine. */
export function readProcTable(text: string, table: ProcTable, options: ProcTableOptions = {}): Reading {
  const wanted = options.port === undefined ? undefined : hexPort(options.port)
  const printed = linesOf(text).filter((line, index) => wanted === undefined || index === 0 || line.includes(wanted))
  const rows: SocketRow[] = []
  const unread: string[] = []
  for (const line of printed) {
    if (line === '' || HEADING.test(line)) continue
    const row = readProcRow(line, table, options.endianness ?? endianness())
    if ('why' in row) unread.push(line)
    else if (options.port === undefined || row.local.port === options.port) rows.push(row)
  }
  return { printed, rows, unread }
}

/** How the tables write a port at the end of an address: `:1F90 `. */
export function hexPort(port: number): string {
  return `:${port.toString(16).toUpperCase().padStart(4, '0')} `
}

export function isProcHeading(line: string): boolean {
  return HEADING.test(line)
}

export function readProcRow(line: string, { protocol, family }: ProcTable, order: ByteOrder): SocketRow | Unreadable {
  const fields = ROW.exec(line)
  if (fields === null) return CUT_SHORT
  const [, localHex = '', localPort = '', peerHex = '', peerPort = '', stateAsPrinted = '', transmit, receive] = fields
  const [retransmits, uid, inode] = fields.slice(8)
  const local = readEndpoint(localHex, localPort, family, order)
  const peer = readEndpoint(peerHex, peerPort, family, order)
  const state = protocol === 'tcp' ? tcpStateOfNumber(parseInt(stateAsPrinted, 16)) : null
  if (local === null || peer === null) return { why: `an address in it is no ${family} address` }
  return {
    ...bareRow({ protocol, family, local, peer: peerOrNull(peer), state, stateAsPrinted }),
    // a socket that belongs to no file any more (TIME-WAIT) is printed with inode 0 and owner 0
    uid: inode === '0' ? null : Number(uid),
    inode: inode === '0' ? null : Number(inode),
    receiveQueue: parseInt(receive ?? '', 16),
    sendQueue: state === 'LISTEN' ? null : parseInt(transmit ?? '', 16),
    retransmits: protocol === 'tcp' ? parseInt(retransmits ?? '', 16) : null,
  }
}

function readEndpoint(hex: string, port: string, family: AddressFamily, order: ByteOrder): Endpoint | null {
  if (!/^[0-9A-F]+$/.test(hex + port) || hex.length !== (family === 'IPv4' ? 8 : 32)) return null
  return { address: addressOf(hex, order), port: parseInt(port, 16) }
}

/** The addresses read lately: a table has the same few in most of its rows. */
const read = new Map<string, string>()
const MOST_READ = 1024

function addressOf(hex: string, order: ByteOrder): string {
  const key = `${order}${hex}`
  const known = read.get(key)
  if (known !== undefined) return known
  const bytes = Buffer.from(hex, 'hex')
  if (order === 'LE') bytes.swap32()
  const groups = Array.from({ length: bytes.length / 2 }, (_, index) => bytes.readUInt16BE(index * 2))
  const address = bytes.length === 4 ? bytes.join('.') : formatIPv6(groups)
  if (read.size === MOST_READ) read.clear()
  read.set(key, address)
  return address
}
