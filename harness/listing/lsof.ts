/** lsof: which arguments to ask with, and how its ordinary columns are read. */

import type { AddressFamily, Endpoint, Protocol } from '../domain/endpoint.ts'
import type { SocketRow } from '../domain/socket-row.ts'
import { readAddress, splitEndpoint } from './address.ts'
import { bareRow, holder, linesOf, peerOrNull } from './reading.ts'
import type { Reading } from './reading.ts'
import { readPort } from './service-names.ts'
import type { ServiceNames } from './service-names.ts'
import { readTcpState } from './tcp-states.ts'

/**
 * `+c 0` lifts the limit of nine characters on command names. The columns fit themselves to what is in them, so where
 * every name is short the output is to the letter that of plain `lsof -nP -i :8080`.
 */
export function lsofArguments(filter: { port?: number; protocol?: Protocol } = {}): string[] {
  const port = filter.port === undefined ? '' : `:${filter.port}`
  const wanted = `${filter.protocol?.toUpperCase() ?? ''}${port}`
  return ['+c', '0', '-nP', '-i', ...(wanted === '' ? [] : [wanted])]
}

/** Whether it is nothing, or has the heading of the lsof this reader knows. busybox's lsof has other columns and none. */
export function isLsofOutput(stdout: string): boolean {
  return stdout.trim() === '' || HEADING.test(stdout)
}

const HEADING = /^COMMAND\s+PID\s.*\bNAME\s*$/m

//             COMMAND     PID    USER   FD          TYPE      DEVICE SIZE/OFF NODE  NAME
const ROW =
  /^(?:(\S.*?)\s+|\s*)(\d+)\s+\S+\s+(\d+)\S{0,2}\s+(IPv[46])\s+(\S+)\s+\S+\s+(TCP|UDP)\s+(\S+)(?:\s+\((\S+).*\))?$/

/**
 * Reads what `lsof -i` prints. lsof has a line per descriptor; lines of one socket (the same DEVICE, which on Linux is
 * the inode) become one row with several holders. lsof's USER is the owner of the process, not of the socket: not kept.
 */
export function readLsof(stdout: string, services?: ServiceNames): Reading {
  const printed = linesOf(stdout)
  const sockets = new Map<string, SocketRow>()
  const unread: string[] = []
  for (const [index, line] of printed.entries()) {
    if (line === '' || HEADING.test(line)) continue
    const parsed = parseLine(line, services)
    if (parsed === null) {
      unread.push(line)
      continue
    }
    const { device, row } = parsed
    const isKnownDevice = /[1-9a-f]/i.test(device.replace(/^0x/, ''))
    const key = isKnownDevice ? JSON.stringify([device, row.protocol, row.local, row.peer]) : `line ${index}`
    const known = sockets.get(key)
    if (known === undefined) sockets.set(key, row)
    else known.holders.push(...row.holders)
  }
  return { printed, rows: [...sockets.values()], unread }
}

function parseLine(line: string, services?: ServiceNames): { device: string; row: SocketRow } | null {
  const fields = ROW.exec(line)
  if (fields === null) return null
  const [, command = '', pid = '', fd = '', type = '', device = '', node = '', name = '', state = ''] = fields
  const family: AddressFamily = type === 'IPv4' ? 'IPv4' : 'IPv6'
  const protocol: Protocol = node === 'TCP' ? 'tcp' : 'udp'
  const [localText = '', peerText] = name.split('->')
  const local = readEndpoint(localText, family, protocol, services)
  const peer = peerText === undefined ? null : readEndpoint(peerText, family, protocol, services)
  const tcpState = readTcpState(state)
  if (local === null || (peerText !== undefined && peer === null) || (state !== '' && tcpState === null)) return null
  const row = bareRow({
    protocol,
    family,
    local: local.endpoint,
    peer: peer === null ? null : peerOrNull(peer.endpoint),
    state: protocol === 'tcp' ? tcpState : null,
    stateAsPrinted: state,
  })
  const inode = /^[1-9]\d*$/.test(device) ? Number(device) : null
  return { device, row: { ...row, inode, device: local.device, holders: [holder(pid, unescaped(command), fd)] } }
}

function readEndpoint(text: string, family: AddressFamily, protocol: Protocol, services?: ServiceNames) {
  const parts = splitEndpoint(text)
  const address = parts === null ? null : readAddress(parts.address, family)
  const port = parts === null ? null : readPort(parts.port, protocol, services)
  if (parts === null || address === null || port === null) return null
  const endpoint: Endpoint = { address, port }
  return { endpoint, device: parts.device }
}

const NAMED_BYTES: Record<string, number> = { b: 8, f: 12, n: 10, r: 13, t: 9, '\\': 92 }

/** Undoes lsof's escapes: `\x20`, `\n`, `\\`, `^A`. A caret of the name itself is printed bare, so `^A` may be either. */
function unescaped(text: string): string {
  const bytes: Buffer[] = []
  for (const [piece, hex, letter, control] of text.matchAll(/\\x([0-9a-f]{2})|\\([bfnrt\\])|\^([@-_?])|[^\\^]+|./g)) {
    if (hex !== undefined) bytes.push(Buffer.from(hex, 'hex'))
    else if (letter !== undefined) bytes.push(Buffer.of(NAMED_BYTES[letter] ?? 0))
    else if (control !== undefined) bytes.push(Buffer.of(control === '?' ? 127 : control.charCodeAt(0) - 64))
    else bytes.push(Buffer.from(piece))
  }
  return Buffer.concat(bytes).toString()
}
