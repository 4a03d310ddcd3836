/** What has changed between two looks at the ports of a machine. */

import type { Protocol } from './endpoint.ts'
import type { Cover, Taken } from './ports-taken.ts'
import type { Service } from './service.ts'

/** One service over one protocol: what opens, closes and moves as a whole. `protocols` has that protocol alone. */
export type OpenUnit = Service & {
  protocol: Protocol
  /** The backlogs of its listeners, ascending; empty where the listing does not tell them. */
  backlogs: number[]
  /** A UDP socket that looks like a client's: such come and go all the time. */
  isPerhapsClient: boolean
}

/**
 * `reach`: from where it is reached, such as from this machine only and now at every address. `addresses`: others of the
 * same kind. `families`: the versions of IP. `restarted`: the same program in other processes.
 */
export const CHANGES = ['reach', 'addresses', 'families', 'program', 'user', 'restarted', 'backlog'] as const

export type Change = (typeof CHANGES)[number]

export type ChangedUnit = { before: OpenUnit; after: OpenUnit; changes: Change[] }

/** Which of the two looks. */
export type Side = 'before' | 'after'

export type LookFacts = Pick<Taken, 'takenAt' | 'host' | 'sources'>

export type PortsDiff = {
  before: LookFacts
  after: LookFacts
  /** `null`: at least one of the two does not say on which machine it was taken. */
  isOtherMachine: boolean | null
  opened: OpenUnit[]
  closed: OpenUnit[]
  changed: ChangedUnit[]
  /** What came and went and is perhaps a client of somebody: nothing was opened or closed by it. */
  clients: { came: OpenUnit[]; gone: OpenUnit[] }
  /** In one of the looks only, and the other may not show it: it shows the sockets of a single user. */
  unclear: { unit: OpenUnit; in: Side }[]
  /** Of a kind that a look was not asked for. `sockets`: how many the other one has of it. */
  notCompared: { cover: Cover; lacking: Side | 'both'; sockets: number }[]
  /** Of so many services it cannot be told whether the program is the same: that look does not name it. Each once. */
  programsUnknown: Readonly<Record<Side, number>>
  /** So many services are as they were. */
  same: number
}

/** Told by `--watch`. `at` is ISO 8601. */
export type WatchEvent =
  | { kind: 'begun'; at: string; everyMs: number; services: number; endsAfterMs: number | null }
  | { kind: 'opened' | 'closed'; at: string; unit: OpenUnit }
  | { kind: 'changed'; at: string; unit: ChangedUnit }
  /** A look failed; the next one is held against the last that did not. Told once in a row. */
  | { kind: 'unseen'; at: string; why: string }
  /** Looks take longer than they should: from now on there are fewer of them. */
  | { kind: 'slower'; at: string; everyMs: number }
  /** `clients`: sockets that came and are perhaps those of clients; they were not told one by one. */
  | { kind: 'ended'; at: string; looks: number; changes: number; clients: number; lastedMs: number }
