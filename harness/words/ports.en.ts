/** Reading the ports of a machine in English: headings, who reaches what, what deserves a look, what is not said. */

import type { Blind, LeftOut, ScannedHost, UnreadLine } from '../domain/look.ts'
import { LISTING_FORMATS } from '../domain/look.ts'
import type { ListingView } from '../domain/ports-view.ts'
import type { ClientRow, Concern, Raised, Reach, Service } from '../domain/service.ts'
import { asJoined, inThousands } from './phrases.en.ts'

export const portsHeadings = {
  reach: 'Who can reach what',
  concerns: 'What deserves a look',
  clients: 'No services: connections and clients',
  forms: 'How the lines are read',
  rows: 'What they mean',
  blind: 'What this listing cannot say',
  unread: 'Not read',
  outside: 'Not read, being in no listing',
} as const

/** Of the table. `ip` is the version of IP. */
export const portsColumns = {
  protocol: 'Proto',
  ip: 'IP',
  address: 'Address',
  port: 'Port',
  service: 'Service',
  state: 'State',
  pid: 'PID',
  command: 'Command',
  user: 'User',
  local: 'Local',
  peer: 'Peer',
} as const

export const portsLegend = {
  both: 'IPv6+4 is an IPv6 socket that takes IPv4 too.',
  none: '- means that there is none, or that the listing does not say.',
  service: 'Service is the usual name of the number. The program is the one under Command.',
  several: 'x2 and so on: so many sockets that look the same.',
} as const

/** `Listing 2 of 3: ss -ltunp (lines 4 to 20), 18 sockets` */
export function listingInWords(
  { format, command, lines, rows, hosts }: ListingView,
  index: number,
  of: number,
): string {
  const name = command ?? LISTING_FORMATS[format]
  const where =
    lines === null ? '' : lines.from === lines.to ? ` (line ${lines.from})` : ` (lines ${lines.from} to ${lines.to})`
  const content = hosts.length > 0 ? counted(hosts.length, 'host') : counted(rows, 'socket')
  return `${of > 1 ? `Listing ${index + 1} of ${of}: ` : ''}${name}${where}, ${content}`
}

export function counted(count: number, what: string): string {
  return `${inThousands(count)} ${what}${count === 1 ? '' : 's'}`
}

export const nothingReadInWords =
  'No listing was recognised. Known are those of lsof, ss, netstat, fstat, sockstat and nmap, and the tables under /proc/net.'
export const nothingOpenInWords = 'No service in this listing.'

export type Named = Pick<Service, 'protocols' | 'port'> & { processes: readonly { command: string | null }[] }

/** `TCP and UDP 53 (named)`. */
export function serviceInWords({ protocols, port, processes }: Named): string {
  const names = [...new Set(processes.flatMap(({ command }) => command ?? []))]
  const held = names.length > 0 ? ` (${asJoined(names.length > 3 ? [...names.slice(0, 2), 'others'] : names)})` : ''
  return `${asJoined(protocols.map((protocol) => protocol.toUpperCase()))} ${port}${held}`
}

/** From where, as the beginning of a sentence that goes on with the services. */
export function reachInWords({ kind, families, perhaps, addresses, devices }: Reach): string {
  const over =
    families.length === 0
      ? ''
      : ` over ${asJoined(families)}${perhaps.length > 0 ? `, perhaps ${asJoined(perhaps)} too` : ''}`
  const through = devices.length === 0 ? '' : ` through ${asJoined(devices.map(deviceInWords))}`
  switch (kind) {
    case 'nobody':
      return 'From nowhere, having no port'
    case 'this-machine':
      return `From this machine only${over}`
    case 'group':
      return `What is sent to the group ${asJoined(addresses)}${through}`
    case 'one-interface': {
      const at = addresses.length === 0 ? '' : ` at ${asJoined(addresses)}`
      return `From other machines${at}${through}${over}`
    }
    case 'every-address':
      return `From other machines at every address${over}`
  }
}

/** Windows, and some others for link-local addresses, number the interface and do not name it. */
const deviceInWords = (device: string) => (/^\d+$/.test(device) ? `interface number ${device}` : device)

export const reachCaution = 'This is what the addresses say. A packet filter may still stand between.'

/** Sockets that are perhaps clients, as long as they are there. */
export const reachOfClients = 'From other machines too, while they are there (perhaps clients)'

const CONCERN_WORDS: Readonly<Record<Concern, { name: string; reason: string }>> = {
  'login-in-clear': {
    name: 'Login in clear',
    reason:
      'Passwords cross the network unencrypted, for everybody on the way to read. ssh does the same work encrypted.',
  },
  'files-for-anyone': {
    name: 'Files without asking who',
    reason: 'TFTP gives files to whoever asks, and NFS trusts the machine that asks, unless it is set up otherwise.',
  },
  display: {
    name: 'A display',
    reason:
      'Who is let in there can see the screen and read what is typed. ssh -X shows windows of other machines without this port.',
  },
  'remote-calls': {
    name: 'Remote procedure calls',
    reason:
      'rpcbind tells strangers which services are there, and on which ports. Few things but NFS up to version 3 need it.',
  },
  database: {
    name: 'A database',
    reason:
      'Other machines can try to log in, and some databases ask for no password until told to. Where only this machine uses it, 127.0.0.1 is enough.',
  },
  debugger: {
    name: 'A debugger',
    reason: 'Who reaches a debugger can run any code as the user of the program. It is meant for 127.0.0.1.',
  },
  'two-programs': {
    name: 'One number, two programs',
    reason:
      'One has it over TCP and another over UDP. That is allowed, but the usual name of the number fits one of them at most.',
  },
  'no-port': {
    name: 'No port',
    reason: 'A socket that has no port yet. Nobody can reach it; ask what the program means to do with it.',
  },
  'privileged-by-ordinary-user': {
    name: 'A privileged port of an ordinary user',
    reason:
      'On most systems only root gets ports below 1024. Here somebody was given the right, or the program gave up the rights of root.',
  },
  'file-gone': {
    name: 'The program file is gone',
    reason:
      'As a rule the program was updated and the old version still runs: restart it. If nobody updated it, find out who removed the file.',
  },
}

export const concernName = (concern: Concern) => CONCERN_WORDS[concern].name
export const concernReason = (concern: Concern) => CONCERN_WORDS[concern].reason

/** `TCP 23 (inetd), usually telnet`. */
export function raisedInWords(service: Named, { usually }: Raised): string {
  return `${serviceInWords(service)}${usually === null ? '' : `, usually ${usually}`}`
}

export const clientKinds: Readonly<Record<ClientRow['kind'], string>> = {
  served: 'Connections of clients to services here',
  calling: 'Connections of programs here to others',
  closing: 'Connections that are being closed, or are',
  'perhaps-client': 'Perhaps short-lived clients over UDP',
  'not-listening': 'TCP sockets that do not listen',
}

/** A host of a scan, with what else it is called. */
export function hostInWords({ address, names, isDown }: ScannedHost): string {
  const called = names.length > 0 ? ` (${names.join(', ')})` : ''
  return `${address}${called}${isDown === true ? ' is down: it answered nothing, and none of its ports was asked' : ''}`
}

export function moreInWords(count: number): string {
  return `and ${inThousands(count)} more`
}

const BLIND_WORDS: Readonly<Record<Blind, string>> = {
  processes: 'It names no programs. ss -p and netstat -p on Linux, and lsof -nP -i everywhere, name them.',
  'some-processes':
    'Some rows have no program: they are of other users, or of the kernel. Run it with more rights to see the program.',
  'other-users':
    'Every row is of one user. lsof shows an ordinary user their own sockets only; run it with more rights to see all.',
  'dual-stack':
    'An IPv6 wildcard address: it does not say whether the socket takes IPv4 too. ss on Linux can tell; elsewhere a client over IPv4 finds out.',
  states:
    'It shows no states: a TCP line without a peer listens as a rule, and may be bound only. netstat and lsof tell.',
  connections: 'It shows no connections: there were none, or it was asked only for what listens.',
  tcp: 'It shows no TCP: there was none, or it was not asked for it.',
  udp: 'It shows no UDP: there was none, or it was not asked for it.',
  IPv4: 'It shows no sockets of IPv4 alone: there were none, or it was not asked for them.',
  IPv6: 'It shows no IPv6: there was none, or it was not asked for it. Dual-stack sockets, which take IPv4 too, would be there.',
}

/** What may stand on lines that could not be read. */
const ABSENT: ReadonlySet<Blind> = new Set(['connections', 'tcp', 'udp', 'IPv4', 'IPv6'])

/** With the rights of root the kernel hides nobody of its own namespaces. */
const OF_NOBODY_HERE = 'Some rows have no program: they are of the kernel, or of processes in another container.'

type Told = Pick<ListingView, 'format' | 'command' | 'unread'>

export function blindInWords(blind: Blind, { format, command, unread }: Told): string {
  const words = BLIND_WORDS[blind]
  if (blind === 'some-processes') {
    if (/^(?:sudo|doas) /.test(command ?? '')) return OF_NOBODY_HERE
    return format === 'ss' ? `${words.slice(0, -1)} (sudo ss).` : words
  }
  return ABSENT.has(blind) && unread.length > 0 ? `${words} Or it is on a line that was not read.` : words
}

const LEFT_OUT_WORDS: Readonly<Record<LeftOut['kind'], [one: string, many: string]>> = {
  files: ['line about a file', 'lines about files'],
  'unix-sockets': ['socket of the UNIX domain', 'sockets of the UNIX domain'],
  'other-sockets': ['socket of another protocol', 'sockets of other protocols'],
  'sockets-without-address': ['socket without an address', 'sockets without an address'],
}

/** `Left out, having no port: 12 lines about files and 3 sockets of the UNIX domain.` */
export function leftOutInWords(all: readonly LeftOut[]): string {
  const parts = all.map(({ kind, count }) => `${inThousands(count)} ${LEFT_OUT_WORDS[kind][count === 1 ? 0 : 1]}`)
  return `Left out, having no port: ${asJoined(parts)}.`
}

/** Of lines beyond those that are shown. */
export function moreUnreadInWords(count: number): string {
  return `and ${counted(count, 'line')} more, all of them with --json`
}

/** `line 7 was not read: it is cut short`. */
export function unreadInWords({ line, why }: UnreadLine): string {
  return `line ${line} was not read: ${why}`
}
