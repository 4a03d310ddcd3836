/** netstat in its Linux form (net-tools, and busybox where it is built with `-p`): its arguments and its columns. */

import type { AddressFamily, Protocol } from '../domain/endpoint.ts'
import type { Holder, SocketRow } from '../domain/socket-row.ts'
import { isCutState, readLinuxState } from './netstat-words.ts'
import { readPrinted, splitAtLast } from './printed-endpoint.ts'
import type { PrintedEndpoint } from './printed-endpoint.ts'
import { bareRow, CUT_SHORT, eachOnce, holder, linesOf, peerOrNull } from './reading.ts'
import type { Reading } from './reading.ts'
import type { ServiceNames } from './service-names.ts'

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

const ROW = /^(tcp|udp)(6?)\s+(\d{1,10})\s+(\d{1,10})\s+(\S+)\s+(\S+)(?:\s+(.*))?$/

/** After the addresses: a state (TCP, and connected UDP), with `-e` user and inode, and with `-p` the process or `-`. */
const REST = /^(?:(\p{Lu}[\p{Lu}\d_]*)(?=\s|$)\s*)?(?:([^\s/]+)\s+(\d{1,10})(?=\s|$)\s*)?(?:-|(\d{1,10})\/(.*))?$/u

/** With `-o`, at the end of the line: `off (0.00/0/0)`, in any language. */
const TIMER = /(?:^|\s)\p{L}[\p{L}.-]*(?: ?-?\d+)? \([\d.,]+\/-?\d+\/-?\d+\)$/u

/** Without `-W` the host has the room that the port leaves of 22 characters (net-tools netstat.c, addr_do_one). */
const CUT_LENGTH = '0123456789012345678901:'.length

/** `isWide`: `-W` was given, or no field is long enough to have been cut. */
export type NetstatOptions = { services?: ServiceNames; isWide?: boolean }

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
    const row = readNetstatLine(line, { isWide: true, ...(services && { services }) })
    if (typeof row === 'string') unread.push(line)
    else rows.push(row)
  }
  return { printed, rows: eachOnce(rows), unread }
}

/** The row of a line, or why there is none, as the end of a sentence. */
export function readNetstatLine(line: string, options: NetstatOptions): SocketRow | string {
  const fields = ROW.exec(line)
  if (fields === null) return 'it is no row of TCP or UDP, or it was cut short'
  const [, protocolText, six, receiveQueue, sendQueue, localText = '', peerText = '', tail = ''] = fields
  const rest = REST.exec(withoutTimer(tail))
  if (rest === null) return 'what stands behind its addresses is no state and no process'
  const [, stateAsPrinted = '', user = '', inode = '0', pid, program = ''] = rest
  const protocol: Protocol = protocolText === 'tcp' ? 'tcp' : 'udp'
  // busybox writes plain `tcp` for IPv6 too; an IPv6 address has a colon more than the one before the port
  const family: AddressFamily = six === '6' || /:.*:/.test(localText) ? 'IPv6' : 'IPv4'
  const local = readEndpoint(localText, family, protocol, options)
  const peer = readEndpoint(peerText, family, protocol, options)
  if (typeof local === 'string') return local
  if (typeof peer === 'string') return peer
  const tcpState = readLinuxState(stateAsPrinted)
  if (tcpState === null && stateAsPrinted !== '') return whyNoState(stateAsPrinted)
  if (tcpState === null && protocol === 'tcp') return 'it shows no state: it was cut short'
  const state = protocol === 'tcp' && tcpState !== 'unknown' ? tcpState : null
  const holders: Holder[] = pid === undefined ? [] : [holder(pid, program, null)]
  return {
    ...bareRow({
      protocol,
      family,
      local: local.endpoint,
      peer: peerOrNull(peer.endpoint),
      state,
      stateAsPrinted,
    }),
    holders,
    uid: /^\d{1,10}$/.test(user) && inode !== '0' ? Number(user) : null,
    inode: inode === '0' ? null : Number(inode),
    receiveQueue: Number(receiveQueue),
    sendQueue: state === 'LISTEN' ? null : Number(sendQueue), // always 0 for a listener: not its backlog
    device: local.device,
  }
}

/** Completes "line 7 was not read: …". */
export function whyNoState(printed: string): string {
  return isCutState(printed) ? CUT_SHORT.why : `${printed} is no state of TCP`
}

/** The timer is looked for in the last characters only: a line may be as long as it likes. */
function withoutTimer(tail: string): string {
  if (!tail.endsWith(')')) return tail
  const at = TIMER.exec(tail.slice(-LONGEST_TIMER))?.index
  return at === undefined ? tail : tail.slice(0, Math.max(0, tail.length - LONGEST_TIMER) + at).trimEnd()
}

const LONGEST_TIMER = 60

function readEndpoint(
  text: string,
  family: AddressFamily,
  protocol: Protocol,
  { services, isWide }: NetstatOptions,
): PrintedEndpoint | string {
  const parts = splitAtLast(text, ':')
  if (parts === null) return 'it has no port'
  const isNumber = /^[\d.]+$/.test(parts.host)
  const isCut = isWide !== true && text.length === CUT_LENGTH && !isNumber
  return readPrinted({ ...parts, isCut }, family, protocol, services)
}
