/** What of the loopback interface is kept back on this machine, as far as that shows without a lab. */

import type { FilterForecast, Remedy } from '../domain/forecast.ts'
import type { Capability, Lab } from '../domain/lab.ts'
import type { Machine } from '../domain/machine.ts'
import { findingsForAny } from './filter-packets.ts'

/** Where a listener was not reached although its address is there, something keeps packets back. */
const TRIED: readonly [keyof Machine['protocols'], Capability][] = [
  ['ipv4', 'ipv4-loopback'],
  ['ipv6', 'ipv6-loopback'],
  ['127.0.0.2', 'loopback-block'],
]

/** Null on systems whose filter is not looked at, where nothing shows it otherwise. */
export function foretellFilter(machine: Machine): FilterForecast | null {
  const { filter, protocols, capabilities } = machine
  const unreached = TRIED.filter(([name, capability]) => !protocols[name].works && capabilities[capability] === null)
  if (!filter && unreached.length === 0) return null
  const rules = findingsForAny(machine).map(({ hook, text, shownBy }) => ({ hook, text, shownBy }))
  return {
    why: filter ? filter.why : 'it is not looked at on this system',
    rules,
    unreached: unreached.map(([name]) => name),
  }
}

/** Acts with a network of their own are not concerned: no filter is in it. */
export function letThrough(filter: FilterForecast | null, labs: readonly { id: string; lab: Lab | null }[]): Remedy[] {
  if (filter === null || (filter.rules.length === 0 && filter.unreached.length === 0)) return []
  const concerned = labs.filter(({ lab }) => Object.values(lab?.acts ?? {}).some(({ network }) => network !== 'own'))
  return [{ do: 'let-through', command: 'sudo nft -a list ruleset', labs: concerned.map(({ id }) => id) }]
}
