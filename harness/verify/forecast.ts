/** Foretells a run from what labs declare and what this machine has: which run whole, which with skips, and why. */

import type { Forecast, LabForecast, Skip } from '../domain/forecast.ts'
import type { AnyAct, AnyCheck, Capability, Lab } from '../domain/lab.ts'
import type { Machine } from '../domain/machine.ts'
import { expectationFor } from '../run/answer.ts'
import { foretellFilter, letThrough } from './forecast-filter.ts'
import { foretellSettings } from './forecast-settings.ts'
import { findRemedies } from './forecast-remedies.ts'

/** A lab as far as it could be loaded. */
export type Declared = { id: string; lab: Lab | null; defect: string | null }

export function forecast(declared: readonly Declared[], machine: Machine): Forecast {
  const labs = declared.map((one) => forecastLab(one, machine))
  const filter = foretellFilter(machine)
  const lacking = declared.map(({ id, lab }) => ({ lab: id, lacks: lab === null ? [] : lackedBy(lab, machine) }))
  return {
    labs,
    settings: foretellSettings(machine).filter(({ lab }) => lab === '' || labs.some((one) => one.lab === lab)),
    filter,
    remedies: [...findRemedies(machine, lacking), ...letThrough(filter, declared)],
  }
}

/** Acts with a network of their own ask there for what follows from a network, and others on the machine's own. */
const OF_A_NETWORK: readonly Capability[] = [
  'ipv4-loopback',
  'ipv6-loopback',
  'loopback-block',
  'client-ports',
  'packet-filter',
  'packet-filter-reject',
  'packet-filter-numgen',
  'tcpdump',
  'another-user',
]

/** Of those, what was asked in a network of its own. */
const ASKED_IN_OWN: readonly Capability[] = ['packet-filter', 'packet-filter-reject', 'packet-filter-numgen', 'tcpdump']

/** Why an act lacks it in its network; null where it has it. `isSure`: asked in such a network, or the same in each. */
function lackOf(capability: Capability, network: 'own' | undefined, { capabilities, ownNetwork }: Machine) {
  const there = network === 'own' ? ownNetwork?.[capability] : undefined
  if (there !== undefined) return { why: there, isSure: true }
  const isSure = !OF_A_NETWORK.includes(capability) || ASKED_IN_OWN.includes(capability) === (network === 'own')
  return { why: capabilities[capability], isSure }
}

/** All that keeps a check of this lab from running, not only what is met first. */
function lackedBy({ acts }: Lab, machine: Machine): Capability[] {
  return Object.values(acts).flatMap(({ network, requires = [], checks }) => {
    const asked = [
      ...(network === 'own' ? (['own-network'] as const) : []),
      ...requires,
      ...Object.values(checks).flatMap((check) => check.requires ?? []),
    ]
    return asked.filter((capability) => lackOf(capability, network, machine).why !== null)
  })
}

/** A check has one fate, as when it runs: the first thing that is lacking is its reason. */
type Fate = { capability: Capability; why: string; ofAct: boolean; isSure: boolean }

function forecastLab({ id, lab, defect }: Declared, machine: Machine): LabForecast {
  const checks = Object.entries(lab?.acts ?? {}).flatMap(([act, declared]) =>
    Object.entries(declared.checks).map(([check, { requires }]) => ({
      act,
      check,
      isSourced: expectationFor(declared.checks[check] as AnyCheck, machine.system.os) !== null,
      fate: fateOf(declared, requires ?? [], machine),
    })),
  )
  const skips = (isSure: boolean): Skip[] => {
    const found = new Map<Capability, Skip>()
    for (const { act, check, fate } of checks) {
      if (fate?.isSure !== isSure) continue
      const { capability, why, ofAct } = fate
      const skip = found.get(capability) ?? { capability, why, acts: [], checks: [] }
      found.set(capability, skip)
      skip.checks.push(check)
      if (ofAct && !skip.acts.includes(act)) skip.acts.push(act)
    }
    return [...found.values()]
  }
  const unsourced = checks.filter(({ isSourced }) => !isSourced).length
  return { lab: id, checks: checks.length, defect, unsourced, skips: skips(true), unsure: skips(false) }
}

function fateOf({ network, requires = [] }: AnyAct, ofCheck: readonly Capability[], machine: Machine): Fate | null {
  const asked = [
    ...[...(network === 'own' ? (['own-network'] as const) : []), ...requires].map((capability) => ({
      capability,
      ofAct: true,
    })),
    ...ofCheck.map((capability) => ({ capability, ofAct: false })),
  ]
  const lacking = asked.flatMap(({ capability, ofAct }) => {
    const { why, isSure } = lackOf(capability, network, machine)
    return why === null ? [] : [{ capability, why, ofAct, isSure }]
  })
  // What is sure to be lacking decides, whatever else may be lacking.
  return lacking.find(({ isSure }) => isSure) ?? lacking[0] ?? null
}
