/** lsof: which arguments to ask with, and how its ordinary columns are read. */

import type { Protocol } from '../domain/endpoint.ts'
import type { Form, FormReading } from './form.ts'
import { isLsofRow, lsofColumns, readLsofLine } from './lsof-line.ts'
import type { LsofColumns } from './lsof-line.ts'
import { LsofSockets } from './lsof-sockets.ts'
import { linesOf } from './reading.ts'
import type { Reading } from './reading.ts'
import type { ServiceNames } from './service-names.ts'

/**
 * `+c 0` lifts the limit of nine characters on command names. The columns fit themselves to what is in them, so where
 * every name is short the output is to the letter that of plain `lsof -nP -i :8080`.
 */
export function lsofArguments(filter: { port?: number; protocol?: Protocol } = {}): string[] {
  const port = filter.port === undefined ? '' : `:${filter.port}`
  const wanted = `${filter.protocol?.toUpperCase() ?? ''}${port}`
  return ['+c', '0', '-nP', '-i', ...(wanted === '' ? [] : [wanted])]
}

/** Whether it is nothing, or has the heading of the lsof this reader knows. busybox's lsof has other columns and none. */
export function isLsofOutput(stdout: string): boolean {
  return stdout.trim() === '' || HEADING.test(stdout)
}

const HEADING = /^[ \t]*COMMAND\s+PID\s.*\bNAME\s*$/m

/** What lsof prints between the rounds of `-r`, and with `-r m` a text of the user's between the signs. */
const ROUND = /^\s*={3,}/

/** A process may have such a name. */
function isRound(line: string): boolean {
  return ROUND.test(line) && !isLsofRow(line)
}

export const LSOF_FORM: Form = {
  format: 'lsof',
  begins: (line) => HEADING.test(line),
  isRow: isLsofRow,
  ends: isRound,
  read: (lines, first) => readLines(lines, first, { users: true }),
}

/**
 * Reads what `lsof -i` prints. lsof has a line per descriptor; lines of one socket (the same DEVICE, which on Linux is
 * the inode) become one row with several holders. lsof's USER is the owner of the process, not of the socket: not kept.
 */
export function readLsof(stdout: string, services?: ServiceNames): Reading {
  const printed = linesOf(stdout)
  const { rows, unread } = readLines(printed, 1, { services, strict: true })
  return { printed, rows, unread: unread.map(({ text }) => text) }
}

/** `strict`: whoever asked with `-i` expects sockets with addresses only; everything else is unread. */
type Options = { services?: ServiceNames | undefined; users?: boolean; strict?: boolean }

function readLines(lines: readonly string[], first: number, { services, users, strict }: Options): FormReading {
  const sockets = new LsofSockets({ users: users === true })
  const unread: FormReading['unread'] = []
  let columns: LsofColumns | null = null
  for (const [index, line] of lines.entries()) {
    if (line === '' || isRound(line)) continue
    if (HEADING.test(line)) {
      columns = lsofColumns(line)
      continue
    }
    const read = readLsofLine(line, columns, services)
    if ('why' in read) unread.push({ line: first + index, text: line, why: read.why })
    else if (!('kind' in read)) sockets.add(read)
    else if (strict === true) unread.push({ line: first + index, text: line, why: 'it is no socket with an address' })
    else sockets.leaveOut(read.kind)
  }
  return { rows: sockets.rows(), unread, leftOut: sockets.leftOut() }
}
