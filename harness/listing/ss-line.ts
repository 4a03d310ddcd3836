/** One row of ss, cut into its columns. */

import type { AddressFamily, Protocol } from '../domain/endpoint.ts'
import type { LeftOut } from '../domain/look.ts'
import type { SocketRow } from '../domain/socket-row.ts'
import { readEndpoint, shown } from './colon-endpoint.ts'
import { bareRow, CUT_SHORT, OTHER_COLUMNS, peerOrNull } from './reading.ts'
import type { Unreadable } from './reading.ts'
import type { ServiceNames } from './service-names.ts'
import { readUsers } from './ss-users.ts'
import { readTcpState } from './tcp-states.ts'

/**
 * What the whole listing tells of each row. `protocol`: ss leaves the Netid column out when it lists only one.
 * `isOld`: before 4.15 iproute2 wrote IPv6 addresses without brackets, and `*` for the wildcard address of IPv4 only.
 */
export type SsDialect = { protocol: Protocol | 'raw' | null; isOld: boolean; services?: ServiceNames | undefined }

export function isSsHeading(line: string): boolean {
  return /^\s*(?:Netid\s+)?State\s+(?:Recv-Q\s+Send-Q\b|Local Address:Port\s)/.test(line)
}

const STATES =
  'LISTEN|UNCONN|ESTAB|TIME-WAIT|CLOSE-WAIT|SYN-SENT|SYN-RECV|FIN-WAIT-1|FIN-WAIT-2|LAST-ACK|CLOSING|CLOSED|NEW-SYN-RECV|BOUND-INACTIVE|UNKNOWN'

/** Without the queues, which `-Q` leaves out, both addresses must be there. */
const ROW_BEGIN = new RegExp(
  String.raw`^\s*(?:[a-z][\w?]*\s+)?(?:${STATES})\s+(?:\d+\s+\d+\s+\S|\S+:(?:\*|[\w-]+)\s+\S+:(?:\*|[\w-]+)(?:\s|$))`,
)

/** Whether a line begins a row of ss. */
export function isSsRow(line: string): boolean {
  return ROW_BEGIN.test(line)
}

//            Netid                State              Recv-Q  Send-Q  Local   Peer       Process and all else
const ROW = /^\s*(?:([a-z][\w?]*)\s+)?([A-Z][A-Z0-9-]*)\s+(?:(\d{1,10})\s+(\d{1,10})\s+)?(\S+)\s+(\S+)(?:\s+(.*))?$/s

/** The row, or what kind of socket it is where that is not TCP and not UDP. */
export function readSsRow(text: string, dialect: SsDialect): SocketRow | Pick<LeftOut, 'kind'> | Unreadable {
  const netid = /^\s*([a-z][\w?]*)\s/.exec(text)?.[1]
  const protocol = netid === 'tcp' || netid === 'udp' ? netid : netid === undefined ? dialect.protocol : 'raw'
  if (protocol === 'raw' && isSsRow(text))
    return { kind: netid?.startsWith('u_') === true ? 'unix-sockets' : 'other-sockets' }
  const fields = ROW.exec(text)
  if (fields === null) return isSsRow(text) ? CUT_SHORT : OTHER_COLUMNS
  if (protocol === null || protocol === 'raw')
    return { why: 'nothing says whether it is TCP or UDP: ss names it when asked for both' }
  const [, , stateAsPrinted = '', receiveQueue, sendQueue, localText = '', peerText = '', rest = ''] = fields
  const tcpState = readTcpState(stateAsPrinted)
  if (tcpState === null) return { why: `${shown(stateAsPrinted)} is no state of TCP` }
  const family = familyOf(localText, peerText, dialect)
  const local = readEndpoint(localText, family, protocol, dialect.services)
  if ('why' in local) return local
  const peer = readEndpoint(peerText, family, protocol, dialect.services)
  if ('why' in peer) return peer
  // a line end between two lines may be a name's, or a terminal's that is narrower than the line
  const users = readUsers(rest) ?? (rest.includes('\n') ? readUsers(rest.replaceAll('\n', '')) : null)
  if (users === null) return { why: 'its process column is cut short, or has another form' }
  const row = bareRow({
    protocol,
    family,
    local: local.endpoint,
    peer: peerOrNull(peer.endpoint),
    state: protocol === 'tcp' ? tcpState : null,
    stateAsPrinted,
  })
  row.holders = users.holders
  row.receiveQueue = receiveQueue === undefined ? null : Number(receiveQueue)
  row.sendQueue = sendQueue === undefined ? null : Number(sendQueue)
  row.device = local.device
  addExtendedColumns(row, users.rest)
  if (local.endpoint.address === '::' && !dialect.isOld) row.takesIPv4 = localText.startsWith('*')
  return row
}

/** A star is the IPv6 wildcard of a dual-stack socket today, and was that of IPv4. A name tells nothing: its peer may. */
function familyOf(local: string, peer: string, { isOld }: SsDialect): AddressFamily {
  if (local.startsWith('*')) return isOld && !/^(?:\[|.*:.*:)/.test(peer) ? 'IPv4' : 'IPv6'
  return hasColons(local) || hasColons(peer) ? 'IPv6' : 'IPv4'
}

function hasColons(text: string): boolean {
  return text.startsWith('[') || text.indexOf(':') !== text.lastIndexOf(':')
}

/** The columns of `-e`. ss leaves `uid:` out for root, and prints inode 0 for a socket that is no file any more. */
function addExtendedColumns(row: SocketRow, text: string): void {
  const inode = Number(/(?:^|\s)ino:(\d{1,10})(?=\s|$)/.exec(text)?.[1] ?? 0)
  if (inode === 0) return
  row.inode = inode
  row.uid = Number(/(?:^|\s)uid:(\d{1,10})(?=\s|$)/.exec(text)?.[1] ?? 0)
}
