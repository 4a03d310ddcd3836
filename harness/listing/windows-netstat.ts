/** netstat of Windows: `-an`, `-ano`, and `-b`, which names the program in a line of its own under each row. */

import { isIPv4 } from 'node:net'

import type { AddressFamily, Protocol } from '../domain/endpoint.ts'
import type { UnreadLine } from '../domain/look.ts'
import type { SocketRow, TcpState } from '../domain/socket-row.ts'
import type { Form, FormReading } from './form.ts'
import { isLinuxTitle, readWindowsState } from './netstat-words.ts'
import { readPrinted, splitAtLast } from './printed-endpoint.ts'
import { bareRow, holder, peerOrNull } from './reading.ts'

const TITLES = [
  'Active Connections',
  'Aktive Verbindungen',
  'Connexions actives',
  'Conexiones activas',
  'Conexões ativas',
  'Conexões Ativas',
  'Ligações activas',
  'Connessioni attive',
  'Actieve verbindingen',
  'Aktiva anslutningar',
  'Aktive forbindelser',
  'Aktive tilkoblinger',
  'Aktiiviset yhteydet',
  'Aktywne połączenia',
  'Aktivní připojení',
  'Aktív kapcsolatok',
  'Etkin Bağlantılar',
  'Активные подключения',
  'アクティブな接続',
  '活动连接',
  '使用中連線',
  '활성 연결',
]

const TITLE = new Set(TITLES.map((title) => title.toLowerCase()))

/** Two blanks or more between the columns, whatever they are called: they stand under a title, or begin with `Proto`. */
const COLUMNS = /^\s*(?:Proto\s{1,3}Local Address {2,}Foreign Address|Proto\s{2,}\S.*\S\s{2,}\S)/

/** Columns in another language: three at least, with two blanks between, and none of them a protocol. */
const OTHER_COLUMNS = /^\s*(?!TCP|UDP)\S.*\S {2,}\S.* {2,}\S/

/** Queues: Windows has none. */
const UNIX_COLUMNS = /Recv-Q|Recib/

const ROW = /^\s*(TCP|UDP)(?:v6)?\s+(\S+)\s+(\S+)(?:\s+(.*))?$/

const SHAPE = /^\s*(?:TCP|UDP)\s+\S+:(?:\d+|\*|[\w-]+)\s+(?:\S+:\S+)(?:\s|$)/

/** The file of the program, and the name of the service in a shared process, or why neither can be told. */
const PROGRAM = /^\s*\[([^\]]+)\]$/
const COMPONENT = /^\s{0,3}(?!\d+$|(?:TCP|UDP)(?:\s|$))[\w.$@-]+(?: [\w.$@-]+){0,3}$/
const NO_OWNER =
  /can ?not obtain ownership information|Besitzerinformationen|informations de propriété|información de propiedad|initialization failed/i

export const NETSTAT_WINDOWS_FORM: Form = {
  format: 'netstat-windows',
  begins: (line, previous) =>
    isTitle(line) || (COLUMNS.test(line) && !isTitle(previous) && !isLinuxTitle(previous) && !UNIX_COLUMNS.test(line)),
  isRow: (line) => SHAPE.test(line),
  read: readWindowsListing,
}

function isTitle(line: string): boolean {
  return line.length < 40 && TITLE.has(line.trim().toLowerCase())
}

function readWindowsListing(lines: readonly string[], first: number): FormReading {
  const namesPrograms = lines.some((line) => PROGRAM.test(line))
  const rows: SocketRow[] = []
  const unread: UnreadLine[] = []
  let last: SocketRow | null = null
  for (const [index, line] of lines.entries()) {
    if (line === '' || isTitle(line) || isColumns(line, lines[index - 1], lines[index - 2])) continue
    const keep = (why: string) => void unread.push({ line: first + index, text: line, why })
    if (ROW.test(line)) {
      const row = readRow(line)
      last = typeof row === 'string' ? null : row
      if (typeof row === 'string') keep(row)
      else rows.push(row)
      continue
    }
    const [, program] = PROGRAM.exec(line) ?? []
    if (program !== undefined && last !== null) {
      const why = nameProgram(last, program)
      if (why !== null) keep(why)
    } else if (!NO_OWNER.test(line) && !(namesPrograms && last !== null && COMPONENT.test(line))) {
      keep('it is no row of TCP or UDP, or it was cut short')
    }
  }
  return { rows, unread }
}

/** Under a title stand the columns, in any language, with an empty line between. */
function isColumns(line: string, before = '', twoBefore = ''): boolean {
  return COLUMNS.test(line) || (isTitle(before === '' ? twoBefore : before) && OTHER_COLUMNS.test(line.slice(0, 200)))
}

/** Without `-o` the listing has names and no numbers of processes: a holder is known by its number. */
function nameProgram({ holders, local }: SocketRow, program: string): string | null {
  const [only] = holders
  if (only?.command === null) only.command = program
  else if (only !== undefined) return `port ${local.port} has the name of a program already`
  return only === undefined
    ? `it names the program of port ${local.port} without its process: netstat -anob tells both`
    : null
}

function readRow(line: string): SocketRow | string {
  const [, protocolText, localText = '', peerText = '', tail = ''] = ROW.exec(line) ?? []
  const protocol: Protocol = protocolText === 'TCP' ? 'tcp' : 'udp'
  const family: AddressFamily = localText.startsWith('[') || localText.split(':').length > 2 ? 'IPv6' : 'IPv4'
  const local = readEndpoint(localText, family, protocol)
  const peer = readEndpoint(peerText, family, protocol)
  if (typeof local === 'string') return local
  if (typeof peer === 'string') return peer
  const hasOtherPeer = family === 'IPv6' && isIPv4(peer.endpoint.address) && peer.endpoint.port !== 0
  if (hasOtherPeer || (family === 'IPv6' && isIPv4(local.endpoint.address)))
    return 'its addresses are of two versions of IP'
  const words = tail === '' ? [] : tail.split(/\s+/)
  const stateAsPrinted = protocol === 'tcp' && !isNumber(words[0]) ? (words.shift() ?? '') : ''
  const pid = isNumber(words[0]) ? (words.shift() ?? '0') : '0'
  // `InHost` and its like come with `-t`, the name of a template with `-y`.
  if (words.length > 1 || stateAsPrinted.includes(':'))
    return 'what stands behind its addresses is no state and no process'
  if (protocol === 'tcp' && stateAsPrinted === '') return 'it shows no state: it was cut short'
  const row = bareRow({
    protocol,
    family,
    local: local.endpoint,
    peer: peerOrNull(peer.endpoint),
    state: protocol === 'tcp' ? stateOf(stateAsPrinted, peer.endpoint.port) : null,
    stateAsPrinted,
  })
  // What TIME_WAIT leaves behind belongs to "process 0", which is none.
  const holders = pid === '0' ? [] : [holder(pid, '', null)]
  return { ...row, device: local.device, holders }
}

const isNumber = (word: string | undefined) => word !== undefined && /^\d{1,10}$/.test(word)

/** Windows translates the states, and old terminals spoil the letters. But only a listener has the peer port 0. */
function stateOf(printed: string, peerPort: number): TcpState | null {
  return readWindowsState(printed) ?? (peerPort === 0 ? 'LISTEN' : null)
}

function readEndpoint(text: string, family: AddressFamily, protocol: Protocol) {
  const parts = splitAtLast(text, ':')
  if (parts === null) return 'it has no port'
  const isOtherFamily = family === 'IPv6' && isIPv4(parts.host)
  return readPrinted({ ...parts, isCut: false }, isOtherFamily ? 'IPv4' : family, protocol)
}
