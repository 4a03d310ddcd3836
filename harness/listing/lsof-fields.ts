/** lsof with `-F`: one field per line (or per NUL with `-F0`), each with a letter in front; a process, then its files. */

import { CUT_SHORT, OTHER_COLUMNS } from './reading.ts'
import type { Unreadable } from './reading.ts'
import type { Form, FormReading } from './form.ts'
import { kindWithoutAddress, readLsofSocket, unescaped } from './lsof-name.ts'
import { LsofSockets } from './lsof-sockets.ts'

/** Fields whose values have a shape of their own. Those of other letters may be anything. */
const SHAPED =
  /^(?:p\d{1,10}|f(?:\d{1,10}|[a-zA-Z]{1,4}\d{0,2})|a[ rwu-]?|l[ \w]?|t[\w-]{1,10}|P[\w-]{1,10}|T[A-Z]{2}=\S*|[gRuKikr]\d+|[dDGCFNo]\S{1,40}|s\d+)$/

/** The names of a command, a user, a task, a file, a security context and a zone. */
const FREE = /^[cLMnzZ]/

/** Of several words it might be a row of another listing; and `netstat` and `nmap` are commands. */
const NAME_IN_ONE_WORD = /^[cLn](?!etstat$|map$)\S+$/

/** `-r` writes it between its rounds; a text of the user's may stand behind it. */
const MARK = /^m(?:=|\0?$)/

const PROCESS = /^p\d{1,10}$/

export const LSOF_FIELDS_FORM: Form = {
  format: 'lsof-fields',
  begins: () => false,
  isRow: (line) => PROCESS.test(firstField(line)),
  holds: (line) => line.includes('\0') || SHAPED.test(line) || NAME_IN_ONE_WORD.test(line),
  ends: (line) => MARK.test(line),
  read: readFields,
}

function firstField(line: string): string {
  const end = line.indexOf('\0')
  return end === -1 ? line : line.slice(0, end)
}

/** The fields of one descriptor by their letter; `first` and `number` for saying which line is unread. */
type Fields = Map<string, string>
type Descriptor = { fields: Fields; number: number; text: string }

/** Fields of the process stand before those of its files, and hold until the next process. */
function readFields(lines: readonly string[], first: number): FormReading {
  const sockets = new LsofSockets({ users: true })
  const unread: FormReading['unread'] = []
  let process: Fields = new Map()
  let descriptor: Descriptor | null = null
  let isAfterGap = false
  const whole = wholeLines(lines)
  const finish = () => {
    if (descriptor === null) return
    const problem = addDescriptor(descriptor.fields, process, sockets)
    if (problem !== null) unread.push({ line: descriptor.number, text: descriptor.text, why: problem.why })
    descriptor = null
  }
  for (const [at, { index, last, text: line, cut }] of whole.entries()) {
    // lsof prints no empty line: what comes after one is somebody's remark, even where it begins with a letter
    if (line === '' || isAfterGap) {
      isAfterGap = !PROCESS.test(firstField(whole[at + 1]?.text ?? ''))
      for (let piece = index; piece <= last; piece += 1) {
        const text = lines[piece] ?? ''
        if (text !== '') unread.push({ line: first + piece, text, ...OTHER_COLUMNS })
      }
      continue
    }
    for (const field of line.includes('\0') ? line.split('\0') : [line]) {
      if (field.trim() === '' || MARK.test(field)) continue
      if (/^[pf]/.test(field) && SHAPED.test(field)) finish()
      if (PROCESS.test(field)) process = new Map()
      else if (field.startsWith('f') && SHAPED.test(field)) {
        descriptor = { fields: new Map(), number: first + index, text: lines[index] ?? line }
      }
      if (!isKept(field, descriptor?.fields ?? process)) {
        unread.push({ line: first + index, text: last === index ? field : (lines[index] ?? field), ...OTHER_COLUMNS })
      }
    }
    if (cut !== '') unread.push({ line: first + last, text: cut, ...CUT_SHORT })
  }
  finish()
  return { rows: sockets.rows(), unread, leftOut: sockets.leftOut() }
}

/** Lines `index` to `last` as one. `cut`: the last field, where its end is missing. */
type Line = { index: number; last: number; text: string; cut: string }

/** What a process or a descriptor begins with under `-F0`. */
const SET = /^[pf]\w{1,10}\0/

/** Under `-F0` each field ends with NUL, the last one of a line too: a line without it goes on in the next one, or was cut. */
function wholeLines(lines: readonly string[]): Line[] {
  const whole: Line[] = []
  for (let index = 0; index < lines.length; index += 1) {
    const pieces = [lines[index] ?? '']
    const from = index
    if (pieces[0]?.includes('\0') === true) {
      while (pieces.at(-1)?.endsWith('\0') === false && pieces.length < MOST_PIECES && isPiece(lines[index + 1])) {
        pieces.push(lines[(index += 1)] ?? '')
      }
    }
    const text = pieces.join('')
    const end = text.lastIndexOf('\0') + 1
    const isNul = end > 0
    whole.push({ index: from, last: index, text: isNul ? text.slice(0, end) : text, cut: isNul ? text.slice(end) : '' })
  }
  return whole
}

const MOST_PIECES = 8

function isPiece(line = ''): boolean {
  return line.includes('\0') && !SET.test(line)
}

/**
 * Keeps a field, or says that it is none. A second name for one thing is somebody's remark. `T` comes several times, each
 * with a name of its own: `TST=LISTEN`, `TQR=0`. Only the state is kept.
 */
function isKept(field: string, fields: Fields): boolean {
  const letter = field.charAt(0)
  if (FREE.test(field) ? fields.has(letter) : !SHAPED.test(field)) return false
  if (letter !== 'T') fields.set(letter, field.slice(1))
  else if (field.startsWith('TST=')) fields.set(letter, field.slice('TST='.length))
  return true
}

const WITHOUT_PROTOCOL: Unreadable = { why: 'its field P is missing: -F P prints the protocol' }

function addDescriptor(fields: Fields, process: Fields, sockets: LsofSockets): Unreadable | null {
  const type = fields.get('t')
  const fd = fields.get('f') ?? ''
  const name = fields.get('n')
  const protocol = fields.get('P')?.toLowerCase()
  const family = familyOf(type, name, protocol)
  if (family === null && type === undefined && /^[^/\s]+:[\w*-]+(?:->|$)/.test(name ?? '')) return WITHOUT_PROTOCOL
  if (family === null) {
    sockets.leaveOut(kindOf(type, name))
    return null
  }
  if (name === undefined) return { why: 'its field n is missing: -F n prints the addresses' }
  const withoutAddress = kindWithoutAddress(name)
  if (withoutAddress !== null || (protocol !== undefined && protocol !== 'tcp' && protocol !== 'udp')) {
    sockets.leaveOut(withoutAddress ?? 'other-sockets')
    return null
  }
  // Without the field P, only a socket of TCP has a state
  if (protocol === undefined && !fields.has('T')) return WITHOUT_PROTOCOL
  const device = fields.get('d') ?? '0'
  const row = readLsofSocket({
    family,
    protocol: protocol === 'udp' ? 'udp' : 'tcp',
    name,
    state: fields.get('T') ?? '',
    device,
  })
  if ('why' in row) return row
  const user = process.get('L') ?? process.get('u') ?? ''
  sockets.add({ row, device, fd, pid: process.get('p') ?? '', command: unescaped(process.get('c') ?? ''), user })
  return null
}

/** By the type where it is printed; else by the addresses, where only IPv6 ones have brackets. */
function familyOf(type: string | undefined, name = '', protocol = ''): 'IPv4' | 'IPv6' | null {
  if (type === 'IPv6' || type === 'IPv4') return type
  if (type !== undefined || !/^(?:tcp|udp)$/.test(protocol)) return null
  return name.includes('[') ? 'IPv6' : 'IPv4'
}

function kindOf(type = '', name = '') {
  if (type === 'unix') return 'unix-sockets'
  if (type === 'sock') return kindWithoutAddress(name) ?? 'other-sockets'
  return /^(?:raw6?|netlink|pack|inet6?|systm|key)$/.test(type) ? 'other-sockets' : 'files'
}
