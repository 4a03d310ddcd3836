/** Which things about the lines of each form occur in a listing, and are to be explained. */

import { formatEndpoint, isWildcard } from '../domain/endpoint.ts'
import type { ListingFormat, PortState, ScannedPort } from '../domain/look.ts'
import type { Topic } from '../domain/ports-view.ts'
import type { SocketRow } from '../domain/socket-row.ts'
import type { Facts, Finder } from './facts.ts'
import { examples, hasNobody, isListener, isSixWildcard, isUdpWithoutPeer } from './facts.ts'
import { spelt } from './spelling.ts'

type Fits = (row: SocketRow) => boolean

/** Rows of this form that fit, spelt as the listing spells them. */
const inForm =
  (formats: readonly ListingFormat[], fits: Fits): Finder =>
  ({ listing: { format }, rows }) =>
    formats.includes(format) ? examples(rows, fits, (row) => spelt(row, format)) : null

const any: Fits = () => true
const isStar: Fits = ({ local }) => isWildcard(local.address)
const hasPeer: Fits = ({ peer }) => peer !== null
const holders: Fits = (row) => !hasNobody(row)

/** lsof cuts names to nine characters, unless it is told otherwise: where one has nine and none has more, it did. */
const CUT = 9

const cutCommands: Finder = ({ listing: { format }, rows }) => {
  if (format !== 'lsof') return null
  const length = ({ holders: all }: SocketRow) => all.reduce((most, one) => Math.max(most, one.command?.length ?? 0), 0)
  if (rows.some((row) => length(row) > CUT)) return null
  const commandOf = (row: SocketRow) => row.holders.find(({ command }) => command?.length === CUT)?.command ?? ''
  return examples(rows, (row) => length(row) === CUT, commandOf)
}

/** One of each kind. */
const ssWildcards: Finder = ({ listing: { format }, rows }) => {
  if (format !== 'ss' || rows.some((row) => isSixWildcard(row) && row.takesIPv4 === null)) return null
  const kinds = new Map<string, string>()
  for (const row of rows) {
    const kind = isStar(row) ? `${row.family} ${row.takesIPv4}` : ''
    if (kind !== '' && !kinds.has(kind)) kinds.set(kind, spelt(row, format))
  }
  return kinds.size > 0 ? [...kinds.values()] : null
}

const portsOf = ({ listing: { hosts } }: Facts) => hosts.flatMap(({ ports }) => ports)
const scanned = ({ protocol, port }: ScannedPort) => `${protocol.toUpperCase()} ${port}`

/** Ports that a scan found in this state; where it tells only how many there are, no example. */
const inState =
  (...states: PortState[]): Finder =>
  (facts) => {
    const found = examples(portsOf(facts), ({ state }) => states.includes(state), scanned)
    const isCounted = facts.listing.hosts.some(({ notShown }) => notShown.some(({ state }) => states.includes(state)))
    return found ?? (isCounted ? [] : null)
  }

const notShown: Finder = ({ listing: { hosts } }) => {
  const all = hosts.flatMap((host) => host.notShown)
  return examples(all, any as () => boolean, ({ count, state }) => `${count} ${state}`)
}

/** With `-sV` or `-A` the scanner has asked the programs themselves. */
const scannedServices: Finder = (facts) =>
  !/\s-(?:sV|A)\b/.test(facts.listing.command ?? '')
    ? examples(
        portsOf(facts),
        ({ service }) => service !== null,
        (port) => `${scanned(port)}, ${port.service}`,
      )
    : null

/** Of a host that is down, or was only looked for (`-sn`, `-sL`), no port was asked. */
const oneAddress: Finder = ({ listing: { hosts } }) =>
  examples(
    hosts,
    ({ address, ports, notShown: counts }) => address !== '' && ports.length + counts.length > 0,
    ({ address }) => address,
  )

export const TOPICS_OF_FORMS = {
  'lsof-line': inForm(['lsof'], any),
  'lsof-fields': inForm(['lsof-fields'], any),
  'lsof-command-cut': cutCommands,
  'lsof-listen': inForm(['lsof', 'lsof-fields'], isListener),
  'lsof-udp': inForm(['lsof', 'lsof-fields'], isUdpWithoutPeer),
  'lsof-arrow': inForm(['lsof', 'lsof-fields'], hasPeer),
  'lsof-star': inForm(['lsof', 'lsof-fields'], (row) => isStar(row) && row.local.port > 0),
  'ss-line': inForm(['ss'], any),
  'ss-listen': inForm(['ss'], isListener),
  'ss-unconn': inForm(['ss'], isUdpWithoutPeer),
  'ss-connected': inForm(['ss'], hasPeer),
  'ss-wildcards': ssWildcards,
  'ss-old-wildcards': inForm(['ss'], (row) => isSixWildcard(row) && row.takesIPv4 === null),
  'ss-users': inForm(['ss'], holders),
  'netstat-line': inForm(['netstat-linux'], any),
  'netstat-udp': inForm(['netstat-linux', 'netstat-bsd'], isUdpWithoutPeer),
  'netstat-process': inForm(['netstat-linux'], holders),
  'netstat-dash': ({ listing: { format, blind } }) =>
    format === 'netstat-linux' && blind.includes('some-processes') ? [] : null,
  'netstat-ipv6-wildcard': inForm(['netstat-linux'], isSixWildcard),
  'netstat-bsd-line': inForm(['netstat-bsd'], any),
  'netstat-bsd-family': inForm(['netstat-bsd'], isSixWildcard),
  'netstat-windows-line': inForm(['netstat-windows'], any),
  'netstat-windows-udp': inForm(['netstat-windows'], isUdpWithoutPeer),
  'fstat-line': inForm(['fstat'], any),
  'fstat-arrow': inForm(['fstat'], hasPeer),
  'sockstat-line': inForm(['sockstat'], any),
  'proc-line': ({ listing: { format }, rows }) =>
    format === 'proc'
      ? examples(
          rows,
          ({ family }) => family === 'IPv4',
          (row) => `${spelt(row, format)} is ${formatEndpoint(row.local)}`,
        )
      : null,
  'proc-state': inForm(['proc'], any),
  'nmap-open': inState('open'),
  'nmap-closed': inState('closed'),
  'nmap-filtered': inState('filtered', 'closed|filtered'),
  'nmap-open-or-filtered': inState('open|filtered'),
  'nmap-unfiltered': inState('unfiltered'),
  'nmap-service': scannedServices,
  'nmap-not-shown': notShown,
  'nmap-one-address': oneAddress,
} as const satisfies Partial<Record<Topic, Finder>>
