/** lsof: which arguments to ask with, and how its ordinary columns are read. */

import type { Protocol } from '../domain/endpoint.ts'
import type { Form, FormReading } from './form.ts'
import { isLsofRow, lsofColumns, readLsofLine } from './lsof-line.ts'
import type { LsofColumns } from './lsof-line.ts'
import { LsofSockets } from './lsof-sockets.ts'
import { CUT_SHORT, linesOf } from './reading.ts'
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

/** The heading, or what a cut has left of it. */
const BEGINS = /^[ \t]*COMMAND\s+PID\s(?:.{0,200}\s)?USER\s+FD\s+TYPE(?:\s|$)/

/** What lsof prints between the rounds of `-r`, and with `-r m` a text of the user's between the signs. */
const ROUND = /^\s*={3,}/

/** A process may have such a name. */
function isRound(line: string): boolean {
  return ROUND.test(line) && !isLsofRow(line)
}

export const LSOF_FORM: Form = {
  format: 'lsof',
  begins: (line) => line.includes('COMMAND') && (HEADING.test(line) || BEGINS.test(line)),
  isRow: isLsofRow,
  ends: isRound,
  read: (lines, first, command) => readLines(lines, first, { users: true, command }),
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
type Options = {
  services?: ServiceNames | undefined
  users?: boolean
  strict?: boolean
  command?: string | null
}

type Line = { index: number; text: string; read: ReturnType<typeof readLsofLine> }

function readLines(lines: readonly string[], first: number, options: Options): FormReading {
  const sockets = new LsofSockets({ users: options.users === true })
  const unread: FormReading['unread'] = []
  const all = eachLine(lines, options.services)
  const isWithoutStates = asksNoStates(options.command ?? '') || looksWithoutStates(all)
  for (const { index, text, read } of all) {
    const keep = (why: string) => void unread.push({ line: first + index, text, why })
    if ('why' in read) keep(lsofRemark(text) ?? read.why)
    else if (!('kind' in read)) {
      if (!isWithoutStates && isWithoutState(read, text)) keep(WITHOUT_STATE)
      else sockets.add(read)
    } else if (options.strict === true) keep('it is no socket with an address')
    else sockets.leaveOut(read.kind)
  }
  return { rows: sockets.rows(), unread, leftOut: sockets.leftOut() }
}

function eachLine(lines: readonly string[], services: ServiceNames | undefined): Line[] {
  const all: Line[] = []
  let columns: LsofColumns | null = null
  for (const [index, text] of lines.entries()) {
    if (text === '' || isRound(text)) continue
    const isHeading = text.includes('COMMAND') && (HEADING.test(text) || BEGINS.test(text))
    if (isHeading) columns = lsofColumns(text)
    if (isHeading && !HEADING.test(text)) all.push({ index, text, read: CUT_SHORT })
    else if (!isHeading) all.push({ index, text, read: readLsofLine(text, columns, services) })
  }
  return all
}

const WITHOUT_STATE = 'it shows no state: it was cut short, or lsof was told to print none (-T)'

/** A port that was cut is a port as good as any; but behind the address of each TCP socket lsof prints its state, or what else it was asked for. */
function isWithoutState(read: Line['read'], text: string): boolean {
  return 'row' in read && read.row.protocol === 'tcp' && read.row.stateAsPrinted === '' && !text.endsWith(')')
}

/** `-T` alone prints nothing of TCP behind the address, and the letters behind it what they name: `s` is the state. */
function asksNoStates(command: string): boolean {
  const words = (command.split('|', 1)[0] ?? '').trim().split(/\s+/)
  const at = words.findIndex((word) => /^-[a-zA-Z]*T[fqsw]*$/.test(word))
  const letters = /T([fqsw]*)$/.exec(words[at] ?? '')?.[1] ?? 's'
  return !(letters === '' && /^[fqsw]+$/.test(words[at + 1] ?? '') ? (words[at + 1] ?? '') : letters).includes('s')
}

/**
 * Whether lsof was told to print no states, by the listing alone: no line of TCP has one, none is surely cut, and they
 * end in different columns. Lines that were cut end in the same one, or before a blank there.
 */
function looksWithoutStates(lines: readonly Line[]): boolean {
  let [shortest, longest] = [Infinity, 0]
  for (const { text, read } of lines) {
    if ('why' in read && read.why === CUT_SHORT.why && lsofRemark(text) === null) return false
    if (!('row' in read) || read.row.protocol !== 'tcp') continue
    if (!isWithoutState(read, text)) return false
    shortest = Math.min(shortest, text.length)
    longest = Math.max(longest, text.length)
  }
  return longest - shortest > 1
}

/** What lsof says on its way, among its rows or above them, or `null`. */
export function lsofRemark(line: string): string | null {
  if (/^\s*lsof: WARNING|^\s+Output information may be incomplete/.test(line))
    return 'it is a warning of lsof about files that it may not look at'
  return line.startsWith('lsof: ') ? 'it is a remark of lsof' : null
}
