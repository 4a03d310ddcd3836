/** netstat in its Linux form (net-tools, and busybox where it is built with `-p`): its arguments and its columns. */

import type { AddressFamily, Endpoint, Protocol } from '../domain/endpoint.ts'
import type { Holder, SocketRow } from '../domain/socket-row.ts'
import { readAddress, splitEndpoint } from './address.ts'
import { bareRow, eachOnce, holder, linesOf, peerOrNull } from './reading.ts'
import type { Reading } from './reading.ts'
import { readPort } from './service-names.ts'
import type { ServiceNames } from './service-names.ts'
import { readTcpState } from './tcp-states.ts'

/** `-W`, because without it net-tools cuts an IPv6 address silently to fit its column. netstat cannot filter by port. */
export function netstatArguments(filter: { protocol?: Protocol; listening?: boolean } = {}): string[] {
  const protocols = filter.protocol === undefined ? 'tu' : filter.protocol.charAt(0)
  return [filter.listening === true ? `-l${protocols}npW` : `-${protocols}napW`]
}

/** Whether this is the Linux form. The BSDs' and macOS's netstat says so too, but writes `Proto Recv-Q Send-Q  Local`. */
export function isNetstatOutput(stdout: string): boolean {
  return stdout.startsWith('Active Internet connections') && COLUMNS.test(stdout)
}

const COLUMNS = /^Proto Recv-Q Send-Q Local Address .*PID\/Program/m

const HEADING =
  /^(?:Active Internet connections|Proto Recv-Q Send-Q|\(Not all processes could be identified| will not be shown)/

const ROW = /^(tcp|udp)(6?)\s+(\d+)\s+(\d+)\s+(\S+)\s+(\S+)(?:\s+(.*))?$/

/** After the addresses: a state (TCP, and connected UDP), with `-e` user and inode, and with `-p` the process or `-`. */
const REST = /^(?:([A-Z][A-Z0-9_]*)(?=\s|$)\s*)?(?:([^\s/]+)\s+(\d+)(?=\s|$)\s*)?(?:-|(\d+)\/(.*))?$/

/**
 * Reads what netstat prints. Its process is the first one found that holds the socket, by the name of its program (not
 * its command name), cut to fit 19 characters with the number.
 */
export function readNetstat(stdout: string, services?: ServiceNames): Reading {
  const printed = linesOf(stdout)
  const rows: SocketRow[] = []
  const unread: string[] = []
  for (const line of printed) {
    if (line === '' || HEADING.test(line)) continue
    const row = parseLine(line, services)
    if (row === null) unread.push(line)
    else rows.push(row)
  }
  return { printed, rows: eachOnce(rows), unread }
}

function parseLine(line: string, services?: ServiceNames): SocketRow | null {
  const fields = ROW.exec(line)
  const rest = REST.exec(fields?.[7] ?? '')
  if (fields === null || rest === null) return null
  const [, protocolText, six, receiveQueue, sendQueue, localText = '', peerText = ''] = fields
  const [, stateAsPrinted = '', user = '', inode = '0', pid, program = ''] = rest
  const protocol: Protocol = protocolText === 'tcp' ? 'tcp' : 'udp'
  // busybox writes plain `tcp` for IPv6 too; an IPv6 address has a colon more than the one before the port
  const family: AddressFamily = six === '6' || /:.*:/.test(localText) ? 'IPv6' : 'IPv4'
  const local = readEndpoint(localText, family, protocol, services)
  const peer = readEndpoint(peerText, family, protocol, services)
  const tcpState = readTcpState(stateAsPrinted)
  if (local === null || peer === null) return null
  if (tcpState === null && stateAsPrinted !== 'UNKNOWN' && (stateAsPrinted !== '' || protocol === 'tcp')) return null
  const state = protocol === 'tcp' ? tcpState : null
  const holders: Holder[] = pid === undefined ? [] : [holder(pid, program, null)]
  return {
    ...bareRow({ protocol, family, local, peer: peerOrNull(peer), state, stateAsPrinted }),
    holders,
    uid: /^\d+$/.test(user) && inode !== '0' ? Number(user) : null,
    inode: inode === '0' ? null : Number(inode),
    receiveQueue: Number(receiveQueue),
    sendQueue: state === 'LISTEN' ? null : Number(sendQueue), // always 0 for a listener: not its backlog
  }
}

function readEndpoint(
  text: string,
  family: AddressFamily,
  protocol: Protocol,
  services?: ServiceNames,
): Endpoint | null {
  const parts = splitEndpoint(text)
  const address = parts === null ? null : readAddress(parts.address, family)
  const port = parts === null ? null : readPort(parts.port, protocol, services)
  return address === null || port === null ? null : { address, port }
}
