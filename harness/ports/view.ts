/** Makes of what was read all that the layouts show: services, clients, and what is to be explained. */

import type { About } from '../domain/about.ts'
import { NOTHING_KNOWN } from '../domain/about.ts'
import type { ReadListing, ReadText } from '../domain/look.ts'
import type { Explained, ListingView, PortsView, Topic } from '../domain/ports-view.ts'
import { TOPICS } from '../domain/ports-view.ts'
import { servicesOf } from '../domain/services.ts'
import type { Facts, Finder } from './facts.ts'
import { TOPICS_OF_FORMS } from './topics-of-forms.ts'
import { TOPICS_OF_ROWS } from './topics-of-rows.ts'
import { usualEphemeralRange } from './usual-range.ts'

/** `about`: the machine on which the listings were taken, as far as it is known. */
export function portsView({ listings, unread }: ReadText, about: About = NOTHING_KNOWN): PortsView {
  return { listings: listings.map((one) => listingView(one, about)), unread }
}

export function listingView(listing: ReadListing, about: About = NOTHING_KNOWN): ListingView {
  const { format, command, lines, rows, hosts, blind, leftOut, unread } = listing
  const ephemeralRange = about.ephemeralRange ?? usualEphemeralRange(format, rows)
  const { services, clients } = servicesOf(rows, { ...about, ephemeralRange })
  const explained = explain({ listing, rows, services, clients })
  return { format, command, lines, rows: rows.length, services, clients, hosts, explained, blind, leftOut, unread }
}

const FINDERS: Readonly<Record<Topic, Finder>> = { ...TOPICS_OF_FORMS, ...TOPICS_OF_ROWS }

/** Only what occurs, each thing once, in the order of the topics. */
function explain(facts: Facts): Explained[] {
  return TOPICS.flatMap((topic) => {
    const found = FINDERS[topic](facts)
    return found === null ? [] : [{ topic, examples: found }]
  })
}
