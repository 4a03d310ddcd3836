/** netstat in its BSD form (`netstat -f inet -na` on NetBSD, OpenBSD, FreeBSD and macOS): address.port, read into rows. */

import type { AddressFamily, Endpoint, Protocol } from '../domain/endpoint.ts'
import type { SocketRow } from '../domain/socket-row.ts'
import { readAddress } from './address.ts'
import { bareRow, linesOf, peerOrNull } from './reading.ts'
import type { Reading } from './reading.ts'
import { readPort } from './service-names.ts'
import type { ServiceNames } from './service-names.ts'
import { readTcpState } from './tcp-states.ts'

/** Whether this is the BSD form. Linux's has one blank between Send-Q and Local Address. */
export function isBsdNetstatOutput(text: string): boolean {
  return /^(?:PCB\s+)?Proto\s+Recv-Q\s+Send-Q\s{2,}Local Address/m.test(text)
}

//            -A: PCB            tcp, tcp4, tcp6, tcp46   Recv-Q  Send-Q  Local   Foreign  State
const ROW = /^(?:[0-9a-f]+\s+)?(tcp|udp)(4|6|46)?\s+(\d+)\s+(\d+)\s+(\S+)\s+(\S+)(?:\s+([A-Z_0-9]+))?$/

const OURS = /^(?:[0-9a-f]+\s+)?(?:tcp|udp)\d*\s/

/**
 * Reads what it prints. Lines about other protocols and Unix-domain sockets are left out. It shows no process; FreeBSD
 * and macOS say `tcp46` for a dual-stack socket, the others cannot tell.
 */
export function readBsdNetstat(text: string, services?: ServiceNames): Reading {
  const printed = linesOf(text)
  const rows: SocketRow[] = []
  const unread: string[] = []
  for (const line of printed.filter((one) => OURS.test(one))) {
    const row = parseLine(line, services)
    if (row === null) unread.push(line)
    else rows.push(row)
  }
  return { printed, rows, unread }
}

function parseLine(line: string, services?: ServiceNames): SocketRow | null {
  const fields = ROW.exec(line)
  if (fields === null) return null
  const [, protocolText, version, receiveQueue, sendQueue, localText = '', peerText = '', stateAsPrinted = ''] = fields
  const protocol: Protocol = protocolText === 'tcp' ? 'tcp' : 'udp'
  const family: AddressFamily = version?.includes('6') || /:/.test(localText) ? 'IPv6' : 'IPv4'
  const local = readEndpoint(localText, family, protocol, services)
  const peer = readEndpoint(peerText, family, protocol, services)
  const state = readTcpState(stateAsPrinted)
  if (local === null || peer === null || (protocol === 'tcp' && state === null)) return null
  return {
    ...bareRow({
      protocol,
      family,
      local: local.endpoint,
      peer: peerOrNull(peer.endpoint),
      state: protocol === 'tcp' ? state : null,
      stateAsPrinted,
    }),
    takesIPv4: version === '46' && local.endpoint.address === '::' ? true : null,
    receiveQueue: Number(receiveQueue),
    sendQueue: state === 'LISTEN' ? null : Number(sendQueue),
    device: local.device,
  }
}

/** The port stands after the last dot: `192.0.2.10.25`, `fe80::1%lo0.123`, `*.22`, `*.*`. */
function readEndpoint(text: string, family: AddressFamily, protocol: Protocol, services?: ServiceNames) {
  const [, addressText = '', device = null, portText = ''] = /^([^%]+?)(?:%([^.]+))?\.([^.]+)$/.exec(text) ?? []
  const address = readAddress(addressText, family)
  const port = readPort(portText, protocol, services)
  if (address === null || port === null) return null
  const endpoint: Endpoint = { address, port }
  return { endpoint, device }
}
