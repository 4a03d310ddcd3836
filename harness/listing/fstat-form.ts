/** The listing that fstat prints, as a form. It is one of open files: most of its lines are about other things. */

import type { UnreadLine } from '../domain/look.ts'
import type { Form, FormReading } from './form.ts'
import { gatherSockets, readFstatLine } from './fstat.ts'
import type { FstatLine } from './fstat.ts'
import { countLeftOut } from './left-out.ts'

const HEADING = /^USER\s+CMD\s+PID\s+FD\s/

/** Descriptors of sockets and pipes have a `*`; sockets of the Internet are read line by line. */
const SOCKET = /\s\d+\*\s+internet6?\s/
const UNIX = /\s\d+\*\s+(?:unix|local)\s/
const NO_FILE = /\s\d+\*\s+(?:route|link|mpls|bluetooth|key|\d+)\s/
const FILE = /\s\d+\s+(?:\d+\*?|text|wd|root|tr|ctty|jail|mmap)\s/

/** The arrow and the other end of a connection, of which a narrow terminal has put the rest into the line above. */
const OTHER_END = /^\s*(?:<->|<--|-->)\s/
const TORN: FstatLine = { kind: 'unread', why: 'its other end is in the next line: it was cut short' }

export const FSTAT_FORM: Form = {
  format: 'fstat',
  begins: (line) => line.startsWith('USER') && HEADING.test(line),
  isRow: (line) => line.includes('* internet') && SOCKET.test(line),
  read: readFstatListing,
}

function readFstatListing(lines: readonly string[], first: number): FormReading {
  const sockets = gatherSockets()
  const unread: UnreadLine[] = []
  const leftOut = countLeftOut()
  let isOpenBsd: boolean | null = null
  for (const [index, line] of lines.entries()) {
    if (line === '' || HEADING.test(line)) {
      const heading = readFstatLine(line, null)
      if (heading.kind === 'heading') isOpenBsd = heading.isOpenBsd
      continue
    }
    const found: FstatLine = OTHER_END.test(lines[index + 1] ?? '') ? TORN : readFstatLine(line, isOpenBsd)
    if (found.kind === 'socket' && found.socket.row !== null) {
      const [user = ''] = line.split(/\s/, 1)
      sockets.add({ ...found.socket, holder: { ...found.socket.holder, user } })
    } else if (found.kind === 'socket') leftOut.add('sockets-without-address')
    else if (found.kind === 'other-protocol' || NO_FILE.test(line)) leftOut.add('other-sockets')
    else if (UNIX.test(line)) leftOut.add('unix-sockets')
    else if (found.kind === 'none' && FILE.test(line)) leftOut.add('files')
    else
      unread.push({
        line: first + index,
        text: line,
        why: found.kind === 'unread' ? found.why : 'it is no line of fstat',
      })
  }
  return { rows: sockets.rows, unread, leftOut: leftOut.all(), asked: { connections: true } }
}
