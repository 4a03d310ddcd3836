/** What a lab is: acts with an experiment each, and checks with a closed set of outcomes. */

import type { Json } from './json.ts'
import type { Lie } from './lie.ts'
import type { Os } from './os.ts'
import type { ListingSource } from './socket-row.ts'
import type { Stage } from './stage.ts'

/** Names of capabilities; each is found by a probe of the same name in harness/host. */
export const CAPABILITIES = [
  'ipv4-loopback',
  'ipv6-loopback',
  'loopback-block',
  'reuse-port',
  'bound-socket',
  'another-user',
  'ephemeral-range',
  'client-ports',
  'open-files',
  'own-network',
  'neighbour',
  'packet-filter',
  'packet-filter-reject',
  'packet-filter-numgen',
  'lsof',
  'ss',
  'netstat',
  'nmap',
  'tcpdump',
  'ip',
  'python',
  'setpriv',
  'proc',
  'services-database',
] as const

export type Capability = (typeof CAPABILITIES)[number]

export type Expectation<Outcome extends string> = { outcome: Outcome | readonly Outcome[]; source: string }

export type Check<E, O extends readonly string[]> = {
  /** For each claim that this check answers: the outcomes under which the claim holds. */
  claims?: { readonly [claim: string]: NoInfer<O[number]> | readonly NoInfer<O[number]>[] }
  /** Without one of these this check is skipped, by name; the rest of the act runs. Ask `stage.has` in the experiment. */
  requires?: readonly Capability[]
  /** The tool whose output these claims speak of. Where another listing was shown, they are not tested. */
  shownBy?: ListingSource
  /** Every outcome that can be told apart. What is observed outside of them is `other` and fails. */
  outcomes: O
  /**
   * Reads one outcome off the evidence: pure, no clock, no socket. An error's code may stand for itself, and `other`
   * for what fits none of the outcomes; both fail when nobody listed them.
   */
  outcome: (evidence: E) => NoInfer<O[number]> | `E${string}` | 'other'
  /** What is expected, per system, with its source. `posix` is every system but Windows that has no entry of its own. */
  expect: { readonly [K in Os | 'posix']?: Expectation<NoInfer<O[number]>> }
  /** The fault under which this check has been seen to fail. */
  lie: Lie
}

export type Act<E, C extends Record<string, readonly string[]>> = {
  /** Without one of these the act is skipped, by name. They are probed in the network in which the act runs. */
  requires?: readonly Capability[]
  /**
   * `own`: the act runs in a fresh network namespace with nothing but its loopback interface, in which it may do as it
   * likes: every port is free, and filters, scans and further hosts disturb nobody. Without it: the machine's network.
   */
  network?: 'own'
  /** Has a long form, for which `stage.full` is asked. Without it `--full` changes nothing here. */
  longForm?: true
  /** Does what the document does, and decides nothing. What it returns is the evidence. */
  experiment: (stage: Stage) => Promise<E>
  checks: { [K in keyof C]: Check<E, C[K]> }
}

export type AnyCheck = {
  requires?: readonly Capability[]
  claims?: { readonly [claim: string]: string | readonly string[] }
  shownBy?: ListingSource
  outcomes: readonly string[]
  outcome(evidence: Json): string
  expect: { readonly [K in Os | 'posix']?: Expectation<string> }
  lie: Lie
}

/** An act of any evidence. Methods, unlike properties, accept a check of narrower evidence (bivariance). */
export type AnyAct = {
  requires?: readonly Capability[]
  network?: 'own'
  longForm?: true
  experiment: (stage: Stage) => Promise<Json>
  checks: { readonly [check: string]: AnyCheck }
}

export type Lab<A extends Record<string, AnyAct> = Record<string, AnyAct>> = {
  id: string
  /** Must run while no other lab does. */
  alone?: boolean
  /**
   * For each role of labs/roles.ts the acts in which a handed-in program takes the place of the program of this name.
   * Only acts whose every check asks what can be seen from outside: rows, their holders, who served, how it ended.
   */
  roles?: { readonly [program: string]: readonly string[] }
  acts: A
}
