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
    const [why, ...others] = readHost(line, hosts, leftOut)
    if (why === undefined) continue
    // The whole line is kept, and once: a line may hold thousands of ports.
    const more = others.length === 0 ? '' : `, and ${others.length} more of its parts cannot be read`
    unread.push({ line: first + index, text: line, why: why + more })
  }
  // Lines of several runs may stand together: a host that was down in one of them may have ports in another.
  for (const host of hosts.values()) if (host.ports.length + host.notShown.length > 0) delete host.isDown
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
    const keep = (why: string) => void reasons.push(why)
    if (field === 'Status') readStatus(text, host, keep)
    if (field === 'Ports') readPorts(text, host, leftOut, keep)
    if (field === 'Protocols') leftOut.add('other-sockets')
    if (field === 'Ignored State') readIgnored(text, host, keep)
  }
  return reasons
}

/** Takes in why a part of the line cannot be read. */
type Keep = (why: string) => void

/** `Unknown`: only listed (`-sL`). `Timeout`: nmap gave it up. `Smurf`: a broadcast address, which several answered. */
const STATUS = /^(?:Up|Down|Unknown|Timeout|Smurf \(\d+ responses\))$/

/** Of several lines the last one counts. */
function readStatus(text: string, host: ScannedHost, keep: Keep): void {
  if (!STATUS.test(text)) keep('its status is none of nmap: it was cut short')
  else if (text === 'Down') host.isDown = true
  else delete host.isDown
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
function readPorts(text: string, host: ScannedHost, leftOut: LeftOutCount, keep: Keep): void {
  // Where every port is in an ignored state, nothing stands in the field.
  for (const entry of text === '' ? [] : text.split(/(?<=\/),\s+(?=\d+\/)/)) {
    const [number = '', state = '', protocol = '', , service = '', , version = ''] = entry.split('/')
    if (protocol === 'sctp' || protocol === 'ip') {
      leftOut.add('other-sockets')
      continue
    }
    const port = portOf(number, protocol, state, service.replaceAll('|', '/'))
    if (typeof port === 'string') keep(`of "${entry.slice(0, 40)}" it is said: ${port}`)
    else host.ports.push(version === '' ? port : { ...port, version: version.replaceAll('|', '/') })
  }
}

function readIgnored(text: string, host: ScannedHost, keep: Keep): void {
  const [, state = '', count = ''] = /^(\S+) \((\d{1,10})\)/.exec(text) ?? []
  if (isPortState(state)) host.notShown.push({ state, count: Number(count), protocol: null })
  else keep('its ignored state is none of nmap: it was cut short')
}
