/** What nmap prints for people: the ports of each host with their states, and what it only counts. */

import { isIP } from 'node:net'

import type { Protocol } from '../domain/endpoint.ts'
import { PORT_STATES } from '../domain/look.ts'
import type { PortState, ScannedHost, ScannedPort, UnreadLine } from '../domain/look.ts'
import { readAddress } from './address.ts'
import type { Form, FormReading } from './form.ts'
import { countLeftOut } from './left-out.ts'
import { isNmapRemark } from './nmap-remarks.ts'

/** Until version 4.9 the second one. The name stands before the address, where nmap knows one. */
const HOST = /^(?:Nmap scan report for|Interesting (?:ports|protocols) on) (.+?):?( \[host down.*\])?$/

const PORT = /^(\d+)\/(\w+)\s+(\S+)(?:\s+(\S+)(?:\s+(\S.*))?)?$/

const PORT_ROW = /^\d+\/(?:tcp|udp|sctp)\s+(?:open|closed|filtered|unfiltered)\b/
const COUNT_ROW = /^(?:Not shown: \d+ |All \d+ scanned ports on )/

/** What comes after the end, with `-v` and in a file. */
const LAST_ROW = /^(?:# Nmap done|\s+Raw packets sent: )/

/** `-sO`: numbers of protocols above IP, which are no ports. */
const IP_PROTOCOL = /^\d+\s+(?:open|closed|filtered|unfiltered)\S*(?:\s+\S+)?/

const ALL_ALIKE = /^All (\d+) scanned ports on ./
const ARE = ' are '
const NOT_SHOWN_BEFORE = /^\(The (\d+) ports scanned but not shown below are in state: (\S+)\)$/

/** A line longer than this is of no host. */
const LONGEST_HOST = 600

const COLUMNS = /^(?:PORT|Port|PROTOCOL|Protocol)\s+(?:STATE|State|state)/

/** The columns behind SERVICE. */
type Columns = { hasReason: boolean; hasVersion: boolean }

export const NMAP_FORM: Form = {
  format: 'nmap',
  begins: (line) => /^Starting [Nn]map /.test(line) || isHost(line),
  isRow: (line) => PORT_ROW.test(line) || COUNT_ROW.test(line) || LAST_ROW.test(line),
  // One run reports host after host.
  joins: (heading) => isHost(heading),
  ends: (line) => /^\s+Raw packets sent: |^# Nmap done/.test(line),
  read: (lines, first) => readNmap(lines, first),
}

function isHost(line: string): boolean {
  return line.length <= LONGEST_HOST && /^[NI]/.test(line) && HOST.test(line)
}

/** `80/tcp open http` and what stands around it. `first`: the number of the first line, for those that are not read. */
export function readNmap(lines: readonly string[], first = 1): FormReading & { hosts: ScannedHost[] } {
  const hosts: ScannedHost[] = []
  const unread: UnreadLine[] = []
  const leftOut = countLeftOut()
  let columns: Columns = { hasReason: false, hasVersion: false }
  let names = new Set<string>()
  for (const [index, line] of lines.entries()) {
    const keep = (why: string) => void unread.push({ line: first + index, text: line, why })
    const [, name, down] = isHost(line) ? (HOST.exec(line) ?? []) : []
    if (name !== undefined) {
      const host = hostOf(name)
      hosts.push(down === undefined ? host : { ...host, isDown: true })
      names = new Set(host.names)
    } else if (COLUMNS.test(line))
      columns = { hasReason: / REASON\b/.test(line), hasVersion: line.endsWith(' VERSION') }
    else if (/^\d/.test(line) && !isNmapRemark(line)) {
      const why = readPortLine(line, columns, leftOut.add, (port) => hostNow(hosts).ports.push(port))
      if (why !== null) keep(why)
    } else {
      const counted = notShownOf(line)
      if (typeof counted === 'string') keep(counted)
      else if (counted !== null) {
        const host = hostNow(hosts)
        for (const one of counted) host.notShown.push(one)
      } else if (line.startsWith('rDNS record for ')) {
        const [, record] = /^rDNS record for \S+: (\S+)$/.exec(line) ?? []
        if (record === undefined) keep('it tells no name of the host: it was cut short')
        else addName(hostNow(hosts), names, record)
      } else if (line !== '' && !isNmapRemark(line)) keep('it is no line of nmap that is known')
    }
  }
  return { rows: [], hosts, unread, leftOut: leftOut.all() }
}

/** Rows may come without the line that names their host: cut off, or sifted by grep. */
function hostNow(hosts: ScannedHost[]): ScannedHost {
  const last = hosts.at(-1)
  if (last !== undefined) return last
  const unnamed: ScannedHost = { address: '', names: [], ports: [], notShown: [] }
  hosts.push(unnamed)
  return unnamed
}

/** `localhost (127.0.0.1)`, `127.0.0.1`, `fe80::1%eth0`. */
function hostOf(text: string): ScannedHost {
  const [, name, inBrackets] = /^(\S+) \(([^()]*)\)$/.exec(text) ?? []
  const address = plainAddress(inBrackets ?? text)
  return { address, names: name === undefined ? [] : [name], ports: [], notShown: [] }
}

/** In the one spelling that rows use. */
export function plainAddress(text: string): string {
  const [bare = text] = text.split('%')
  return (isIP(bare) === 0 ? null : readAddress(bare, isIP(bare) === 4 ? 'IPv4' : 'IPv6')) ?? text
}

/** @param known the names that the host has already */
export function addName(host: ScannedHost, known: Set<string>, name: string): void {
  if (!known.has(name)) host.names.push(name)
  known.add(name)
}

function readPortLine(
  line: string,
  { hasReason, hasVersion }: Columns,
  leaveOut: (kind: 'other-sockets') => void,
  add: (port: ScannedPort) => void,
): string | null {
  const [, number = '', protocol = '', state = '', service = '', rest = ''] = PORT.exec(line) ?? []
  if (number === '') {
    if (!IP_PROTOCOL.test(line)) return 'it is no line of nmap that is known'
    leaveOut('other-sockets')
    return null
  }
  if (protocol === 'sctp' || protocol === 'ip') {
    leaveOut('other-sockets')
    return null
  }
  const port = portOf(number, protocol, state, service)
  if (typeof port === 'string') return port
  const behind = hasReason ? rest.replace(/^\S+(?: ttl \d+)?\s*/, '') : rest
  const version = hasVersion ? behind.trim() : ''
  add(version === '' ? port : { ...port, version })
  return null
}

/** The port, or why it is none. nmap puts a `?` behind the name of a service of which it is not sure. */
export function portOf(number: string, protocol: string, state: string, service: string): ScannedPort | string {
  if (protocol === '' || state === '') return 'it tells no state of a port: it was cut short'
  if (protocol !== 'tcp' && protocol !== 'udp') return `"${protocol}" is neither TCP nor UDP`
  if (!/^\d{1,5}$/.test(number) || Number(number) > 65_535) return `there is no port ${number}`
  if (!isPortState(state)) return `"${state}" is no state of a port: it was cut short, or the word is none of nmap's`
  const name = service.endsWith('?') ? service.slice(0, -1) : service
  return { protocol: protocol satisfies Protocol, port: Number(number), state, service: name === '' ? null : name }
}

export function isPortState(text: string): text is PortState {
  return (PORT_STATES as readonly string[]).includes(text)
}

/** What nmap only counts, `null` where the line is about something else, and a reason where it cannot be read. */
function notShownOf(line: string): ScannedHost['notShown'] | string | null {
  const [, before, stateBefore = ''] = NOT_SHOWN_BEFORE.exec(line) ?? []
  if (before !== undefined) return counted([[before, stateBefore, undefined]])
  const [, all = '0'] = ALL_ALIKE.exec(line) ?? []
  const states = all === '0' ? '' : line.slice(line.lastIndexOf(ARE) + ARE.length)
  if (states !== '' && line.includes(ARE) && !states.startsWith('in ignored states')) {
    return counted(statesOfAll(all, states))
  }
  if (!line.startsWith('Not shown: ')) return null
  if (/^Not shown: \d+ \S+(?: n\/a| ip)? protocols? /.test(`${line} `)) return []
  // Reasons stand in brackets, and with `-v` in a line of their own.
  const parts = line
    .slice('Not shown: '.length)
    .replace(/\([^()]*\)/g, '')
    .split(',')
  return counted(
    parts.map((part) => {
      const [, count = '', state = '', protocol] = /^\s*(\d+) (\S+)(?: (tcp|udp|sctp))? ports?\s*$/.exec(part) ?? []
      return [count, state, protocol]
    }),
  )
}

/** `closed`, `filtered because of 3 no-responses`, or `closed (996) or open|filtered (4)`. */
function statesOfAll(all: string, states: string): [string, string, undefined][] {
  const several = [...states.slice(0, LONGEST_HOST).matchAll(/(\S+) \((\d+)\)/g)]
  if (several.length > 0) return several.map(([, state = '', count = '']) => [count, state, undefined])
  return [[all, states.split(' ', 1)[0] ?? '', undefined]]
}

function counted(parts: readonly (readonly [string, string, string | undefined])[]): ScannedHost['notShown'] | string {
  const entries: ScannedHost['notShown'] = []
  for (const [count, state, protocol] of parts) {
    if (!/^\d{1,10}$/.test(count) || !isPortState(state)) return 'what it counts is no state of ports: it was cut short'
    entries.push({ state, count: Number(count), protocol: protocol === 'tcp' || protocol === 'udp' ? protocol : null })
  }
  return entries
}
