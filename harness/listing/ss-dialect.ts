/** What a listing of ss as a whole says of each of its rows: the protocol where there is no such column, and ss's age. */

import { askedByCommand } from './asked.ts'
import { isSsHeading, isSsRow } from './ss-line.ts'
import type { SsDialect } from './ss-line.ts'

/** Every state but these two can only be TCP's. */
const TCP_ONLY = /^\s*(?:LISTEN|TIME-WAIT|CLOSE-WAIT|SYN-|FIN-WAIT|LAST-ACK|CLOSING|NEW-SYN|BOUND-)/

/** Raw sockets have the number or name of a protocol in the place of the port. */
const RAW = /^\s*UNCONN\s+\d+\s+\d+\s+\S+:(?:icmp|ipv6-icmp|igmp|ospf|vrrp|pim|gre|esp|ah|sctp)\s/

/** Unbracketed IPv6 addresses, and process columns without words. */
const OLD =
  /\s(?:::|[0-9a-f]{1,4}:[0-9a-f:]{0,40})(?:[\d.]{0,16})(?:%\S{1,16})?:(?:\*|[\w-]+)(?:\s|$)|users:\(\("[^"]{1,15}",\d+,\d+\)/

export function dialectOf(lines: readonly string[], command: string | null): SsDialect {
  return { protocol: protocolOf(lines, command), isOld: lines.some((line) => isSsRow(line) && isOldRow(line)) }
}

/** Only the first columns matter: a cgroup or a name further on may look like anything. */
function isOldRow(line: string): boolean {
  return OLD.test(line.slice(0, 300))
}

function protocolOf(lines: readonly string[], command: string | null): SsDialect['protocol'] {
  const asked = command === null ? {} : askedByCommand(command)
  if (asked.tcp === false && asked.udp === true) return 'udp'
  if (asked.udp === false && asked.tcp === true) return 'tcp'
  let protocol: SsDialect['protocol'] = null
  for (const line of lines) {
    if (isSsHeading(line) || !isSsRow(line)) continue
    if (TCP_ONLY.test(line)) return 'tcp'
    if (RAW.test(line)) return 'raw'
    if (/^\s*UNCONN\s/.test(line)) protocol = 'udp'
    else if (/^\s*ESTAB\s/.test(line)) protocol ??= 'tcp'
  }
  return protocol
}
