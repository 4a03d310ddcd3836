/** What a listing comes to, in lists that every layout shows: who reaches what, what deserves a look, how it is read. */

import { concernsOfScanned } from '../domain/concerns.ts'
import type { ScannedHost } from '../domain/look.ts'
import type { ListingView } from '../domain/ports-view.ts'
import { isOpenToOthers, reachesOf } from '../domain/reach.ts'
import type { ClientRow, Raised, Service } from '../domain/service.ts'
import { CONCERNS } from '../domain/service.ts'
import type { Named } from '../words/ports.en.ts'
import { isOfForm, topicInWords } from '../words/ports-topics.en.ts'
import {
  blindInWords,
  concernName,
  concernReason,
  leftOutInWords,
  moreInWords,
  portsHeadings,
  raisedInWords,
  reachCaution,
  reachInWords,
  reachOfClients,
  serviceInWords,
} from '../words/ports.en.ts'

export type Section = { title: string; items: string[] }

/** The lists above the clients, and those below them. Empty ones are left out. */
export function findings({ services, clients, hosts }: ListingView): Section[] {
  const reach = reachItems(services, clients)
  return filled([
    { title: portsHeadings.reach, items: reach.length > 0 ? [...reach, reachCaution] : [] },
    {
      title: portsHeadings.concerns,
      items: concernItems([...services.flatMap(raisedOf), ...hosts.flatMap(raisedOfScan)]),
    },
  ])
}

export function lessons({ explained, blind, leftOut, format, command, unread }: ListingView): Section[] {
  const words = (ofForm: boolean) =>
    explained.flatMap(({ topic, examples }) => (isOfForm(topic) === ofForm ? [topicInWords(topic, examples)] : []))
  const missing = blind.map((one) => blindInWords(one, { format, command, unread }))
  return filled([
    { title: portsHeadings.forms, items: words(true) },
    { title: portsHeadings.rows, items: words(false) },
    { title: portsHeadings.blind, items: [...missing, ...(leftOut.length > 0 ? [leftOutInWords(leftOut)] : [])] },
  ])
}

const filled = (sections: Section[]) => sections.filter(({ items }) => items.length > 0)

/** The widest reach first. */
const WIDEST = ['every-address', 'one-interface', 'group', 'this-machine', 'nobody'] as const

/** A program may be reached over TCP from everywhere and over UDP from here alone: each protocol counts by itself. */
function reachItems(services: readonly Service[], clients: readonly ClientRow[]): string[] {
  const parts = services.flatMap((service) =>
    service.protocols.flatMap((protocol) => {
      const told = { ...service, protocols: [protocol] }
      return (service.reachOver[protocol] ?? []).map((reach) => ({ reach, who: reachInWords(reach), told }))
    }),
  )
  const groups = [...Map.groupBy(parts, ({ who }) => who)]
  const order = ([, [first]]: (typeof groups)[number]) => WIDEST.indexOf(first?.reach.kind ?? 'nobody')
  groups.sort((a, b) => order(a) - order(b))
  const items = groups.map(([who, all]) => {
    const found = joined(all.map(({ told }) => told)).map(serviceInWords)
    return `${who}: ${shortList(found)}.`
  })
  return [...items, ...reachableClients(clients)]
}

/** Puts the protocols of one service together again, where both have the same reach. */
function joined(services: readonly Service[]): Service[] {
  const together = new Map<Service['sockets'], Service>()
  for (const one of services) {
    const before = together.get(one.sockets)
    together.set(one.sockets, before ? { ...one, protocols: [...before.protocols, ...one.protocols] } : one)
  }
  return [...together.values()]
}

function reachableClients(clients: readonly ClientRow[]): string[] {
  const open = clients.filter(
    ({ kind, row }) =>
      kind === 'perhaps-client' &&
      reachesOf(row.local.port, [{ ...row, address: row.local.address }]).some(isOpenToOthers),
  )
  const names = open.map(({ row: { protocol, local, holders } }) =>
    serviceInWords({ protocols: [protocol], port: local.port, processes: holders }),
  )
  return names.length > 0 ? [`${reachOfClients}: ${shortList([...new Set(names)])}.`] : []
}

type RaisedOf = { who: Named; raised: Raised }

const raisedOf = (service: Service): RaisedOf[] => service.concerns.map((raised) => ({ who: service, raised }))

function raisedOfScan({ address, ports }: ScannedHost): RaisedOf[] {
  return ports.flatMap((one) => {
    const who = { port: one.port, protocols: [one.protocol], processes: [] }
    return concernsOfScanned(address, one).map((raised) => ({ who, raised }))
  })
}

function concernItems(all: readonly RaisedOf[]): string[] {
  return CONCERNS.flatMap((concern) => {
    const found = all.filter(({ raised }) => raised.concern === concern)
    const told = [...new Set(found.map(({ who, raised }) => raisedInWords(who, raised)))]
    return told.length === 0 ? [] : [`${concernName(concern)}: ${shortList(told, '; ')}. ${concernReason(concern)}`]
  })
}

/** More than so many are no longer read; JSON has them all. */
const MOST_TOLD = 40

function shortList(all: readonly string[], separator = ', '): string {
  if (all.length <= MOST_TOLD) return all.join(separator)
  return `${all.slice(0, MOST_TOLD).join(separator)} ${moreInWords(all.length - MOST_TOLD)}`
}
