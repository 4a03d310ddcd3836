/** What a known cause is: a fact about the machine and a symptom, which must both be there. */

import type { Machine } from '../../domain/machine.ts'
import type { Cause } from '../../domain/verification.ts'
import type { Surprise } from './surprise.ts'

/**
 * How firm the ground is. `shown`: the observation itself names it. `fits`: the machine has a property that leads to
 * just such an answer. `possible`: the answer alone suggests it, and nothing on the machine could be read that shows it.
 */
export const GROUNDS = ['shown', 'fits', 'possible'] as const

export type KnownCause = {
  /** Names it in tests. */
  id: string
  kind: Cause['kind']
  ground: (typeof GROUNDS)[number]
  /**
   * A network namespace that was just made has the kernel's own settings, no filter and no routes of anybody. What
   * belongs to one network cannot explain an act in another.
   */
  reach: 'machine-network' | 'everywhere'
  symptom: (surprise: Surprise) => boolean
  /** What was found, the same words for each surprise that it explains; null where there is nothing of the kind. */
  found: (machine: Machine, surprise: Surprise) => string | null
  explains: string
  remedy: string | null
  source: string | null
}

/** The value of a setting; null where this system has none of the name, or does not show it. */
export function valueOf({ settings }: Machine, name: string): string | null {
  return settings.find((setting) => setting.name === name)?.value ?? null
}

export function numberOf(machine: Machine, name: string): number | null {
  const value = valueOf(machine, name)
  return value === null || value === '' || Number.isNaN(Number(value)) ? null : Number(value)
}

/** `net.ipv6.bindv6only is 1 (0 is usual)`, where `isUnusual` says so of the value as a number; else null. */
export function settingWhere(name: string, isUnusual: (value: number) => boolean): KnownCause['found'] {
  return (machine) => {
    const [value, usual] = [numberOf(machine, name), machine.settings.find((one) => one.name === name)?.usual ?? null]
    if (value === null || !isUnusual(value)) return null
    return `${name} is ${value}${usual === null || usual === '' ? '' : ` (${usual} is usual)`}`
  }
}

/** The first of several that is found. */
export function firstFound(...found: readonly KnownCause['found'][]): KnownCause['found'] {
  return (machine, surprise) => {
    for (const one of found) {
      const words = one(machine, surprise)
      if (words !== null) return words
    }
    return null
  }
}

/** For causes that the observation itself shows. */
export function always(words: string): KnownCause['found'] {
  return () => words
}
