/** What nmap writes with `-oX`: the few elements of it that tell of hosts and ports. */

import type { ScannedHost, UnreadLine } from '../domain/look.ts'
import type { Form, FormReading } from './form.ts'
import { countLeftOut } from './left-out.ts'
import type { LeftOutCount } from './left-out.ts'
import { addName, isPortState, plainAddress, portOf } from './nmap.ts'
import { tagsOf } from './xml.ts'
import type { Tag } from './xml.ts'

export const NMAP_XML_FORM: Form = {
  format: 'nmap-xml',
  begins: (line, previous) => isStart(line) && !isStart(previous),
  // Any line of the file that begins with a tag. Others, within a long value, belong to the listing anyway.
  isRow: (line) =>
    /^\s*<\/?(?:nmaprun|host|hosthint|ports?|address|hostname|extraports|state|service|runstats|finished)[\s>/]/.test(
      line,
    ),
  joins: () => false,
  ends: (line) => line.endsWith('</nmaprun>'),
  read: readNmapXml,
}

/** These stand at the top of the file, one under the other. */
function isStart(line: string): boolean {
  return /^\s*<(?:\?xml\s|!DOCTYPE nmaprun|\?xml-stylesheet |!-- Nmap |nmaprun\s)/.test(line)
}

type Port = { number: string; protocol: string; state: string; service: string; version: string }

/** What has been opened and not yet closed. */
type Open = {
  host: ScannedHost | null
  /** Of this host. */
  names: Set<string>
  port: Port | null
  extra: { state: string; count: string } | null
  isExtraTold: boolean
}

const WHY = {
  words: 'it stands between the tags, where nmap writes nothing',
  broken: 'its tag has no end',
  cut: 'the file ends within this tag: it was cut short',
}

function readNmapXml(lines: readonly string[], first: number): FormReading {
  const text = lines.join('\n')
  const hosts: ScannedHost[] = []
  const unread: UnreadLine[] = []
  const leftOut = countLeftOut()
  const open: Open = { host: null, names: new Set(), port: null, extra: null, isExtraTold: false }
  const lineAt = lineCounter(text)
  const keep = (at: number, why: string) => keepLines(lineAt(at), lineAt(at), why)
  const keepLines = (from: number, to: number, why: string) => {
    for (let index = from; index <= to; index += 1) {
      const line = (lines[index] ?? '').slice(0, 500)
      const isKept = unread.at(-1)?.line === first + index
      if (line.trim() !== '' && !isKept) unread.push({ line: first + index, text: line, why })
    }
  }
  const end = text.trimEnd().length
  let isComplete = false
  let command: string | undefined
  const inWords = new Set<string>()
  let isHint = false
  for (const tag of tagsOf(text)) {
    if ('what' in tag) {
      const { what, from, to } = tag
      if (what === 'words' && inWords.size > 0) continue
      keepLines(lineAt(from), lineAt(to - 1), WHY[what === 'broken' && to >= end ? 'cut' : what])
      if (to >= end) isComplete = true
      continue
    }
    if (WITH_WORDS.has(tag.name)) inWords[tag.closes ? 'delete' : 'add'](tag.name)
    else if (tag.name !== 'table') inWords.clear()
    // Of a hint whose beginning is missing.
    if (tag.name === 'hosthint' && tag.closes && !isHint) open.host = null
    if (tag.name === 'hosthint' || ENDS_HINT.has(tag.name)) isHint = tag.name === 'hosthint' && !tag.closes
    if (isHint) continue
    const why = take(tag, open, hosts, leftOut)
    if (why !== null) keep(tag.at, why)
    if (tag.name === 'nmaprun' && tag.opens) command = tag.attributes.get('args')
    if (tag.name === 'nmaprun' && tag.closes) isComplete = true
  }
  if (!isComplete) keep(text.length, 'the file ends before </nmaprun>: it was cut short')
  for (const why of [endPort(open, leftOut), endExtra(open)]) if (why !== null) keep(text.length, why)
  if (open.host !== null) hosts.push(open.host)
  return { rows: [], hosts, unread, leftOut: leftOut.all(), ...(command && { command }) }
}

/** Between the tags of these there are words, and no tags but those of tables (nmap.dtd). */
const WITH_WORDS: ReadonlySet<string> = new Set(['script', 'elem', 'cpe', 'output'])

/** As soon as a host answers nmap writes a hint with its address; the same host comes later, with its ports. */
const ENDS_HINT: ReadonlySet<string> = new Set(['host', 'runstats', 'nmaprun'])

/** What tells of a host. Where its own tag is missing, the text was cut out of a longer one. */
const OF_HOST: ReadonlySet<string> = new Set(['address', 'hostname', 'port', 'extraports'])

/** Takes in one tag. Returns what cannot be read of it. */
function take(
  { name, attributes, opens, closes }: Tag,
  open: Open,
  hosts: ScannedHost[],
  leftOut: LeftOutCount,
): string | null {
  const value = (key: string) => attributes.get(key) ?? ''
  // Where a tag that closes is missing, the next one of its kind ends what is open.
  const ofPort = name === 'port' || name === 'host' ? endPort(open, leftOut) : null
  const ofExtra = name === 'extraports' || name === 'host' ? endExtra(open) : null
  let why = ofPort ?? ofExtra
  if (name === 'host' && open.host !== null) {
    hosts.push(open.host)
    open.host = null
  }
  if (opens && (name === 'host' || (open.host === null && OF_HOST.has(name)))) {
    open.host = { address: '', names: [], ports: [], notShown: [] }
    open.names = new Set()
  }
  const { host, port } = open
  if (host === null) return opens && name === 'extrareasons' ? 'no <extraports> is around it' : why
  if (opens && name === 'address' && value('addrtype') !== 'mac') {
    if (host.address !== '') why = 'its host has an address already'
    else host.address = plainAddress(value('addr'))
  }
  if (opens && name === 'status' && value('state') === 'down') host.isDown = true
  if (opens && name === 'hostname') addName(host, open.names, value('name'))
  if (opens && name === 'port') {
    open.port = { number: value('portid'), protocol: value('protocol'), state: '', service: '', version: '' }
  }
  if (opens && name === 'state' && port !== null) port.state = value('state')
  if (opens && name === 'service' && port !== null) Object.assign(port, serviceOf(value))
  if (opens && name === 'extraports') {
    open.extra = { state: value('state'), count: value('count') }
    open.isExtraTold = false
  }
  if (opens && name === 'extrareasons' && open.extra === null) why = 'no <extraports> is around it'
  if (opens && name === 'extrareasons' && open.extra !== null)
    why = addExtra(host, open, value('count'), value('proto'))
  // An empty element opens and closes at once.
  if (opens && closes && name === 'extraports') why ??= endExtra(open)
  if (opens && closes && name === 'port') why ??= endPort(open, leftOut)
  return why
}

function endPort(open: Open, leftOut: LeftOutCount): string | null {
  const { host, port } = open
  open.port = null
  return host === null || port === null ? null : addPort(host, port, leftOut)
}

function endExtra(open: Open): string | null {
  const { host, extra, isExtraTold } = open
  const why = host === null || extra === null || isExtraTold ? null : addExtra(host, open, extra.count, '')
  open.extra = null
  return why
}

/** `method="probed"`: nmap talked to the port. Otherwise the name is that of its list. */
function serviceOf(value: (key: string) => string): Pick<Port, 'service' | 'version'> {
  const parts = [value('product'), value('version'), value('extrainfo') === '' ? '' : `(${value('extrainfo')})`]
  const service = value('tunnel') === '' ? value('name') : `${value('tunnel')}/${value('name')}`
  return { service, version: parts.filter((part) => part !== '').join(' ') }
}

function addPort(
  host: ScannedHost,
  { number, protocol, state, service, version }: Port,
  leftOut: LeftOutCount,
): string | null {
  if (protocol === 'sctp' || protocol === 'ip') {
    leftOut.add('other-sockets')
    return null
  }
  const port = portOf(number, protocol, state, service)
  if (typeof port === 'string') return port
  host.ports.push(version === '' ? port : { ...port, version })
  return null
}

/** Since 7.92 nmap tells the protocol of the ports that it only counts, with each reason. */
function addExtra(host: ScannedHost, open: Open, count: string, protocol: string): string | null {
  const state = open.extra?.state ?? ''
  if (!isPortState(state) || !/^\d{1,10}$/.test(count)) return 'what it counts is no state of ports'
  if (protocol !== 'tcp' && protocol !== 'udp' && open.extra?.count !== count) return null
  open.isExtraTold = true
  const told = protocol === 'tcp' || protocol === 'udp' ? protocol : null
  const before = host.notShown.find((one) => one.state === state && one.protocol === told)
  if (before !== undefined) before.count += Number(count)
  else host.notShown.push({ state, count: Number(count), protocol: told })
  return null
}

/** The line in which a place of the text is. Places come in rising order. */
function lineCounter(text: string): (at: number) => number {
  let line = 0
  let end = text.indexOf('\n')
  return (at) => {
    while (end >= 0 && end < at) {
      line += 1
      end = text.indexOf('\n', end + 1)
    }
    return line
  }
}
