/** The ports of a machine as Markdown, to be put into a page or a ticket. */

import type { UnreadLine } from '../domain/look.ts'
import type { ListingView, PortsView } from '../domain/ports-view.ts'
import { CLIENT_KINDS } from '../domain/service.ts'
import {
  clientKinds,
  hostInWords,
  listingInWords,
  moreInWords,
  moreUnreadInWords,
  nothingOpenInWords,
  nothingReadInWords,
  portsHeadings,
  unreadInWords,
} from '../words/ports.en.ts'
import { inThousands } from '../words/phrases.en.ts'
import { escaped, table } from './markdown.ts'
import {
  CLIENT_COLUMNS,
  clientCells,
  legendOf,
  MOST_CLIENTS,
  MOST_UNREAD,
  SCAN_COLUMNS,
  scanCells,
  SERVICE_COLUMNS,
  serviceRows,
  shortLine,
} from './ports-cells.ts'
import { findings, lessons } from './ports-meaning.ts'

export function* portsMarkdown({ listings, unread }: PortsView, mostClients = MOST_CLIENTS): Generator<string> {
  if (listings.length === 0) yield `${nothingReadInWords}\n`
  for (const [index, listing] of listings.entries()) {
    yield `${index > 0 ? '\n' : ''}## ${escaped(listingInWords(listing, index, listings.length))}\n\n`
    yield* listingMarkdown(listing, mostClients)
  }
  yield* unreadMarkdown(unread, portsHeadings.outside)
}

function* listingMarkdown(view: ListingView, mostClients: number): Generator<string> {
  const { hosts, services } = view
  for (const host of hosts) {
    yield `${escaped(hostInWords(host))}\n\n`
    if (host.isDown !== true) yield* table(SCAN_COLUMNS, scanCells(host))
  }
  if (hosts.length === 0 && services.length === 0) yield `${nothingOpenInWords}\n`
  if (services.length > 0) {
    yield* table(
      SERVICE_COLUMNS,
      services.flatMap(serviceRows).map(({ cells }) => cells),
    )
    const legend = legendOf(services)
    if (legend.length > 0) yield `\n${escaped(legend.join(' '))}\n`
  }
  for (const { title, items } of findings(view)) yield* list(title, items)
  yield* clientsMarkdown(view, mostClients)
  for (const { title, items } of lessons(view)) yield* list(title, items)
  yield* unreadMarkdown(view.unread, portsHeadings.unread)
}

function* clientsMarkdown({ clients }: ListingView, most: number): Generator<string> {
  if (clients.length > 0) yield `\n### ${portsHeadings.clients}\n`
  for (const kind of CLIENT_KINDS) {
    const all = clients.filter((client) => client.kind === kind)
    if (all.length === 0) continue
    yield `\n${clientKinds[kind]} (${inThousands(all.length)})\n\n`
    yield* table(CLIENT_COLUMNS, all.slice(0, most).map(clientCells))
    if (all.length > most) yield `\n${moreInWords(all.length - most)}\n`
  }
}

function* list(title: string, items: readonly string[]): Generator<string> {
  yield `\n### ${title}\n\n`
  for (const item of items) yield `- ${escaped(item)}\n`
}

function* unreadMarkdown(unread: readonly UnreadLine[], title: string): Generator<string> {
  if (unread.length === 0) return
  yield `\n### ${title}\n\n`
  for (const one of unread.slice(0, MOST_UNREAD)) {
    yield `- ${escaped(unreadInWords(one))}: ${escaped(shortLine(one.text))}\n`
  }
  if (unread.length > MOST_UNREAD) yield `- ${moreUnreadInWords(unread.length - MOST_UNREAD)}\n`
}
