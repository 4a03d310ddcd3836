/** The listing that the netstat of a BSD or of macOS prints, as a form: its sections, of which some are no sockets of IP. */

import type { SocketRow } from '../domain/socket-row.ts'
import type { UnreadLine } from '../domain/look.ts'
import type { Asked } from './asked.ts'
import { processColumn, readBsdLine } from './bsd-netstat.ts'
import type { BsdColumns } from './bsd-netstat.ts'
import type { Form, FormReading } from './form.ts'
import { countLeftOut } from './left-out.ts'

const INTERNET = /^(?:Active Internet6? connections(?: \(including servers\))?|Current listen queue sizes \(.*\))$/

const UNIX = /^Active (?:LOCAL \(UNIX\)|UNIX) domain sockets$/

/** macOS: what its kernel and its programs tell each other. */
const FOREIGN =
  /^(?:Active Multipath Internet connections|Active kernel (?:event|control) sockets|Registered kernel control modules|Active \S+ (?:sockets|net connections))$/

const COLUMNS =
  /^(?:(?:PCB|Tcpcb|Socket(?:\s+Flowhash)?)\s+)?(?:Proto\s+(?:Recv-Q\s+Send-Q\s+|Rexmit\s+OOORcv\s+0-win\s+|Listen\s+)|Listen\s+)Local Address/

/** Linux writes one blank before `Local Address`, and plain `State`. */
const BSD_ONLY = /^(?:PCB|Tcpcb|Socket|Listen)|Send-Q {2,}Local|Rexmit|Proto\s+Listen|\(state\)|TCP-State|R-MBUF/

/** Columns of a section that has no addresses of IP: they follow its title. */
const OTHER_COLUMNS = /^(?:Address\s+Type|Proto\/ID\s|Proto\s+Recv-Q\s+Send-Q\s+(?:vendor|unit)|id\s+flags)/

const ROW =
  /^(?:(?:0x)?[0-9a-f]{6,16}\s+){0,2}(?:tcp|udp|toe)(?:46|4|6)?\s+\d+\s+\d+\s+(\S*)\.(?:\*|[\w-]+)\s+(\S*)\.(?:\*|[\w-]+)(?:\s|$)/

const LISTEN_ROW = /^(?:(?:0x)?[0-9a-f]{6,16}\s+)?(?:tcp|toe)(?:46|4|6)?\s+\d+\/\d+\/\d+\s+\S+\.\S+$/

/** `icm4`, `ip6`, `div4`, `ddp`, `kctl`: other protocols, in the columns of TCP. */
const OTHER_ROW = /^(?:(?:0x)?[0-9a-f]+\s+){0,2}(?!tcp|udp|toe)[a-z]{2,6}(?:46|4|6)?\s+\d+\s+\d+\s+\S/

const UNIX_ROW = /^(?:(?:0x)?[0-9a-f]{1,16}\s+(?:stream|dgram|seqpac\w*)\s|unix\s+\d+\/)/

const CHANGED = /^Some \w+ sockets may have been/

/** More than macOS has, which has the most. */
const MOST_HEADINGS = 16

type Heading = 'internet' | 'unix' | 'foreign' | 'columns'

function headingOf(line: string): Heading | null {
  if (INTERNET.test(line)) return 'internet'
  if (UNIX.test(line)) return 'unix'
  if (FOREIGN.test(line)) return 'foreign'
  return (COLUMNS.test(line) && BSD_ONLY.test(line)) || OTHER_COLUMNS.test(line) ? 'columns' : null
}

export const NETSTAT_BSD_FORM: Form = {
  format: 'netstat-bsd',
  begins(line, previous) {
    const heading = headingOf(line)
    const isSecond = heading === 'columns' && (headingOf(previous) ?? 'columns') !== 'columns'
    return heading !== null && !isSecond && !OTHER_COLUMNS.test(line)
  },
  isRow: (line) => ROW.test(line) || LISTEN_ROW.test(line),
  // One call prints a section for each family, and each section once.
  joins: (heading, headings) =>
    headings.length < MOST_HEADINGS && headingOf(heading) !== 'columns' && !headings.includes(heading),
  read: readBsdListing,
}

function readBsdListing(lines: readonly string[], first: number): FormReading {
  const isWide = lines.some(hasLongHost)
  const columns: BsdColumns = { process: null, isWide }
  const rows: SocketRow[] = []
  const unread: UnreadLine[] = []
  const leftOut = countLeftOut()
  const titles: string[] = []
  let section: Heading = 'internet'
  for (const [index, line] of lines.entries()) {
    const heading = line === '' ? null : headingOf(line)
    if (heading === 'columns') columns.process = processColumn(line)
    else if (heading !== null) {
      section = heading
      titles.push(line)
    }
    if (line === '' || heading !== null || CHANGED.test(line)) continue
    if (UNIX_ROW.test(line)) leftOut.add('unix-sockets')
    else if ((section === 'foreign' && !ROW.test(line)) || OTHER_ROW.test(line)) leftOut.add('other-sockets')
    else {
      const row = readBsdLine(line, columns)
      if (typeof row === 'string') unread.push({ line: first + index, text: line, why: row })
      else rows.push(row)
    }
  }
  return { rows, unread, leftOut: leftOut.all(), asked: askedByTitles(titles, lines) }
}

function hasLongHost(line: string): boolean {
  const [, local = '', peer = ''] = ROW.exec(line) ?? []
  return local.length > 16 || peer.length > 16
}

/**
 * NetBSD and OpenBSD list IPv6 under a title of its own: where that is missing, `-f inet` may have left out every IPv6
 * socket. FreeBSD and macOS have all in one table, and tell the versions apart by `tcp4` and `tcp6`.
 */
function askedByTitles(titles: readonly string[], lines: readonly string[]): Asked {
  const asked: Asked = {}
  if (titles.some((title) => title.endsWith('(including servers)'))) asked.connections = true
  if (titles.some((title) => title.startsWith('Current listen queue')))
    Object.assign(asked, { connections: false, udp: false })
  const isInternet = titles.some((title) => title.startsWith('Active Internet connections'))
  const isInternet6 = titles.some((title) => title.startsWith('Active Internet6'))
  const hasVersions = lines.some((line) => /^(?:(?:0x)?[0-9a-f]+\s+){0,2}(?:tcp|udp)[46]/.test(line))
  if (isInternet && !isInternet6 && !hasVersions) asked.IPv6 = false
  if (isInternet6 && !isInternet) asked.IPv4 = false
  return asked
}
