/** What netstat of Linux and of Windows says in other languages than English. */

import type { TcpState } from '../domain/socket-row.ts'
import { TCP_STATES } from '../domain/socket-row.ts'
import { readTcpState } from './tcp-states.ts'

/** German and Portuguese net-tools (po/de.po, po/pt_BR.po); other languages leave the states as they are. */
const LINUX: ReadonlyMap<string, TcpState> = new Map([
  ['VERBUNDEN', 'ESTABLISHED'],
  ['ESTABELECIDA', 'ESTABLISHED'],
  ['SYN_ENVIADO', 'SYN-SENT'],
  ['SYN_RECEBIDO', 'SYN-RECEIVED'],
  ['ESPERA_FIN1', 'FIN-WAIT-1'],
  ['ESPERA_FIN2', 'FIN-WAIT-2'],
  ['FECHAR', 'CLOSED'],
  ['ESPERANDO_FECHAR', 'CLOSE-WAIT'],
  ['ÚLTIMO_ACK', 'LAST-ACK'],
  ['OUÇA', 'LISTEN'],
  ['FECHANDO', 'CLOSING'],
])

/** What net-tools writes where the kernel's number of the state means nothing to it. */
const UNKNOWN: ReadonlySet<string> = new Set(['UNKNOWN', 'UNBEKANNT', 'DESCONHECIDA'])

/** Windows: English, German, Polish. Which languages it translates the states into changed with its versions. */
const WINDOWS: ReadonlyMap<string, TcpState> = new Map([
  ['LISTENING', 'LISTEN'],
  ['ABHÖREN', 'LISTEN'],
  ['NASŁUCHIWANIE', 'LISTEN'],
  ['HERGESTELLT', 'ESTABLISHED'],
  ['USTANOWIONO', 'ESTABLISHED'],
  ['WARTEND', 'TIME-WAIT'],
  ['CZAS_OCZEKIWANIA', 'TIME-WAIT'],
  ['SCHLIESSEN_WARTEN', 'CLOSE-WAIT'],
  ['SCHLIESSEND', 'CLOSING'],
  ['SYN_GESENDET', 'SYN-SENT'],
  ['SYN_EMPFANGEN', 'SYN-RECEIVED'],
  ['FIN_WARTEN_1', 'FIN-WAIT-1'],
  ['FIN_WARTEN_2', 'FIN-WAIT-2'],
  ['BOUND', 'BOUND-INACTIVE'],
  ['DELETE_TCB', 'CLOSED'],
])

/** As ss has it: where netstat prints it, the rest was cut off. */
const CUT_STATE = 'ESTAB'

/** `null`: the word is no state. `'unknown'`: it says that the state is not known. */
export function readLinuxState(printed: string): TcpState | 'unknown' | null {
  if (printed === CUT_STATE) return null
  return readTcpState(printed) ?? LINUX.get(printed) ?? (UNKNOWN.has(printed) ? 'unknown' : null)
}

/** The BSDs have CLOSED, and no CLOSE. */
export function readBsdState(printed: string): TcpState | null {
  return printed === CUT_STATE || printed === 'CLOSE' ? null : readTcpState(printed)
}

/** Whether the word is the beginning of a state and not all of it. */
export function isCutState(printed: string): boolean {
  const begins = (state: string) => state.length > printed.length && state.replaceAll('-', '_').startsWith(printed)
  return TCP_STATES.some(begins) || [...LINUX.keys()].some(begins)
}

export function readWindowsState(printed: string): TcpState | null {
  return WINDOWS.get(printed) ?? readTcpState(printed)
}

/** How a title of net-tools begins: English, German, French, Portuguese, Spanish, Japanese, Turkish. */
const LINUX_TITLES = [
  'Active Internet connections (',
  'Aktive Internetverbindungen',
  'Connexions Internet actives',
  'Conexões Internet Ativas',
  'Conexões Internet ativas',
  'Conexiones activas de Internet',
  '稼働中のインターネット接続',
  'Active UNIX domain sockets (',
  'Aktive Sockets in der UNIX-Domäne',
  'Sockets du domaine UNIX actives',
  'Domain sockets UNIX ativos',
  'UNIX ドメインソケット',
  '稼働中の UNIX ドメインソケット',
  'Active Bluetooth connections',
  'Active IPX sockets',
  'Active AX.25 sockets',
  'Active X.25 sockets',
  'Active NET/ROM sockets',
  'Active ROSE sockets',
] as const

/** The letter I is spelt in several ways. */
const TURKISH_TITLE = /^(?:Aktif|Etkin) [Iİi]nternet bağlantıları/

/** The BSDs' title has other words in its brackets, or none. */
export function isLinuxTitle(line: string): boolean {
  const isTitle = LINUX_TITLES.some((title) => line.startsWith(title)) || TURKISH_TITLE.test(line)
  return isTitle && !line.endsWith('(including servers)')
}

/** What a title says of connections: whether the listing has any, or `undefined` where it does not say. */
export function titleAsksConnections(title: string): boolean | undefined {
  if (/\((?:only servers|Nur Server|seulement serveurs|サーバのみ|s[oó]lo servidores)\)/.test(title)) return false
  return /\((?:servers and established|Server und stehende|serveurs et établies|サーバと確立|servidores e est|servidores y est)/.test(
    title,
  )
    ? true
    : undefined
}

/** The remark that precedes the listing of an ordinary user, in two lines between brackets. */
export function isRemarkOfRights(line: string): boolean {
  return /^\((?:Not all processes could be|No info could be read for|Es konnten nicht alle Prozesse|Nem todos os processos|Tous les processus|No todos los procesos|すべてのプロセス)/.test(
    line,
  )
}
