/**
 * M1 to M7: the tables that the documents' readers think of. Each knows of an entry which others it bars, and which
 * arrivals are its own. Nobody listens or is merely bound here: what is bound has its entry.
 */

import { addressFamily, isWildcard } from '../domain/endpoint.ts'
import type { TheoryName } from '../domain/theory.ts'
import type { Theory } from './theory.ts'
import type { Arrival, HeldSocket, Wish } from './world.ts'

type Table = {
  /** Whether a socket that is there bars the one that is wished for. Both have the same port. */
  bars: (held: HeldSocket, wish: Wish) => boolean
  /** Whether an arrival at the socket's port is for the socket. */
  takes: (held: HeldSocket, arrival: Arrival) => boolean
}

const sameProtocol = (held: HeldSocket, { protocol }: { protocol: string }) => held.protocol === protocol

/** Since M3 an entry is a list: those who all ask for SO_REUSEPORT share it. */
const isAlone = (held: HeldSocket, { asked }: Wish) => !(held.reusePort && asked.reusePort)

/** One table from port to process. A process that takes its own port once more changes nothing. */
const onePerPort: Table = {
  bars: (held, { process }) => held.process !== process,
  takes: () => true,
}

/** One such table per protocol. */
const onePerProtocol: Table = {
  bars: (held, wish) => sameProtocol(held, wish.asked) && held.process !== wish.process,
  takes: sameProtocol,
}

/** Each entry is a list of sockets. */
const lists: Table = {
  bars: (held, wish) => sameProtocol(held, wish.asked) && isAlone(held, wish),
  takes: sameProtocol,
}

/** Keyed by address and port: a wildcard address is one more address. */
const byAddress: Table = {
  bars: (held, wish) => lists.bars(held, wish) && held.local.address === wish.asked.address,
  takes: (held, arrival) => sameProtocol(held, arrival) && held.local.address === arrival.to.address,
}

const meet = (one: string, other: string) => one === other || isWildcard(one) || isWildcard(other)

/** A wildcard address is every address, of either IP version: versions are not thought of yet. */
const withWildcards: Table = {
  bars: (held, wish) => lists.bars(held, wish) && meet(held.local.address, wish.asked.address),
  takes: (held, arrival) => sameProtocol(held, arrival) && meet(held.local.address, arrival.to.address),
}

type Place = { address: string; ipv6Only: boolean }

/** Each wildcard address for its own IP version, and :: for IPv4 too unless it opted out. */
function meetByVersion(one: Place, other: Place): boolean {
  if (addressFamily(one.address) === addressFamily(other.address)) return meet(one.address, other.address)
  return [one, other].some(({ address, ipv6Only }) => address === '::' && !ipv6Only)
}

const withVersions: Table = {
  bars: (held, wish) => lists.bars(held, wish) && meetByVersion(placeOf(held), wish.asked),
  // An arrival has one address, and no opinion on versions.
  takes: (held, { protocol, to }) =>
    sameProtocol(held, { protocol }) && meetByVersion(placeOf(held), { address: to.address, ipv6Only: true }),
}

const placeOf = ({ local, ipv6Only }: HeldSocket): Place => ({ address: local.address, ipv6Only })

function theoryOf({ bars, takes }: Table): Theory {
  return {
    mayBind: ({ sockets }, wish) =>
      // Port 0 asks for any free one.
      wish.asked.port !== 0 && sockets.some((held) => held.local.port === wish.asked.port && bars(held, wish))
        ? 'EADDRINUSE'
        : 'ok',
    mayListen: () => null,
    // To dial a wildcard address is the client's own affair: it means an address that no table of ports knows.
    whoGets: ({ sockets }, arrival) =>
      isWildcard(arrival.to.address)
        ? null
        : sockets.filter((held) => held.local.port === arrival.to.port && takes(held, arrival)),
  }
}

const versions = theoryOf(withVersions)

/** M6, and before it a table of connected sockets by their four-tuple: they bar nobody and get what is theirs. */
const connectedFirst: Theory = {
  mayBind: (world, wish) =>
    versions.mayBind({ ...world, sockets: world.sockets.filter(({ peer }) => peer === null) }, wish),
  mayListen: () => null,
  whoGets(world, arrival) {
    const { to, from, protocol } = arrival
    const here = world.sockets.filter((held) => held.protocol === protocol && held.local.port === to.port)
    const connected = here.filter(({ peer }) => peer !== null)
    if (connected.length > 0 && from === null) return null
    const own = connected.filter(
      ({ local, peer }) => local.address === to.address && peer?.address === from?.address && peer?.port === from?.port,
    )
    if (own.length > 0) return own
    return versions.whoGets({ ...world, sockets: here.filter(({ peer }) => peer === null) }, arrival)
  },
}

export const TABLES: Record<Exclude<TheoryName, 'M8'>, Theory> = {
  M1: theoryOf(onePerPort),
  M2: theoryOf(onePerProtocol),
  M3: theoryOf(lists),
  M4: theoryOf(byAddress),
  M5: theoryOf(withWildcards),
  M6: versions,
  M7: connectedFirst,
}
