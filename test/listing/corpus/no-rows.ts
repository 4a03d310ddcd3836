/** Lines that are in a listing, and of which it is understood that they say nothing of a socket or a port. */

import type { ListingFormat } from '../../../harness/domain/look.ts'

const BSD_FILES = /^USER\s+(?:CMD|COMMAND)\s+PID\s+FD\s/

const NO_ROWS: Readonly<Record<ListingFormat, readonly RegExp[]>> = {
  lsof: [/^\s*COMMAND\s+PID\s.*NAME$/, /^\s*===/],
  // Fields of a descriptor that are not asked about, and a process of which nothing follows.
  'lsof-fields': [/^[A-Zacdfgiklmnopstuz][^\0]*$|^p\d+$/, /\0/, /^m/],
  // Below a row stands what -i, -m and -o add to it; narrow terminals cut the heading.
  ss: [/^\s*(?:Netid\s+)?State\s+Recv-Q\s+Send-Q/, /^\s/],
  proc: [/^(?:\S+:)?\s*sl\s+local_address\s/, /^==> .*<==$/],
  'netstat-linux': [
    /^Proto\s/,
    /^(?:Active|Aktive|Connexions|Aktif|Etkin|稼働中の|Conex)/,
    /^\((?:Not all|Es konnten)/,
    // The second line of the remark on rights.
    /^ ?[^\d\s]\D*\)$/,
  ],
  'netstat-bsd': [/^(?:Active|Current|Registered|Some)\s/, /^(?:PCB|Proto|Address|Socket|Tcpcb|Listen|id)\b/],
  'netstat-windows': [
    /^(?:Active Connections|Aktive Verbindungen|Активные подключения)$/i,
    /^\s*(?:Proto|Имя)\s{2,}/,
    // What a row belongs to, in words: a service, or that it is not known.
    /^\s*(?!TCP|UDP)[\w.$@-]+(?: [\w.$@-]+){0,3}$/,
    /Can ?not obtain ownership/,
  ],
  fstat: [BSD_FILES],
  sockstat: [BSD_FILES],
  nmap: [
    /^(?:# )?Nmap |^Starting [Nn]map |^Host |^(?:PORT|Port)\s|^All \d+ scanned/,
    /^(?:Other addresses|MAC Address|Service Info|rDNS record|Not scanned|Network Distance|OS )/,
    /^\|/,
    // Fingerprints of services, and what comes after all hosts.
    /^(?:\d+ services? unrecognized|SF|=+NEXT SERVICE|Read data files|Service detection)/,
    /^(?:NSE|Raw packets|WARNING|Warning|Stats|Initiating|Completed|Discovered|Scanning)/,
  ],
  'nmap-grepable': [/^# (?:[Nn]map|Ports|Protocols|SCTP)/, /^Host: \S+ \([^()]*\)\s+Status: /],
  // Everything but the tags of hosts and ports.
  'nmap-xml': [
    /^(?!.*<(?:port |address addr="[^"]*" addrtype="ip|extraports |extrareasons reason="[^"]*" count="\d+" proto="(?:tcp|udp)"))/,
  ],
  'sock-diag': [],
}

export function saysNothing(format: ListingFormat, line: string): boolean {
  return NO_ROWS[format].some((pattern) => pattern.test(line))
}
