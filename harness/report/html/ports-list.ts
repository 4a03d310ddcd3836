/** The ports of a machine as a page: what is open, who reaches it, what deserves a look, and how it is read. */

import type { UnreadLine } from '../../domain/look.ts'
import type { ListingView, PortsView } from '../../domain/ports-view.ts'
import { CLIENT_KINDS } from '../../domain/service.ts'
import { mapWords, portsWords } from '../../words/html-ports.en.ts'
import {
  clientKinds,
  hostInWords,
  listingInWords,
  moreInWords,
  nothingOpenInWords,
  nothingReadInWords,
  portsHeadings,
  unreadInWords,
} from '../../words/ports.en.ts'
import { inThousands } from '../../words/phrases.en.ts'
import {
  CLIENT_COLUMNS,
  clientCells,
  legendOf,
  MOST_CLIENTS,
  MOST_UNREAD,
  SCAN_COLUMNS,
  scanCells,
  SERVICE_COLUMNS,
  serviceCells,
} from '../ports-cells.ts'
import { findings, lessons } from '../ports-meaning.ts'
import { folded, list, printed, section, table } from './boxes.ts'
import type { Markup } from './markup.ts'
import { markup, NOTHING } from './markup.ts'
import { portsMap } from './ports-map.ts'
import type { Seen } from './ports-page.ts'
import { portsPage } from './ports-page.ts'
import { socketsOfServices } from './ports-sockets.ts'

/** `advice`: what to do where programs are not seen, and the command that shows them. */
export type PortsShown = { advice: { text: string; command: string | null } | null; seen: Seen }

/** `name`: where the text came from; null for a look at this machine. Several are told on one page. */
export function portsHtml(
  views: readonly { name: string | null; view: PortsView }[],
  { advice, seen }: PortsShown,
): string {
  const all = views.flatMap(({ view }) => view.listings)
  const services = all.flatMap((listing) => listing.services)
  const looks = services.filter(({ concerns }) => concerns.length > 0).length
  const parts = views.map(({ name, view }, index) => viewHtml(name, view, `${index + 1}`))
  const told =
    advice === null
      ? NOTHING
      : markup`<p class="prose">${advice.text}</p>
${advice.command === null ? NOTHING : printed(portsWords.command, [advice.command])}`
  return portsPage({
    seen,
    about: portsWords.list,
    headline: all.length === 0 ? portsWords.nothing : portsWords.services(services.length),
    kind: all.length === 0 || looks > 0 ? 'inconclusive' : 'noted',
    lead: all.length === 0 ? nothingReadInWords : looks > 0 ? portsWords.looks(looks) : portsWords.noLooks,
    main: markup`${parts}${told}`,
  })
}

function viewHtml(name: string | null, { listings, unread }: PortsView, place: string): Markup {
  const told = listings.map((listing, index) =>
    section(
      `page.listing-${place}-${index + 1}`,
      [...(name === null ? [] : [name]), listingInWords(listing, index, listings.length)].join(': '),
      listingHtml(listing, `${place}-${index + 1}`),
    ),
  )
  return markup`${told}${unreadHtml(unread, name === null ? portsHeadings.outside : `${portsHeadings.outside}: ${name}`)}`
}

function listingHtml(view: ListingView, place: string): Markup {
  const { services, hosts } = view
  const about = (what: string) => `${what}, ${place}`
  const scans = hosts.map((host) => {
    const rows = scanCells(host).map((cells) => ({ cells }))
    const caption = about([host.address, ...host.names].join(', '))
    const ports = host.isDown === true ? NOTHING : table(caption, columnsOf(SCAN_COLUMNS), rows, { narrow: 'flows' })
    return markup`<p>${hostInWords(host)}</p>\n${ports}`
  })
  const rows = services.flatMap((service) =>
    service.sockets.map((socket) => ({
      cells: serviceCells(service, socket, Infinity),
      kind: service.concerns.length > 0 ? 'apart' : service.reach.kind === 'this-machine' ? 'quiet' : '',
    })),
  )
  const open = table(about(portsWords.list), columnsOf(SERVICE_COLUMNS), rows, { narrow: 'flows' })
  const legend = legendOf(services)
  return markup`${scans}${services.length === 0 && hosts.length === 0 ? markup`<p>${nothingOpenInWords}</p>` : NOTHING}${portsMap(about(mapWords.heading), socketsOfServices(services))}${open}${
    legend.length === 0 ? NOTHING : markup`<p class="fine">${legend.join(' ')}</p>\n`
  }${findings(view).map(({ title, items }) => listHtml(title, items))}${clientsHtml(view, about)}${lessons(view).map(
    ({ title, items }) => listHtml(title, items),
  )}${unreadHtml(view.unread, portsHeadings.unread)}`
}

function clientsHtml({ clients }: ListingView, about: (what: string) => string): Markup {
  if (clients.length === 0) return NOTHING
  const kinds = CLIENT_KINDS.map((kind) => {
    const all = clients.filter((client) => client.kind === kind)
    if (all.length === 0) return NOTHING
    const rows = all.map((client) => ({ cells: clientCells(client, Infinity) }))
    const [first, others] = [rows.slice(0, MOST_CLIENTS), rows.slice(MOST_CLIENTS)]
    const more = moreInWords(others.length)
    const tableOf = (label: string, some: typeof rows) =>
      table(about(label), columnsOf(CLIENT_COLUMNS), some, { narrow: 'flows' })
    return markup`<p>${clientKinds[kind]} (${inThousands(all.length)})</p>
${tableOf(clientKinds[kind], first)}${folded(more, tableOf(`${clientKinds[kind]}, ${more}`, others))}`
  })
  return markup`<h3>${portsHeadings.clients}</h3>\n${kinds}`
}

function unreadHtml(unread: readonly UnreadLine[], title: string): Markup {
  if (unread.length === 0) return NOTHING
  const items = unread.map((one) => markup`${unreadInWords(one)}: <code>${one.text}</code>`)
  const others = items.slice(MOST_UNREAD)
  return markup`<h3>${title}</h3>\n${list(items.slice(0, MOST_UNREAD))}${folded(moreInWords(others.length), list(others))}`
}

function listHtml(title: string, items: readonly string[]): Markup {
  return markup`<h3>${title}</h3>\n<div class="prose">${list(items)}</div>\n`
}

function columnsOf(columns: typeof SERVICE_COLUMNS) {
  return columns.map(({ heading, isNumber }) => ({
    heading,
    kind: isNumber === true ? ('number' as const) : ('name' as const),
  }))
}
