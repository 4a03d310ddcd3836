/** A step of a random sequence as a person reads it: in the spelling of `npm run try`, as far as that can say it. */

import type { Endpoint, Protocol } from '../domain/endpoint.ts'
import { formatEndpoint } from '../domain/endpoint.ts'
import type { Asked } from '../domain/program-event.ts'
import type { TryStep } from '../domain/tried.ts'
import { formatStep } from '../domain/tried.ts'

/** What was done. Steps count from 1; ports are the names of the sequence, not those that were leased for them. */
export type Deed =
  | { do: 'open'; process: number; asked: Asked }
  | { do: 'listen'; step: number }
  | { do: 'close'; step: number }
  | { do: 'connect'; step: number; peer: Endpoint }
  | { do: 'arrive'; protocol: Protocol; to: Endpoint; from: Endpoint | null; stays: boolean }

/**
 * `listening`, `bound`, `connected`, `closed`, an error's name; of an arrival the socket that gets it, as `step 2`, or
 * what may get it, as `step 1 or step 2`. `foretold` is null where the theory says nothing.
 */
export type Told = { deed: Deed; foretold: string | null; happened: string }

/** For each process the user that it has, where that is another one. */
export type Users = readonly (string | null)[]

/** How a person types it. What the bench has no words for is spelt in the same manner. */
export function spell(all: readonly Told[], users: Users): string[] {
  const isOnePort = portsOf(all).size < 2 && !portsOf(all).has(0)
  return all.map(({ deed }, index) => {
    if (deed.do === 'listen') return `listen ${deed.step}`
    if (deed.do === 'connect') return `connect ${deed.step} ${formatEndpoint(deed.peer)}`
    const typed = formatStep(stepFor(deed, all.slice(0, index), users))
    const port = portOf(deed)
    return isOnePort || port === null ? typed : `${typed} port ${port}`
  })
}

/** The command that does it again; null where the bench cannot say it. */
export function byHand(all: readonly Told[], users: Users): string | null {
  const ports = portsOf(all)
  const isSaid = all.every(({ deed }, index) => {
    if (deed.do === 'listen' || deed.do === 'connect') return false
    // A client of the bench goes once it was served: of one that stays only the last cannot be told apart.
    return deed.do !== 'arrive' || !deed.stays || index === all.length - 1
  })
  if (!isSaid || ports.size > 1 || ports.has(0)) return null
  return ['npm run try --', ...spell(all, users).map((step) => `'${step}'`)].join(' ')
}

/** 0 stands for one that the system chooses. */
function portsOf(all: readonly Told[]): Set<number> {
  return new Set(all.flatMap(({ deed }) => portOf(deed) ?? []))
}

function portOf(deed: Deed): number | null {
  return deed.do === 'open' ? deed.asked.port : deed.do === 'arrive' ? deed.to.port : null
}

type Sayable = Exclude<Deed, { do: 'listen' | 'connect' }>

/** The first socket of a process starts it; a later one is opened in the same process. */
function stepFor(deed: Sayable, before: readonly Told[], users: Users): TryStep {
  switch (deed.do) {
    case 'open': {
      const { protocol, address, listens, ipv6Only, reusePort, reuseAddr } = deed.asked
      const first = before.findIndex((one) => one.deed.do === 'open' && one.deed.process === deed.process)
      const user = first < 0 ? (users[deed.process] ?? null) : null
      const inStep = first < 0 ? null : first + 1
      return { do: 'open', protocol, address, listens, ipv6Only, reusePort, reuseAddr, user, inStep }
    }
    case 'arrive':
      return { do: 'arrive', protocol: deed.protocol, address: deed.to.address, from: deed.from }
    case 'close':
      return { do: 'close', step: deed.step }
  }
}
