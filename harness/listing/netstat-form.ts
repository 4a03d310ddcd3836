/** The listing that Linux's netstat prints, as a form: its headings in several languages, and what is no row in it. */

import type { SocketRow } from '../domain/socket-row.ts'
import type { UnreadLine } from '../domain/look.ts'
import type { Form, FormReading } from './form.ts'
import { countLeftOut } from './left-out.ts'
import { readNetstatLine } from './netstat.ts'
import { isLinuxTitle, isRemarkOfRights, titleAsksConnections } from './netstat-words.ts'

/** The line of columns where no title tells what it is: in most languages the queues keep their hyphen. */
const COLUMNS = /^Proto +(?:[^\s-]+-[^\s-]+ [^\s-]+-[^\s-]+ \S|Recib +Enviad |RefCnt |RefZäh |CntRef )/

/** BSD: two blanks before `Local Address`, or its own word for the state; and sockets of macOS's kernel. */
const BSD_COLUMNS = /^Proto +Recv-Q +Send-Q  |\(state\)|TCP-State|R-MBUF|Send-Q +(?:vendor|unit) /

const ROW = /^(?:tcp|udp)6?\s+\d+\s+\d+\s+\S*:[^\s:.]+\s+\S*:[^\s:.]+(?:\s|$)/

/** An address that is longer than what fits without `-W`. */
const WIDE = /^(?:tcp|udp)6?\s+\d+\s+\d+\s+(?:\S{24}|\S+\s+\S{24})/

const UNIX_ROW = /^unix\s+\d+\s+\[/

/** Raw sockets, UDP-Lite, SCTP, Bluetooth. */
const OTHER_ROW = /^(?:raw6?|udpl6?|udplite6?|sctp6?|l2cap|rfcomm|dccp6?)\s+\S/

const FOREIGN = /Bluetooth|IPX|X\.25|NET\/ROM|ROSE/

const BUSYBOX_REMARK = /^netstat: showing only processes with your user ID/

/** `foreign`: sockets that have nothing to do with IP, such as those of Bluetooth. */
type Heading = 'remark' | 'internet' | 'unix' | 'foreign' | 'columns'

function headingOf(line: string): Heading | null {
  if (isRemarkOfRights(line) || BUSYBOX_REMARK.test(line)) return 'remark'
  if (isLinuxTitle(line)) return line.includes('UNIX') ? 'unix' : FOREIGN.test(line) ? 'foreign' : 'internet'
  return COLUMNS.test(line) && !BSD_COLUMNS.test(line) ? 'columns' : null
}

export const NETSTAT_LINUX_FORM: Form = {
  format: 'netstat-linux',
  begins(line, previous) {
    const heading = headingOf(line)
    return heading !== null && !(heading === 'columns' && isLinuxTitle(previous))
  },
  isRow: (line) => (line.startsWith('tcp') || line.startsWith('udp') ? ROW.test(line) : UNIX_ROW.test(line)),
  // One call prints the remark, the sockets of the Internet, and others: in this order, each at most once.
  joins(heading, headings) {
    const kinds = headings.map(headingOf)
    const kind = headingOf(heading)
    if (kind === 'internet') return kinds.every((one) => one === 'remark')
    return (kind === 'unix' || kind === 'foreign') && !kinds.includes(kind)
  },
  read: readNetstatListing,
}

function readNetstatListing(lines: readonly string[], first: number): FormReading {
  const isWide = lines.some((line) => WIDE.test(line))
  const rows: SocketRow[] = []
  const unread: UnreadLine[] = []
  const leftOut = countLeftOut()
  let connections: boolean | undefined
  let section: Heading = 'internet'
  let previous: Heading | null = null
  for (const [index, line] of lines.entries()) {
    if (line === '') continue
    const heading = headingOf(line)
    const isSecond = heading === null && isSecondLine(line, previous)
    previous = heading
    if (heading === 'internet') connections ??= titleAsksConnections(line)
    if (heading === 'internet' || heading === 'unix' || heading === 'foreign') section = heading
    if (heading !== null || isSecond) continue
    if (UNIX_ROW.test(line)) leftOut.add('unix-sockets')
    else if (section === 'foreign' || OTHER_ROW.test(line)) leftOut.add('other-sockets')
    else {
      const row = readNetstatLine(line, { isWide })
      if (typeof row === 'string') unread.push({ line: first + index, text: line, why: row })
      else rows.push(row)
    }
  }
  return { rows, unread, leftOut: leftOut.all(), asked: connections === undefined ? {} : { connections } }
}

/** The remark has two lines. Under a title stand the columns, in whatever language. */
function isSecondLine(line: string, previous: Heading | null): boolean {
  if (previous === 'remark') return line.endsWith(')') && !ROW.test(line)
  return previous === 'foreign' || (previous !== null && previous !== 'columns' && line.startsWith('Proto'))
}
