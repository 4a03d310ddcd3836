/** The ports of a machine for a reader: a table of what is open, who reaches it, what deserves a look, how it is read. */

import type { ListingView, PortsView } from '../domain/ports-view.ts'
import type { UnreadLine } from '../domain/look.ts'
import type { Service } from '../domain/service.ts'
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
  serviceInWords,
  unreadInWords,
} from '../words/ports.en.ts'
import { inThousands } from '../words/phrases.en.ts'
import type { Layout } from './layout.ts'
import {
  CLIENT_COLUMNS,
  clientCells,
  legendOf,
  MOST_CLIENTS,
  MOST_UNREAD,
  NONE,
  SCAN_COLUMNS,
  scanCells,
  SERVICE_COLUMNS,
  serviceCells,
  serviceRows,
  shortLine,
} from './ports-cells.ts'
import type { Section } from './ports-meaning.ts'
import { findings, lessons } from './ports-meaning.ts'
import type { Column, TableRow } from './table.ts'
import { tableLines } from './table.ts'

/** In pieces: a listing may have a hundred thousand rows. `mostClients`: of each kind of client that many are shown. */
export function* portsText(
  layout: Layout,
  { listings, unread }: PortsView,
  mostClients = MOST_CLIENTS,
): Generator<string> {
  if (listings.length === 0) yield layout.paragraph(nothingReadInWords, '')
  for (const [index, listing] of listings.entries()) {
    if (index > 0) yield '\n\n'
    yield layout.paint('bold', layout.paragraph(listingInWords(listing, index, listings.length), ''))
    yield* listingText(layout, listing, mostClients)
  }
  yield* unreadText(layout, unread, portsHeadings.outside)
}

function* listingText(layout: Layout, view: ListingView, mostClients: number): Generator<string> {
  if (view.hosts.length > 0) yield* scanText(layout, view)
  else yield* servicesText(layout, view)
  for (const section of findings(view)) yield* list(layout, section)
  yield* clientsText(layout, view, mostClients)
  for (const section of lessons(view)) yield* list(layout, section)
  yield* unreadText(layout, view.unread, portsHeadings.unread)
}

function* servicesText(layout: Layout, view: ListingView): Generator<string> {
  const { services } = view
  if (services.length === 0) {
    yield layout.paragraph(nothingOpenInWords, '')
    return
  }
  const rows = services.flatMap(serviceRows)
  const lines = tableLines(layout, SERVICE_COLUMNS, rows)
  if (lines) yield* lines
  else for (const service of services) yield* stacked(layout, service)
  const legend = lines ? legendOf(services) : []
  if (legend.length > 0) yield layout.paint('dim', layout.paragraph(legend.join(' '), ''))
}

/** For a screen that is too narrow for the table: a service after the other. */
function* stacked({ paint, paragraph }: Layout, service: Service): Generator<string> {
  const { usualName } = service
  yield paint('bold', paragraph(`${serviceInWords(service)}${usualName === null ? '' : `, ${usualName}`}`, '', '  '))
  for (const socket of service.sockets) {
    const [protocol, ip, address, , , state, pid, , user] = serviceCells(service, socket)
    const parts = [state, pid === NONE ? NONE : `process ${pid}`, user === NONE ? NONE : `user ${user}`]
    yield paragraph([`${protocol} ${address} ${ip}`, ...parts.filter((part) => part !== NONE)].join(', '), '  ', '    ')
  }
}

function* scanText(layout: Layout, { hosts }: ListingView): Generator<string> {
  for (const host of hosts) {
    const isAlone = hosts.length === 1 && host.names.length === 0 && host.isDown !== true
    if (!isAlone) yield layout.paragraph(hostInWords(host), '')
    const rows = scanCells(host).map((cells) => ({ cells }))
    if (rows.length > 0) yield* table(layout, SCAN_COLUMNS, rows, '')
  }
}

function* clientsText(layout: Layout, { clients }: ListingView, most: number): Generator<string> {
  if (clients.length === 0) return
  yield* heading(layout, portsHeadings.clients)
  for (const kind of CLIENT_KINDS) {
    const all = clients.filter((client) => client.kind === kind)
    if (all.length === 0) continue
    yield layout.paragraph(`${clientKinds[kind]} (${inThousands(all.length)})`, '')
    const rows = all.slice(0, most).map((client) => ({ cells: clientCells(client) }))
    yield* table(layout, CLIENT_COLUMNS, rows, '  ')
    if (all.length > most) yield layout.paragraph(moreInWords(all.length - most), '  ')
  }
}

/** As a table where there is room, else with the parts of a row in one paragraph. */
function* table(
  layout: Layout,
  columns: readonly Column[],
  rows: readonly TableRow[],
  indent: string,
): Generator<string> {
  const lines = tableLines({ ...layout, columns: layout.columns - indent.length }, columns, rows)
  if (lines) for (const line of lines) yield `${indent}${line}`
  else for (const { cells } of rows) yield layout.paragraph(cells.join(' '), indent, `${indent}  `)
}

function* unreadText(layout: Layout, unread: readonly UnreadLine[], title: string): Generator<string> {
  if (unread.length === 0) return
  yield* heading(layout, title)
  for (const one of unread.slice(0, MOST_UNREAD)) {
    yield layout.paint('yellow', layout.paragraph(`${unreadInWords(one)}`, '- ', '  '))
    yield layout.paragraph(shortLine(one.text), '    ')
  }
  if (unread.length > MOST_UNREAD) yield layout.paragraph(moreUnreadInWords(unread.length - MOST_UNREAD), '- ', '  ')
}

function* list(layout: Layout, { title, items }: Section): Generator<string> {
  yield* heading(layout, title)
  for (const item of items) yield layout.paragraph(item, '- ', '  ')
}

function* heading({ paint, paragraph }: Layout, title: string): Generator<string> {
  yield `\n${paint('bold', paragraph(title, ''))}`
}
