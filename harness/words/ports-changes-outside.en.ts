/** The view from outside beside the list of sockets, in English. */

import { formatEndpoint } from '../domain/endpoint.ts'
import type { AskedPorts, Finding, NotListed, NotReached, OutsideView, ScanOfAddress } from '../domain/ports-outside.ts'
import { asJoined, inThousands } from './phrases.en.ts'
import { counted } from './ports.en.ts'

export const outsideHeadings = {
  scans: 'What answered',
  agree: 'Open, and listed',
  notListed: 'Open, and not listed',
  notReached: 'Listed, and not reached',
  silent: 'No answer, and no socket listed',
  shortLived: 'There for a short time',
  problems: 'Not scanned',
} as const

/** Said before the first port is asked. */
export function scanBeginsInWords(
  { addresses }: { addresses: readonly string[] },
  ports: readonly AskedPorts[],
): string {
  const count = ports.reduce((sum, { from, to }) => sum + to - from + 1, 0)
  const which = count === 65_535 ? 'every port' : `${portsInWords(ports)}`
  return `Asking ${which} of ${asJoined(addresses)}, over TCP and UDP. Programs that listen there notice: each TCP connection is closed at once, and to each UDP port goes a datagram of one line.`
}

/** `port 80`, `ports 1 to 1024 and 8080`. */
export function portsInWords(ports: readonly AskedPorts[]): string {
  const told = ports.map(({ from, to }) => (from === to ? `${from}` : `${from} to ${to}`))
  return `port${told.length === 1 && ports[0]?.from === ports[0]?.to ? '' : 's'} ${shortened(told)}`
}

/** `TCP 127.0.0.1: 2 open (22, 80), 1,022 closed, none without an answer`. */
export function scanInWords({ protocol, address, open, closed, silent }: ScanOfAddress): string {
  const which = open.length === 0 ? '' : ` (${shortened(open.map(String))})`
  return `${protocol.toUpperCase()} ${address}: ${inThousands(open.length)} open${which}, ${inThousands(closed)} closed, ${inThousands(silent.length)} without an answer`
}

export function problemInWords({ protocol, address, problem }: ScanOfAddress): string {
  return `${protocol.toUpperCase()} ${address}: ${problem ?? ''}`
}

/** `TCP 80 (nginx) at 127.0.0.1 and ::1`. */
export function findingInWords(finding: Finding): string {
  const { protocol, port, at } = finding
  const where = `${protocol.toUpperCase()} ${port}${heldInWords(finding)}`
  switch (finding.kind) {
    case 'open-and-listed':
      return `${where} at ${asJoined(at)}`
    case 'open-not-listed':
      return `${where} at ${asJoined(at)}. ${NOT_LISTED[finding.why]}`
    case 'listed-not-reached':
      return `${where} at ${asJoined(at)}. ${notReachedInWords(finding.why, boundInWords(finding), at)}`
  }
}

function heldInWords({ holders, bound }: Finding): string {
  const names = [...new Set(holders.flatMap(({ command }) => command ?? []))]
  if (names.length > 0) return ` (${asJoined(names.length > 3 ? [...names.slice(0, 2), 'others'] : names)})`
  return bound.length > 0 ? ' (program not seen)' : ''
}

function boundInWords({ bound }: Finding): string {
  return asJoined(bound.map(({ address, device }) => (device === null ? address : `${address} on ${device}`)))
}

const NOT_LISTED: Readonly<Record<NotListed, string>> = {
  'ended-meanwhile': 'Asked again it was closed: a program was there for a moment, between the two lists.',
  hidden: 'The list shows the sockets of one user only; run it with more rights to see whose it is.',
  'not-in-the-tables':
    'No socket of this network has it. A packet filter may pass it on to another network, as container engines do; or the kernel serves it itself.',
}

function notReachedInWords(why: NotReached, bound: string, at: readonly string[]): string {
  switch (why) {
    case 'other-address':
      return `It is bound to ${bound}, and takes only what is sent there.`
    case 'other-family': {
      const isSix = at.every((address) => !address.includes(':'))
      return isSix ? 'Its socket is for IPv6 only.' : 'Its socket is for IPv4 only.'
    }
    case 'device':
      return `It is bound to a network device (${bound}). What is sent to the address of another device does not reach it.`
    case 'group':
      return `It takes what is sent to the group ${bound}, and nothing else.`
    case 'silent-udp':
      return 'No answer. A program may not know the question, or a packet filter drops it: nmap calls that open|filtered.'
    case 'other-source':
      return 'No answer from there, and one at another address: a socket with the wildcard address answers from the address that the routes choose, unless its program takes care.'
    case 'backlog-full':
      return 'No answer: as many connections wait to be accepted as its backlog allows. The program does not accept them.'
    case 'filtered':
      return 'No answer, though a listener would have answered: a packet filter drops what is sent there.'
    case 'refused':
      return 'Refused, though it is listed before and after: a packet filter can answer so.'
    case 'ended-meanwhile':
      return 'It was there in one of the two lists only, and not when it was asked.'
  }
}

export function silentInWords({ protocol, address, ports }: OutsideView['silent'][number]): string {
  const why =
    protocol === 'tcp'
      ? 'A packet filter drops what is sent there.'
      : 'A packet filter drops it, or passes it on to a program that does not answer.'
  return `${protocol.toUpperCase()} ${address}: ${counted(ports.length, 'port')} (${shortened(runsOf(ports))}). ${why}`
}

export function shortLivedInWords({ socket, seen }: OutsideView['shortLived'][number]): string {
  const names = [...new Set(socket.holders.flatMap(({ command }) => command ?? []))]
  const held = names.length === 0 ? '' : ` (${asJoined(names)})`
  return `${socket.protocol.toUpperCase()} ${formatEndpoint(socket.local)}${held}: listed ${seen} the scan only.`
}

export function leftOutInWords(leftOut: readonly string[]): string {
  return `Not asked: ${asJoined(leftOut)}, which ${leftOut.length === 1 ? 'is' : 'are'} valid on one link: who dials ${leftOut.length === 1 ? 'it' : 'them'} has to name the network device.`
}

export const agreeInFull = 'Both views agree: what answers is listed, and what is listed answers.'

/** The view has a limit that a reader must know. */
export const outsideCaution =
  'This is how the machine answers itself. A packet filter may treat other machines differently: to know, scan from one of them.'

const MOST_TOLD = 12

function shortened(all: readonly string[]): string {
  const first = all.slice(0, MOST_TOLD)
  return all.length <= MOST_TOLD
    ? asJoined(first)
    : `${first.join(', ')} and ${inThousands(all.length - MOST_TOLD)} more`
}

/** `80`, `1000 to 2000`. The numbers ascend. */
function runsOf(ports: readonly number[]): string[] {
  const found: [number, number][] = []
  for (const port of ports) {
    const last = found.at(-1)
    if (last?.[1] === port - 1) last[1] = port
    else found.push([port, port])
  }
  return found.map(([from, to]) => (from === to ? `${from}` : `${from} to ${to}`))
}
