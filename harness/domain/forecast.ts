/** What a machine will answer: which labs run whole, which with skips, which setting changes what, and what to do. */

import type { SandboxFacts } from './graded.ts'
import type { Capability } from './lab.ts'
import type { Machine } from './machine.ts'

/** Checks of a lab that depend on one capability. `acts` are those that are skipped as a whole. */
export type Skip = { capability: Capability; why: string; acts: string[]; checks: string[] }

export type LabForecast = {
  lab: string
  /** How many checks it has. */
  checks: number
  /** Why it cannot be loaded; null where it can. */
  defect: string | null
  /** Of those, how many no source speaks of on this system: their answers are noted. */
  unsourced: number
  skips: Skip[]
  /** Asked for in another network than the one that was looked at: whether they are skipped shows when they run. */
  unsure: Skip[]
}

/** How a setting changes the answer of a check. Every one of them has been seen: docs/doctor.md. */
export const SETTING_EFFECTS = [
  'no-port-is-privileged',
  'any-client-port',
  'dynamic-ports-only',
  'address-of-another-host',
  'client-ports-run-out',
] as const

export type SettingEffect = (typeof SETTING_EFFECTS)[number]

export type SettingForecast = {
  settings: string[]
  effect: SettingEffect
  /** Whether the setting is so on this machine. */
  here: boolean
  /** Empty where it is about all labs with clients. */
  lab: string
  checks: string[]
}

/** What to do to get more checks. `labs`: those that have more of them then. */
export type Remedy = { labs: string[]; command: string | null } & (
  | { do: 'install'; tools: string[] }
  | { do: 'set'; settings: string[] }
  | { do: 'interface-up' | 'address' | 'open-files' | 'superuser' | 'container' | 'bundled-node' | 'let-through' }
)

/** What may keep back a packet over the loopback interface. */
export type FilterForecast = {
  /** Why the rules of the packet filter were not read; null where they were. */
  why: string | null
  /** Those that may hold for it, as the tool `shownBy` shows them in a chain of `hook`. */
  rules: { hook: string; text: string; shownBy: string }[]
  /** What is there and was not reached. */
  unreached: (keyof Machine['protocols'])[]
}

export type Forecast = {
  labs: LabForecast[]
  settings: SettingForecast[]
  /** Null where nobody has looked. */
  filter: FilterForecast | null
  remedies: Remedy[]
}

/** Who and where this machine is: told only when asked for. */
export type MachineNames = { host: string; user: string | null; addresses: string[] }

export type DoctorReport = {
  machine: Machine
  forecast: Forecast
  names: MachineNames | null
  /** What a sandbox for handed-in programs promises here. Absent where nobody has tried. */
  sandbox?: SandboxFacts
}
