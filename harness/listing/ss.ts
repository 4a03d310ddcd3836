/** ss (iproute2): which arguments to ask with, and how its columns are read. */

import type { AddressFamily, Endpoint, Protocol } from '../domain/endpoint.ts'
import type { SocketRow } from '../domain/socket-row.ts'
import { readAddress, splitEndpoint } from './address.ts'
import { bareRow, linesOf, peerOrNull } from './reading.ts'
import type { Reading } from './reading.ts'
import { readPort } from './service-names.ts'
import type { ServiceNames } from './service-names.ts'
import { foldedLines, readUsers } from './ss-users.ts'
import { readTcpState } from './tcp-states.ts'

/**
 * `-e` adds the inode, the owner and `v6only:`, and with them columns that say nothing here (`sk:`, `cgroup:`, `<->`):
 * lines of 130 characters and more. So it is asked for with `extended` only; the inode is in lsof and the kernel's tables.
 */
export function ssArguments(
  filter: { port?: number; protocol?: Protocol; extended?: boolean; listening?: boolean } = {},
): string[] {
  const protocols = filter.protocol === undefined ? 'tu' : filter.protocol.charAt(0)
  const flags = `${filter.listening === true ? `-l${protocols}np` : `-${protocols}nap`}${filter.extended === true ? 'e' : ''}`
  return filter.port === undefined ? [flags] : [flags, `sport = :${filter.port}`]
}

/** Whether the first line is ss's heading, which it prints even where it has nothing to list. */
export function isSsOutput(stdout: string): boolean {
  return HEADING.test(stdout.trimStart())
}

const HEADING = /^(?:Netid\s+)?State\s+Recv-Q\s+Send-Q\s/

//            Netid           State             Recv-Q  Send-Q  Local   Peer       Process and -e
const ROW = /^(?:(tcp|udp)\s+)?([A-Z][A-Z0-9-]*)\s+(\d+)\s+(\d+)\s+(\S+)\s+(\S+)(?:\s+(.*))?$/s

/**
 * Reads what ss prints, with or without its heading. `protocol` says which one it was asked for: ss leaves the Netid
 * column out when it lists only one.
 *
 * A dual-stack wildcard is `*:8080`, an IPv6-only one `[::]:8080` (iproute2 since 4.15, where brackets came in; before,
 * `*` meant IPv4: such output has addresses like `:::80`, which go to `unread`).
 */
export function readSs(stdout: string, options: { protocol?: Protocol; services?: ServiceNames } = {}): Reading {
  const printed = linesOf(stdout)
  const rows: SocketRow[] = []
  const unread: string[] = []
  for (const line of foldedLines(printed)) {
    if (line === '' || HEADING.test(line)) continue
    const row = parseLine(line, options)
    if (row === null) unread.push(...line.split('\n'))
    else rows.push(row)
  }
  return { printed, rows, unread }
}

function parseLine(line: string, options: { protocol?: Protocol; services?: ServiceNames }): SocketRow | null {
  const fields = ROW.exec(line)
  if (fields === null) return null
  const [, netid, stateAsPrinted = '', receiveQueue, sendQueue, localText = '', peerText = '', rest = ''] = fields
  const protocol = netid === 'tcp' || netid === 'udp' ? netid : options.protocol
  if (protocol === undefined) return null
  const tcpState = readTcpState(stateAsPrinted)
  const local = readEndpoint(localText, protocol, options.services)
  const peer = readEndpoint(peerText, protocol, options.services)
  const users = readUsers(rest)
  if (tcpState === null || local === null || peer === null || users === null) return null
  const { family, endpoint, device } = local
  const row = bareRow({
    protocol,
    family,
    local: endpoint,
    peer: peerOrNull(peer.endpoint),
    state: protocol === 'tcp' ? tcpState : null,
    stateAsPrinted,
  })
  return {
    ...row,
    ...extendedColumns(users.rest),
    holders: users.holders,
    takesIPv4: endpoint.address === '::' ? local.isStar : null,
    receiveQueue: Number(receiveQueue),
    sendQueue: Number(sendQueue),
    device,
  }
}

function readEndpoint(text: string, protocol: Protocol, services?: ServiceNames) {
  const parts = splitEndpoint(text)
  if (parts === null) return null
  const isStar = parts.address === '*'
  const family: AddressFamily = isStar || text.startsWith('[') ? 'IPv6' : 'IPv4'
  const address = readAddress(parts.address, family)
  const port = readPort(parts.port, protocol, services)
  if (address === null || port === null) return null
  const endpoint: Endpoint = { address, port }
  return { endpoint, family, device: parts.device, isStar }
}

/** The columns of `-e`. ss leaves `uid:` out for root, and prints inode 0 for a socket that is no file any more. */
function extendedColumns(text: string): { uid: number | null; inode: number | null } {
  const inode = Number(/(?:^|\s)ino:(\d+)/.exec(text)?.[1] ?? 0)
  if (inode === 0) return { uid: null, inode: null }
  return { uid: Number(/(?:^|\s)uid:(\d+)/.exec(text)?.[1] ?? 0), inode }
}
