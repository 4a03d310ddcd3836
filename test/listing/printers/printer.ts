/** How the tests print sockets in the format of a tool, and what is then to be read. */

import { unmapped } from '../../../harness/domain/endpoint.ts'
import type { ListingFormat } from '../../../harness/domain/look.ts'
import type { SocketRow, TcpState } from '../../../harness/domain/socket-row.ts'
import type { Fact } from './facts.ts'

/** `rows` are those that the listing says, no more and no less. */
export type Printed = { text: string; rows: SocketRow[] }

export type Printer = {
  name: string
  format: ListingFormat
  /** Sockets that this tool cannot print so that they can be told from others, or not at all, are left out. */
  print(facts: readonly Fact[]): Printed
}

/** A row that says nothing but the addresses. */
export function bare({ protocol, family, local, peer }: Fact): SocketRow {
  return {
    protocol,
    family,
    local,
    peer,
    state: null,
    stateAsPrinted: '',
    holders: [],
    takesIPv4: null,
    uid: null,
    inode: null,
    receiveQueue: null,
    sendQueue: null,
    retransmits: null,
    device: null,
  }
}

export const isIPv6 = ({ family }: Fact) => family === 'IPv6'

/** lsof and netstat print the IPv4-mapped address of an IPv6 socket as one of IPv4. */
export const plain = (address: string) => unmapped(address)

/** net-tools, lsof, the BSDs: other words than RFC 9293 has. */
export const UNDERSCORED: Readonly<Record<TcpState, string>> = {
  ESTABLISHED: 'ESTABLISHED',
  'SYN-SENT': 'SYN_SENT',
  'SYN-RECEIVED': 'SYN_RECV',
  'FIN-WAIT-1': 'FIN_WAIT1',
  'FIN-WAIT-2': 'FIN_WAIT2',
  'TIME-WAIT': 'TIME_WAIT',
  CLOSED: 'CLOSE',
  'CLOSE-WAIT': 'CLOSE_WAIT',
  'LAST-ACK': 'LAST_ACK',
  LISTEN: 'LISTEN',
  CLOSING: 'CLOSING',
  'NEW-SYN-RECEIVED': 'NEW_SYN_RECV',
  'BOUND-INACTIVE': 'BOUND_INACTIVE',
}

/** The columns, each as wide as its widest entry; the last one is not filled up. */
export function aligned(lines: readonly (readonly string[])[]): string {
  const widths: number[] = []
  for (const line of lines) {
    for (const [index, cell] of line.entries()) widths[index] = Math.max(widths[index] ?? 0, cell.length)
  }
  return lines
    .map((line) =>
      line.map((cell, index) => (index === line.length - 1 ? cell : cell.padEnd(widths[index] ?? 0))).join(' '),
    )
    .join('\n')
}
