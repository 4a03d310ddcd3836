/** What lsof prints in its NAME column for a socket, and the names of commands with their escapes. */

import type { AddressFamily, Protocol } from '../domain/endpoint.ts'
import type { LeftOut } from '../domain/look.ts'
import type { SocketRow } from '../domain/socket-row.ts'
import { readEndpoint, shown } from './colon-endpoint.ts'
import { bareRow, CUT_SHORT, peerOrNull } from './reading.ts'
import type { Unreadable } from './reading.ts'
import type { ServiceNames } from './service-names.ts'
import { readTcpState } from './tcp-states.ts'

export type LsofSocket = {
  family: AddressFamily
  protocol: Protocol
  name: string
  /** As printed, without parentheses; `''` where there is none (UDP, `-T`). */
  state: string
  /** The inode, or the address of a structure in the kernel. */
  device: string
  services?: ServiceNames | undefined
}

/** Reads `*:22`, `[::1]:80->[::1]:4711`, and with the portmapper asked (`+M`) `*:2049[nfs]`. Its holders are still to come. */
export function readLsofSocket(socket: LsofSocket): SocketRow | Unreadable {
  const { family, protocol, state, device, services } = socket
  const arrow = socket.name.indexOf('->')
  const localText = arrow === -1 ? socket.name : socket.name.slice(0, arrow)
  const local = readEndpoint(withoutRegistration(localText), family, protocol, services)
  if ('why' in local) return local
  const peerText = socket.name.slice(arrow + 2)
  const peer = arrow === -1 ? null : readEndpoint(withoutRegistration(peerText), family, protocol, services)
  if (peer !== null && 'why' in peer) return peerText === '' ? CUT_SHORT : peer
  const tcpState = readTcpState(state)
  if (state !== '' && tcpState === null) return { why: `${shown(state)} is no state of TCP` }
  const row = bareRow({
    protocol,
    family,
    local: local.endpoint,
    peer: peer === null ? null : peerOrNull(peer.endpoint),
    state: protocol === 'tcp' ? tcpState : null,
    stateAsPrinted: state,
  })
  row.inode = /^[1-9]\d{0,14}$/.test(device) ? Number(device) : null
  row.device = local.device
  return row
}

/** What `+M` puts behind a port: the name under which it is registered. */
function withoutRegistration(text: string): string {
  const at = text.endsWith(']') ? text.lastIndexOf('[') : -1
  return at > 0 ? text.slice(0, at) : text
}

/**
 * A socket of TCP or UDP that lsof finds in no table of addresses: the kernel shows there neither an unbound one nor a
 * TCP socket that is bound and does not listen. macOS and the BSDs say `no PCB`.
 */
export function kindWithoutAddress(name: string): LeftOut['kind'] | null {
  if (/^(?:protocol: (?:TCP|UDP)|can't identify protocol|no PCB\b|no more information)/.test(name))
    return 'sockets-without-address'
  if (name.startsWith('protocol: UNIX')) return 'unix-sockets'
  return name.startsWith('protocol: ') ? 'other-sockets' : null
}

const NAMED_BYTES: Record<string, number> = { b: 8, f: 12, n: 10, r: 13, t: 9, '\\': 92 }

/** Undoes lsof's escapes: `\x20`, `\n`, `\\`, `^A`. A caret of the name itself is printed bare, so `^A` may be either. */
export function unescaped(text: string): string {
  if (!/[\\^]/.test(text)) return text
  const bytes: Buffer[] = []
  for (const [piece, hex, letter, control] of text.matchAll(/\\x([0-9a-f]{2})|\\([bfnrt\\])|\^([@-_?])|[^\\^]+|./g)) {
    if (hex !== undefined) bytes.push(Buffer.from(hex, 'hex'))
    else if (letter !== undefined) bytes.push(Buffer.of(NAMED_BYTES[letter] ?? 0))
    else if (control !== undefined) bytes.push(Buffer.of(control === '?' ? 127 : control.charCodeAt(0) - 64))
    else bytes.push(Buffer.from(piece))
  }
  return Buffer.concat(bytes).toString()
}
