/** Looks for what may explain each surprise: a check that failed, or about which nothing was observed. Pure. */

import type { LabEvidence } from '../domain/evidence.ts'
import type { LoadedLab } from '../domain/loaded-lab.ts'
import type { Machine } from '../domain/machine.ts'
import type { CheckResult } from '../domain/verdict.ts'
import type { Cause, Diagnosis } from '../domain/verification.ts'
import { FILTER_RULES } from './causes/filter-rules.ts'
import { FILTERS } from './causes/filters.ts'
import { INTERPOSED } from './causes/interposed.ts'
import type { KnownCause } from './causes/known-cause.ts'
import { GROUNDS } from './causes/known-cause.ts'
import { PLATFORM_RULES } from './causes/platform.ts'
import { RESOURCES, TIME } from './causes/resources.ts'
import { RIGHTS } from './causes/rights.ts'
import { RUNTIMES } from './causes/runtime.ts'
import { ADDRESS_SETTINGS } from './causes/settings-addresses.ts'
import { PORT_SETTINGS } from './causes/settings-ports.ts'
import { QUEUE_SETTINGS } from './causes/settings-queues.ts'
import type { Surprise } from './causes/surprise.ts'
import { surpriseOf } from './causes/surprise.ts'
import { TOOLS } from './causes/tools.ts'

/** Of those on the same ground, what is told of first. */
export const KNOWN_CAUSES: readonly KnownCause[] = [
  ...RUNTIMES,
  ...RESOURCES,
  ...ADDRESS_SETTINGS,
  ...PORT_SETTINGS,
  ...QUEUE_SETTINGS,
  ...RIGHTS,
  ...TOOLS,
  ...PLATFORM_RULES,
  ...INTERPOSED,
  ...FILTER_RULES,
  ...FILTERS,
  ...TIME,
]

/** More than these would be a list of all that can go wrong. */
const MOST_CAUSES = 3

export type DiagnoseInput = {
  results: readonly CheckResult[]
  labs: readonly LabEvidence[]
  machine: Machine
  loaded: readonly LoadedLab[]
}

/** One for each result that failed or was inconclusive, in their order. */
export function diagnose({ results, labs, machine, loaded }: DiagnoseInput): Diagnosis[] {
  return results.flatMap((result) => {
    const { lab, id, verdict, question, observed, expected, seen } = result
    if (verdict !== 'fail' && verdict !== 'inconclusive') return []
    const causes = causesOf(surpriseOf(result, { labs, loaded, os: machine.system.os }), machine)
    return [{ lab, check: id, question, verdict, observed, expected: expected?.outcomes ?? [], seen, causes }]
  })
}

/**
 * What explains the steps on which the answer rests. Where nothing on the machine does, perhaps what explains others of
 * that act: a step that went wrong may change what comes after it. An act that was not begun may be short of the time
 * that one before it took.
 */
export function causesOf(surprise: Surprise, machine: Machine): Cause[] {
  const { act, earlier, result } = surprise
  const own = causesIn(surprise, machine)
  if (own.some(({ isGuess }) => !isGuess)) return own
  const isNotBegun = act?.steps.length === 0 && result.seen.startsWith('the lab took longer')
  const others = [act, ...(isNotBegun ? earlier : [])].flatMap((one) =>
    one === null ? [] : causesIn({ ...surprise, act: one, steps: one.steps }, machine),
  )
  const firm = others.filter(({ isGuess }) => !isGuess).map((cause): Cause => ({ ...cause, isGuess: true }))
  const all = [...firm, ...own, ...others.filter(({ isGuess }) => isGuess)]
  return [...new Map(all.map((cause) => [cause.found, cause])).values()].slice(0, MOST_CAUSES)
}

/** On firm ground first. What the observation itself shows needs no guess beside it. */
function causesIn(surprise: Surprise, machine: Machine): Cause[] {
  const found = KNOWN_CAUSES.flatMap((known) => {
    const cause = findCause(known, surprise, machine)
    return cause === null ? [] : [{ ground: known.ground, cause }]
  })
  const isShown = found.some(({ ground }) => ground === 'shown')
  const wanted = GROUNDS.filter((ground) => !(isShown && ground === 'possible'))
  const inOrder = wanted.flatMap((ground) => found.filter((one) => one.ground === ground).map(({ cause }) => cause))
  return inOrder.slice(0, MOST_CAUSES)
}

/** Null where the symptom or the fact is not there. */
export function findCause(known: KnownCause, surprise: Surprise, machine: Machine): Cause | null {
  if (known.reach === 'machine-network' && surprise.isInOwnNetwork) return null
  if (!known.symptom(surprise)) return null
  const found = known.found(machine, surprise)
  if (found === null) return null
  const { kind, explains, remedy, source } = known
  return { kind, found, explains, remedy, source, ...(known.ground === 'possible' && { isGuess: true }) }
}
