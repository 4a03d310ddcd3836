/** Flattens what is known of each machine into named facts, so that they can be laid side by side. Pure. */

import type { ComparedFact, ComparedRun } from '../domain/comparison.ts'
import type { Machine, Trial } from '../domain/machine.ts'
import { SYSTEM_NAMES } from '../domain/os.ts'
import { findingsForAny } from './filter-packets.ts'

/** In the order in which they are told. A fact that is not known has no value. */
export function compareFacts(runs: readonly ComparedRun[]): ComparedFact[] {
  const known = runs.map((run) => new Map(factsOf(run)))
  return namesOf(known).map((name) => {
    const values = known.map((facts) => facts.get(name) ?? null)
    // What one run does not know cannot differ.
    return { name, differs: new Set(values.filter((value) => value !== null)).size > 1, values }
  })
}

/** Every name once. One that only a later run has comes after the name before it there: kinds stay together. */
function namesOf(known: readonly ReadonlyMap<string, unknown>[]): string[] {
  const names: string[] = []
  for (const facts of known) {
    let at = 0
    for (const name of facts.keys()) {
      const found = names.indexOf(name)
      if (found < 0) names.splice(at, 0, name)
      at = (found < 0 ? at : found) + 1
    }
  }
  return names
}

type Fact = [name: string, value: string | null]

const YES = 'yes'
const NO = 'no'
const NONE = 'none'
/** The host facts have it already, and a run without its machine has those as well. */
const CLIENT_PORTS = 'net.ipv4.ip_local_port_range'

function factsOf({ host, machine }: ComparedRun): Fact[] {
  const { os, kernel, architecture, node, nodeOrigin, libuv, ephemeralRange, superuser } = host
  return [
    ['system', SYSTEM_NAMES[os] ?? os],
    ...systemFacts(machine),
    ['kernel', kernel],
    ['architecture', architecture],
    ['Node', node],
    ["Node's origin", nodeOrigin],
    ['libuv', libuv],
    ['client ports', ephemeralRange && ephemeralRange.join(' to ')],
    ['superuser', superuser === null ? null : yesOrNo(superuser)],
    ...(machine === null ? [] : machineFacts(machine)),
  ]
}

function systemFacts(machine: Machine | null): Fact[] {
  if (machine === null) return []
  const { distribution, surroundings } = machine.system
  return [
    ['distribution', distribution ?? NONE],
    ['surroundings', listed(surroundings)],
  ]
}

function machineFacts(machine: Machine): Fact[] {
  const { runtime, loopback, protocols, settings, openFiles, cores, tools, rights, capabilities } = machine
  const tried = (kind: string, trials: Readonly<Record<string, Trial>>) =>
    Object.entries(trials).map(([name, { works }]): Fact => [`${kind}${name}`, yesOrNo(works)])
  return [
    ['interposed', listed(runtime.interposed.map(({ name, value }) => `${name}=${value}`))],
    ['cores', String(cores)],
    ['open files', openFiles && `${openFiles.soft} of ${openFiles.hard}`],
    ...loopback.map(({ name, isUp, addresses }): Fact => [
      `interface: ${name}`,
      `${isUp ? 'up' : 'down'}, ${listed(addresses)}`,
    ]),
    ['packet filter, for the loopback interface', filterFact(machine)],
    ...tried('works: ', protocols),
    ...settings.filter(({ name }) => name !== CLIENT_PORTS).map(({ name, value }): Fact => [name, value ?? NONE]),
    ...tried('right: ', rights),
    ...tools.map(({ name, version }): Fact => [name, version ?? NONE]),
    ...Object.entries(capabilities).map(([name, why]): Fact => [`capability: ${name}`, yesOrNo(why === null)]),
  ]
}

/** What may be kept back. Null where the rules could not be read: then nothing is known of them. */
function filterFact(machine: Machine): string | null {
  if (!machine.filter || machine.filter.why !== null) return null
  return listed([...new Set(findingsForAny(machine).map(({ hook, text }) => `${hook}: ${text}`))])
}

function listed(values: readonly string[]): string {
  return values.length === 0 ? NONE : values.join(', ')
}

function yesOrNo(is: boolean): string {
  return is ? YES : NO
}
