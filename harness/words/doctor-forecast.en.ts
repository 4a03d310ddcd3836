/** The words of `npm run doctor` about the labs: what will run here, what a setting changes, what to do. */

import type {
  FilterForecast,
  Forecast,
  LabForecast,
  Remedy,
  SettingEffect,
  SettingForecast,
} from '../domain/forecast.ts'
import { asJoined } from './phrases.en.ts'

export function labsInWords({ labs }: Forecast): string[] {
  const [broken, sound] = [labs.filter(({ defect }) => defect !== null), labs.filter(({ defect }) => defect === null)]
  const whole = sound.filter(({ skips, unsure }) => skips.length === 0 && unsure.length === 0)
  const checks = sum(sound.map((lab) => lab.checks))
  const [skipped, unsure] = [sum(sound.map(skippedIn)), sum(sound.map(unsureIn))]
  const unsourced = sum(sound.map((lab) => lab.unsourced))
  const some = [
    ...(skipped > 0 ? [`${skipped} will be skipped`] : []),
    ...(unsure > 0 ? [`of ${unsure} that shows only when they run`] : []),
  ]
  return [
    whole.length === labs.length
      ? `All ${labs.length} labs will run whole: ${checks} checks.`
      : `${whole.length} of ${labs.length} labs will run whole. Of ${checks} checks ${some.join(', and ')}.`,
    ...broken.map(({ lab, defect }) => `${lab} cannot be loaded: ${defect}.`),
    ...(unsourced > 0
      ? [`For ${unsourced} checks no source says what this system should do: their answers will only be noted.`]
      : []),
  ]
}

export function skippedIn({ skips }: LabForecast): number {
  return sum(skips.map(({ checks }) => checks.length))
}

export function unsureIn({ unsure }: LabForecast): number {
  return sum(unsure.map(({ checks }) => checks.length))
}

/** A lab, and how many of its checks depend on something. */
export type Wanting = { lab: string; skipped: number; checks: number }

export function skipInWords(why: string, wanting: readonly Wanting[], isSure: boolean): string {
  const labs = wanting.map(
    ({ lab, skipped, checks }) => `${lab} (${skipped === checks ? 'all' : `${skipped} of ${checks}`})`,
  )
  const which = isSure ? 'Skipped' : 'Whether it is so in the network in which they run shows only then'
  return `${sentence(why)} ${which}: ${asJoined(labs)}.`
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`
}

/** More of them would be a listing, which the tool itself shows better. */
const MOST_RULES = 5

/** Below what was tried on the loopback interface: what was read of the packet filter. */
export function filterInWords(filter: FilterForecast | null): string[] {
  if (filter === null) return []
  const { why, rules } = filter
  const told = rules.slice(0, MOST_RULES).map(({ shownBy, hook, text }) => `${shownBy} shows for ${hook}: ${text}`)
  const more = rules.length - told.length
  return [
    ...told,
    ...(more > 0 ? [`So do ${more} more.`] : []),
    ...(why === null && rules.length === 0 ? ['No rule of the packet filter keeps anything back.'] : []),
    ...(why === null ? [] : [`The rules of the packet filter were not all read: ${sentence(why)}`]),
  ]
}

/** Labs run all the same, and what they find is the filter. */
export function keptBackInWords(filter: FilterForecast | null): string[] {
  const { rules = [], unreached = [] } = filter ?? {}
  const but = 'Acts with a network of their own are not concerned.'
  if (unreached.length > 0)
    return [`Something keeps back what goes over the loopback interface: checks will fail. ${but}`]
  if (rules.length === 0) return []
  return [`A rule of the packet filter may keep back what labs send: checks may fail. ${but}`]
}

const EFFECTS: Record<SettingEffect, { when: string; effect: string }> = {
  'no-port-is-privileged': {
    when: 'is 0 or 1',
    effect: 'every user may bind every port, and the lab finds no port to be refused on.',
  },
  'any-client-port': {
    when: 'is 1024 to 65535',
    effect: 'a client can get any port from 1024 up. Otherwise its range is narrower.',
  },
  'dynamic-ports-only': {
    when: 'begins at 49152 or above',
    effect: 'the system chooses among the dynamic ports of RFC 6335. Otherwise it gives registered ones too.',
  },
  'client-ports-run-out': {
    when: 'has fewer than 100 ports',
    effect: 'fewer labs run side by side, and with very few ports what needs them is skipped.',
  },
  'address-of-another-host': {
    when: 'is 1',
    effect: 'a listener can take an address that this machine does not have.',
  },
}

export function effectInWords({ settings, effect, lab, here }: SettingForecast): { label: string; text: string } {
  const { when, effect: what } = EFFECTS[effect]
  const isSo = here ? 'as it is here' : 'which it is not here'
  return { label: lab === '' ? 'all labs' : lab, text: `Where ${settings.join(' and ')} ${when}, ${isSo}: ${what}` }
}

export const effectsInWords =
  'Acts with a network of their own are not concerned: a new network has the settings of a fresh kernel.'

export function remedyInWords(remedy: Remedy): string {
  const { labs } = remedy
  const gain = `for ${labs.length > 4 ? `${labs.length} labs` : asJoined(labs)}`
  switch (remedy.do) {
    case 'install':
      return `Install ${asJoined(remedy.tools.map(asTool))}, ${gain}`
    case 'set':
      return `Set ${asJoined(remedy.settings)} as a fresh kernel has it, ${gain}`
    case 'interface-up':
      return `Set the loopback interface up, ${gain}`
    case 'address':
      return `Give the loopback interface one more address, ${gain}`
    case 'open-files':
      return `Let a process open more files, ${gain}`
    case 'superuser':
      return `Run it as the superuser of the machine, who can start programs as another user, ${gain}`
    case 'container':
      return `Let the container make namespaces: engines such as Docker and Podman do with --privileged, ${gain}`
    case 'bundled-node':
      return `Let npm bring the Node that this project was made with, ${gain}`
    case 'let-through':
      return `Let the packet filter pass what goes over the loopback interface, ${gain}. A rule "iif lo accept", and "oif lo accept" for output, before the one that keeps it back does so. This shows where they stand`
  }
}

function asTool(tool: string): string {
  return tool === 'services-database' ? 'the file /etc/services' : tool === 'python' ? 'python3 (3.9 or newer)' : tool
}

export const nothingHelpsInWords = 'Nothing is known that would give more here.'

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0)
}
