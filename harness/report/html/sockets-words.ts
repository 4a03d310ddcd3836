/** What the picture of the sockets says of each one: in its frame, and in sentences. */

import { formatEndpoint, isWildcard } from '../../domain/endpoint.ts'
import { drawingWords } from '../../words/drawings.en.ts'
import type { Territory } from './sockets-held.ts'
import type { Placed } from './sockets-panels.ts'
import type { Held } from './sockets-rows.ts'

/** Who holds it, and what it is. */
export function heldInLabels({ held, count }: Pick<Placed, 'held' | 'count'>): { who: string; what: string } {
  const { local, protocol, state, peer, reusePort } = held
  const isListening = state === 'listening' && held.listensFrom === null
  const what = protocol === 'udp' ? drawingWords.isBound : isListening ? drawingWords.listens : drawingWords.boundOnly
  const parts = [
    isWildcard(local.address) ? `${local.address} ${what}` : what,
    ...(reusePort === true ? ['SO_REUSEPORT'] : []),
    ...(local.address === '::' && held.takesIPv4 !== null
      ? [held.takesIPv4 ? drawingWords.takesBoth : drawingWords.takesIPv6Only]
      : []),
    ...(peer ? [drawingWords.onlyFrom(peer)] : []),
    ...(held.device === null ? [] : [drawingWords.onDevice(held.device)]),
    ...(count > 1 ? [drawingWords.atAddresses(count)] : []),
  ]
  return { who: holdersOf(held), what: parts.join(', ') }
}

/** `server1 (7)`, `parent (7, 8)`. */
function holdersOf({ holders }: Held): string {
  if (holders.length === 0) return drawingWords.nobody
  const names = [...new Set(holders.map(({ name }) => name))]
  return names
    .map(
      (name) =>
        `${name} (${[...new Set(holders.filter((one) => one.name === name).map(({ pid }) => pid))].join(', ')})`,
    )
    .join(', ')
}

export function territoryInWords({ held, refusals, arrivals }: Territory): string[] {
  return [
    ...held.map((one) => {
      const where = `${one.protocol.toUpperCase()} ${formatEndpoint(one.local)}`
      const { who, what } = heldInLabels({ held: one, count: 1 })
      const later = one.listensFrom === null ? '' : `, ${drawingWords.listensLater(one.listensFrom)}`
      return drawingWords.life(`${where}: ${who}, ${what}${later}`, one.from, one.until)
    }),
    ...refusals.map(({ who, protocol, wanted, code, holders }) =>
      drawingWords.foundNoPlace(who, `${protocol.toUpperCase()} ${formatEndpoint(wanted)}`, code, holders),
    ),
    ...arrivals.map(({ protocol, to, outcome, text }) =>
      drawingWords.came(
        `${protocol.toUpperCase()} ${formatEndpoint(to)}`,
        outcome === 'refused'
          ? drawingWords.refused
          : outcome === 'silent'
            ? drawingWords.silent
            : text || drawingWords.accepted,
      ),
    ),
  ]
}
