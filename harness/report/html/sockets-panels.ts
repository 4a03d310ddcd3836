/**
 * The picture's geometry: a panel for each protocol and port, a column for each address that matters, and a span of
 * columns for each socket. Wildcard addresses span all columns of their family, a dual-stack socket those of both.
 */

import { addressFamily, isWildcard, unmapped } from '../../domain/endpoint.ts'
import type { AddressFamily, Endpoint, Protocol } from '../../domain/endpoint.ts'
import type { Screen } from './drawing-svg.ts'
import type { Territory } from './sockets-held.ts'
import type { Arrival, Held, Refusal } from './sockets-rows.ts'

/** An address, or all others of its family: those have no address here. */
export type Column = { family: AddressFamily; address: string | null; rest: Rest | null }

/** `all`: a socket holds every other address. `count`: so many addresses for which there is no room. */
export type Rest = { all: boolean; count: number }

/** The first and the last column. */
export type Span = readonly [number, number]

/** `track` of `tracks`: sockets with the same place share it side by side. `count`: so many that differ in nothing else. */
export type Placed = { held: Held; span: Span; track: number; tracks: number; count: number }

export type Panel = {
  protocol: Protocol
  port: number
  onNeighbour: boolean
  screen: Screen
  columns: Column[]
  placed: Placed[]
  refusals: { refusal: Refusal; span: Span }[]
  arrivals: { arrival: Arrival; column: number }[]
}

/** More addresses of a family than this share one column. */
const MOST_ADDRESSES = 5

export function panelsOf({ held, refusals, arrivals }: Territory, screen: Screen = 'desk'): Panel[] {
  const keys = new Map<string, { protocol: Protocol; port: number; onNeighbour: boolean }>()
  const places = [
    ...held.map((one) => ({ ...one, port: one.local.port, step: one.from })),
    ...refusals.map((one) => ({ ...one, port: one.wanted.port })),
  ]
  for (const { protocol, port, onNeighbour } of places.toSorted((a, b) => a.step - b.step)) {
    keys.set(`${onNeighbour} ${port} ${protocol}`, { protocol, port, onNeighbour })
  }
  const firsts = [...new Set([...keys.values()].map(({ port, onNeighbour }) => `${onNeighbour} ${port}`))]
  const inOrder = [...keys.values()].toSorted(
    (a, b) =>
      Number(a.onNeighbour) - Number(b.onNeighbour) ||
      firsts.indexOf(`${a.onNeighbour} ${a.port}`) - firsts.indexOf(`${b.onNeighbour} ${b.port}`) ||
      a.protocol.localeCompare(b.protocol),
  )
  return inOrder.map(({ protocol, port, onNeighbour }) =>
    panelOf(
      { protocol, port, onNeighbour, screen },
      held.filter((one) => one.protocol === protocol && one.local.port === port && one.onNeighbour === onNeighbour),
      refusals.filter(
        (one) => one.protocol === protocol && one.wanted.port === port && one.onNeighbour === onNeighbour,
      ),
      onNeighbour ? [] : arrivals.filter((one) => one.protocol === protocol && one.to.port === port),
    ),
  )
}

function panelOf(
  key: Pick<Panel, 'protocol' | 'port' | 'onNeighbour' | 'screen'>,
  held: readonly Held[],
  refusals: readonly Refusal[],
  arrivals: readonly Arrival[],
): Panel {
  const wanted = [
    ...held.map(({ local, takesIPv4 }) => ({ local, takesIPv4 })),
    ...refusals.map(({ wanted: local, takesIPv4 }) => ({ local, takesIPv4 })),
  ]
  const dialled = arrivals.map(({ to }) => to.address)
  const columns = columnsFor(wanted, dialled)
  const spans = held.map((one) => spanOf(columns, one))
  return {
    ...key,
    columns,
    placed: tracked(merged(held.map((one, index) => ({ held: one, span: spans[index] ?? [0, 0], count: 1 })))),
    refusals: refusals.map((refusal) => ({
      refusal,
      span: spanOf(columns, { local: refusal.wanted, takesIPv4: refusal.takesIPv4 }),
    })),
    arrivals: arrivals.map((arrival) => ({ arrival, column: columnAt(columns, arrival.to.address) })),
  }
}

type Place = { local: Endpoint; takesIPv4: boolean | null }

/** `dialled`: addresses that matter because somebody asked there. */
export function columnsFor(wanted: readonly Place[], dialled: readonly string[], most = MOST_ADDRESSES): Column[] {
  return (['IPv4', 'IPv6'] as const).flatMap((family) => columnsOf(family, wanted, dialled, most))
}

function columnsOf(
  family: AddressFamily,
  wanted: readonly Place[],
  dialled: readonly string[],
  mostAddresses: number,
): Column[] {
  const named = [...wanted.map(({ local }) => local.address), ...dialled].map(unmapped)
  const addresses = [...new Set(named.filter((one) => !isWildcard(one) && addressFamily(one) === family))]
  const most = addresses.length > mostAddresses + 1 ? mostAddresses : addresses.length
  const shown = addresses.slice(0, most).toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }))
  const all = wanted.some(
    ({ local: { address }, takesIPv4 }) =>
      isWildcard(address) && (addressFamily(address) === family || (family === 'IPv4' && takesIPv4 === true)),
  )
  const count = addresses.length - shown.length
  const columns = shown.map((address): Column => ({ family, address, rest: null }))
  return all || count > 0 ? [...columns, { family, address: null, rest: { all, count } }] : columns
}

function columnAt(columns: readonly Column[], address: string): number {
  const plain = unmapped(address)
  const at = columns.findIndex((one) => one.address === plain)
  return at === -1 ? columns.findIndex((one) => one.rest !== null && one.family === addressFamily(plain)) : at
}

export function spanOf(columns: readonly Column[], { local: { address }, takesIPv4 }: Place): Span {
  if (!isWildcard(address)) {
    const at = columnAt(columns, address)
    return [at, at]
  }
  const isCovered = ({ family }: Column) =>
    family === addressFamily(address) || (address === '::' && takesIPv4 === true)
  return [columns.findIndex(isCovered), columns.findLastIndex(isCovered)]
}

type Merged = Omit<Placed, 'track' | 'tracks'>

/** Sockets that one process holds in a column of many addresses, all at the same time, are drawn as one. */
function merged(all: readonly Merged[]): Merged[] {
  const groups = Map.groupBy(all, ({ held, span }) =>
    JSON.stringify([span, held.from, held.until, held.state, held.holders.map(({ pid }) => pid)]),
  )
  return [...groups.values()].flatMap(([first, ...others]) => (first ? [{ ...first, count: 1 + others.length }] : []))
}

/** Sockets that have the same place at the same time stand side by side. */
function tracked(all: readonly Merged[]): Placed[] {
  const placed: Omit<Placed, 'tracks'>[] = []
  for (const one of all) {
    const beside = placed.filter((other) => other.span.join() === one.span.join() && isAtOnce(other.held, one.held))
    const taken = new Set(beside.map(({ track }) => track))
    let track = 0
    while (taken.has(track)) track += 1
    placed.push({ ...one, track })
  }
  return placed.map((one) => {
    const same = placed.filter(({ span }) => span.join() === one.span.join())
    return { ...one, tracks: 1 + Math.max(...same.map(({ track }) => track)) }
  })
}

export function isAtOnce(one: Held, other: Held): boolean {
  return one.from < (other.until ?? Infinity) && other.from < (one.until ?? Infinity)
}
