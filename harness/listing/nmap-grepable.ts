/** What nmap writes with `-oG`: a line per host, with its ports in one field. */

import type { ScannedHost, UnreadLine } from '../domain/look.ts'
import type { Form, FormReading } from './form.ts'
import { countLeftOut } from './left-out.ts'
import type { LeftOutCount } from './left-out.ts'
import { isPortState, plainAddress, portOf } from './nmap.ts'

/** `Host: 127.0.0.1 (localhost)`, with a tab or, where a terminal has made blanks of it, blanks behind. */
const HOST = /^Host: (\S+) \(([^()]*)\)(?:\s+(\S.*))?$/

const REMARK = /^# (?:Nmap|nmap|Ports scanned|Protocols scanned|SCTP)/

/** What stands in front of the fields. Only two of them are about ports. */
const FIELDS = /(?:^|\t|\s)(Status|Ports|Protocols|Ignored State|OS|Seq Index|IP ID Seq|IPID Seq|SMBIOS|TCP Seq): /g

export const NMAP_GREPABLE_FORM: Form = {
  format: 'nmap-grepable',
  begins: (line) => HOST_BEGINS.test(line) || /^# (?:Ports|Protocols) scanned: /.test(line),
  isRow: (line) => HOST_BEGINS.test(line) || REMARK.test(line.slice(0, 40)),
  joins: () => true,
  ends: (line) => /^# Nmap (?:done|run completed)/.test(line),
  read: readGrepable,
}

const HOST_BEGINS = /^Host: \S+ \([^()]*\)\s+(?:Status|Ports|Protocols): /

function readGrepable(lines: readonly string[], first: number): FormReading {
  const hosts = new Map<string, ScannedHost>()
  const unread: UnreadLine[] = []
  const leftOut = countLeftOut()
  for (const [index, line] of lines.entries()) {
    if (line === '' || REMARK.test(line.slice(0, 40))) continue
    const reasons = readHost(line, hosts, leftOut)
    for (const why of reasons) unread.push({ line: first + index, text: line, why })
  }
  return { rows: [], hosts: [...hosts.values()], unread, leftOut: leftOut.all() }
}

/** Adds what the line says to its host. Returns what could not be read of it. */
function readHost(line: string, hosts: Map<string, ScannedHost>, leftOut: LeftOutCount): string[] {
  const [, addressText, name = '', rest = ''] = HOST.exec(line) ?? []
  if (addressText === undefined) return ['it is no line of nmap -oG: it was cut short']
  const address = plainAddress(addressText)
  const host = hosts.get(address) ?? { address, names: name === '' ? [] : [name], ports: [], notShown: [] }
  hosts.set(address, host)
  const fields = fieldsOf(rest)
  const reasons = fields.length === 0 ? ['behind the host is no field that nmap writes: it was cut short'] : []
  for (const { field, text } of fields) {
    if (field === 'Ports') reasons.push(...readPorts(text, host, leftOut))
    if (field === 'Status' && text === 'Down') host.isDown = true
    if (field === 'Protocols') leftOut.add('other-sockets')
    if (field === 'Ignored State') reasons.push(...readIgnored(text, host))
  }
  return reasons
}

function fieldsOf(text: string): { field: string; text: string }[] {
  // Versions may have the name of a field in them; the ports are one field up to the next tab.
  const hasTabs = text.includes('\t')
  const starts = [...text.matchAll(FIELDS)].filter(
    ({ index, 0: found }) => index === 0 || found.startsWith('\t') || !hasTabs,
  )
  return starts.map(({ index, 0: found, 1: field = '' }, place) => ({
    field,
    text: text.slice(index + found.length, starts[place + 1]?.index).trim(),
  }))
}

/** Each is `port/state/protocol/owner/service/rpc info/version/`; nmap writes `|` for a slash in a version. */
function readPorts(text: string, host: ScannedHost, leftOut: LeftOutCount): string[] {
  const reasons: string[] = []
  // Where every port is in an ignored state, nothing stands in the field.
  for (const entry of text === '' ? [] : text.split(/(?<=\/),\s+(?=\d+\/)/)) {
    const [number = '', state = '', protocol = '', , service = '', , version = ''] = entry.split('/')
    if (protocol === 'sctp' || protocol === 'ip') {
      leftOut.add('other-sockets')
      continue
    }
    const port = portOf(number, protocol, state, service.replaceAll('|', '/'))
    if (typeof port === 'string') reasons.push(`of "${entry.slice(0, 40)}" it is said: ${port}`)
    else host.ports.push(version === '' ? port : { ...port, version: version.replaceAll('|', '/') })
  }
  return reasons
}

function readIgnored(text: string, host: ScannedHost): string[] {
  const [, state = '', count = ''] = /^(\S+) \((\d{1,10})\)/.exec(text) ?? []
  if (!isPortState(state)) return ['its ignored state is none of nmap: it was cut short']
  host.notShown.push({ state, count: Number(count), protocol: null })
  return []
}
