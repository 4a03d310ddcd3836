/** The ports of a machine as JSON, described in docs/ports.md. For programs. */

import { concernsOfScanned } from '../domain/concerns.ts'
import type { ScannedHost } from '../domain/look.ts'
import type { ListingView, PortsView } from '../domain/ports-view.ts'
import type { Raised, Service } from '../domain/service.ts'
import { topicInWords } from '../words/ports-topics.en.ts'
import { blindInWords, concernReason } from '../words/ports.en.ts'
import { toJson } from './plain.ts'

const PORTS_FORMAT = 'socket-labs-ports'
/** Raised when a field changes its meaning or goes; a new field does not raise it. */
const PORTS_VERSION = 1

export function portsJson({ listings, unread }: PortsView): string {
  const told = { format: PORTS_FORMAT, version: PORTS_VERSION, listings: listings.map(listingOf), unread }
  return `${toJson(told, 1)}\n`
}

function listingOf({ format, command, lines, rows, services, clients, hosts, ...rest }: ListingView) {
  return {
    format,
    command,
    lines,
    rows,
    services: services.map(serviceOf),
    clients,
    hosts: hosts.map(hostOf),
    explained: rest.explained.map(({ topic, examples }) => ({ topic, examples, says: topicInWords(topic, examples) })),
    cannotSay: rest.blind.map((what) => ({ what, says: blindInWords(what, { format, command, unread: rest.unread }) })),
    leftOut: rest.leftOut,
    unread: rest.unread,
  }
}

function serviceOf({ concerns, ...service }: Service) {
  return { ...service, concerns: concerns.map(reasoned) }
}

function hostOf({ ports, ...host }: ScannedHost) {
  return {
    ...host,
    ports: ports.map((port) => ({ ...port, concerns: concernsOfScanned(host.address, port).map(reasoned) })),
  }
}

const reasoned = ({ concern, usually }: Raised) => ({ concern, usually, reason: concernReason(concern) })
