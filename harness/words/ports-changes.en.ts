/** Changes of the ports of a machine in English: what opened, closed and moved, and what two looks cannot tell. */

import type { Change, ChangedUnit, LookFacts, OpenUnit, PortsDiff, Side, WatchEvent } from '../domain/ports-change.ts'
import type { Cover } from '../domain/ports-taken.ts'
import { isOpenToOthers } from '../domain/reach.ts'
import { LISTING_FORMATS } from '../domain/look.ts'
import { SYSTEM_NAMES } from '../domain/os.ts'
import { asJoined } from './phrases.en.ts'
import { counted, raisedInWords, reachInWords, serviceInWords } from './ports.en.ts'

export const changesHeadings = {
  opened: 'Opened',
  closed: 'Closed',
  changed: 'Changed',
  unclear: 'Perhaps opened or closed',
  untold: 'What cannot be told',
} as const

export const beforeAndAfter: Readonly<Record<Side, string>> = { before: 'Before', after: 'Now' }

/** `Linux 6.1, this machine, by the kernel's own answer (sock_diag), 2026-11-22T09:00:00.000Z`. */
export function lookInWords({ takenAt, host, sources }: LookFacts): string {
  const told = sources.map(({ command, format }) => command ?? LISTING_FORMATS[format] ?? format)
  const from = [...new Set(told)]
  if (host === null) return `a listing (${asJoined(from)}), which does not say when it was taken`
  const on = `${SYSTEM_NAMES[host.os] ?? host.os} ${host.kernel}`
  return `${takenAt.slice(0, 19).replace('T', ' ')} UTC, ${on}, from ${asJoined(from)}`
}

export const otherMachine =
  'The two looks are of different machines. What is told as opened and closed is then a difference, and no event.'

/** `Nothing has changed: 12 services are as they were.` */
export function unchangedInWords(same: number): string {
  return same === 0
    ? 'Nothing has changed: nothing is open, and nothing was.'
    : `Nothing has changed: ${sameInWords(same)}`
}

export function sameInWords(same: number): string {
  return `${counted(same, 'service')} ${same === 1 ? 'is as it was' : 'are as they were'}.`
}

/** `process 12 of anna`; empty where nothing is known of the holder. */
export function holdersInWords({ processes, sockets }: OpenUnit): string {
  const users = [...new Set(processes.flatMap(({ user }) => user ?? []))]
  const owners = [...new Set(sockets.flatMap(({ owner, uid }) => owner ?? uid?.toString() ?? []))]
  const of = users.length > 0 ? users : owners
  const user = of.length === 0 ? '' : ` of ${asJoined(of)}`
  if (processes.length === 0) return user === '' ? 'program not seen' : `program not seen,${user}`
  const pids = processes.map(({ pid }) => pid)
  const told = pids.length > 4 ? `${pids.length} processes` : `process${pids.length > 1 ? 'es' : ''} ${pids.join(', ')}`
  return `${told}${user}`
}

/** From where, in the middle of a sentence. Over the widest reach; the others are in the list of ports. */
export function fromInWords({ reach }: OpenUnit): string {
  const text = reachInWords(reach)
  return `${text.slice(0, 1).toLowerCase()}${text.slice(1)}`
}

/** `TCP 8080 (node), process 12 of anna, from other machines at every address over IPv4`. */
export function unitInWords(unit: OpenUnit): string {
  return `${serviceInWords(unit)}, ${holdersInWords(unit)}, ${fromInWords(unit)}`
}

/** Why it deserves a look, one line each. */
export function raisedOfUnit(unit: OpenUnit): string[] {
  return unit.concerns.flatMap((one) => (one.usually === null ? [] : [`${raisedInWords(unit, one)}: deserves a look.`]))
}

/** What is different, in the order of what matters most: `opened to other machines`. */
export function changesInWords({ before, after, changes }: ChangedUnit): string {
  return asJoined(changes.map((change) => nameOf(change, before, after)))
}

function nameOf(change: Change, before: OpenUnit, after: OpenUnit): string {
  switch (change) {
    case 'reach': {
      const [was, is] = [isOpenToOthers(before.reach), isOpenToOthers(after.reach)]
      if (was === is) return 'reached from elsewhere'
      return is ? 'opened to other machines' : 'closed to other machines'
    }
    case 'addresses':
      return 'bound to other addresses'
    case 'families':
      return 'over other versions of IP'
    case 'program':
      return 'held by another program'
    case 'user':
      return 'of another user'
    case 'restarted':
      return 'restarted'
    case 'backlog':
      return 'with another backlog'
  }
}

/** What it was and what it is, one line for each thing that is different: `reached: from … / now from …`. */
export function detailsInWords({ before, after, changes }: ChangedUnit): { before: string; after: string }[] {
  const told = (tell: (unit: OpenUnit) => string) => ({ before: tell(before), after: tell(after) })
  const isPlace = changes.some((one) => one === 'reach' || one === 'families')
  const isOwner = changes.some((one) => one === 'program' || one === 'user' || one === 'restarted')
  return [
    ...(isPlace ? [told(placeInWords)] : []),
    ...(changes.includes('addresses') ? [told(addressesInWords)] : []),
    ...(isOwner ? [told((unit) => `${programsInWords(unit)}${holdersInWords(unit)}`)] : []),
    ...(changes.includes('backlog') ? [told(({ backlogs }) => `backlog ${backlogs.join(', ')}`)] : []),
  ]
}

const placeInWords = (unit: OpenUnit) => `${fromInWords(unit)} (${addressesInWords(unit)})`

function addressesInWords({ sockets }: OpenUnit): string {
  const told = sockets.map(({ address, device }) => (device === null ? address : `${address}%${device}`))
  return asJoined([...new Set(told)])
}

function programsInWords({ processes }: OpenUnit): string {
  const names = [...new Set(processes.flatMap(({ command }) => command ?? []))]
  return names.length === 0 ? '' : `${asJoined(names)}, `
}

const inLook: Readonly<Record<Side, string>> = { before: 'before', after: 'now' }
const ofLook: Readonly<Record<Side, string>> = { before: 'the earlier look', after: 'the present look' }

const COVER_NAMES: Readonly<Record<Cover, string>> = {
  'tcp IPv4': 'TCP over IPv4',
  'tcp IPv6': 'TCP over IPv6',
  'udp IPv4': 'UDP over IPv4',
  'udp IPv6': 'UDP over IPv6',
}

export const coverInWords = (cover: Cover) => COVER_NAMES[cover]

export function unclearInWords({ unit, in: side }: PortsDiff['unclear'][number]): string {
  const other = side === 'before' ? 'after' : 'before'
  return `${unitInWords(unit)}: seen ${inLook[side]} only, and ${ofLook[other]} shows the sockets of one user alone.`
}

/** What is left open, as sentences. */
export function untoldInWords({ notCompared, programsUnknown, clients }: PortsDiff): string[] {
  const notAsked = (['both', 'before', 'after'] as const).flatMap((lacking) => {
    const some = notCompared.filter((one) => one.lacking === lacking)
    return some.length === 0 ? [] : [notAskedInWords(lacking, some)]
  })
  const programs = (['before', 'after'] as const).flatMap((side) => {
    const count = programsUnknown[side]
    if (count === 0) return []
    return [
      `${capital(ofLook[side])} does not name the program of ${counted(count, 'service')}: whether it is the same was not compared. More rights may show it.`,
    ]
  })
  const { came, gone } = clients
  const some = came.length + gone.length
  const short =
    some === 0
      ? []
      : [
          `UDP sockets that are perhaps short-lived clients: ${came.length} came and ${gone.length} went. They count as no change.`,
        ]
  return [...notAsked, ...programs, ...short]
}

function notAskedInWords(lacking: Side | 'both', some: PortsDiff['notCompared']): string {
  const names = asJoined(some.map(({ cover }) => COVER_NAMES[cover]))
  if (lacking === 'both') return `Neither look has anything of ${names}: they may not have been asked for it.`
  const sockets = some.reduce((sum, one) => sum + one.sockets, 0)
  const were = sockets === 1 ? 'was' : 'were'
  return `${capital(ofLook[lacking])} has nothing of ${names}, and may not have been asked for it: ${counted(sockets, 'socket')} of the other one ${were} not compared.`
}

const capital = (text: string) => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`

/** What `--watch` says before the first change. */
export function watchBegunInWords({ everyMs, services, endsAfterMs }: WatchEvent & { kind: 'begun' }): string {
  const until = endsAfterMs === null ? 'Ctrl-C ends it' : `it ends after ${seconds(endsAfterMs)}`
  return `Watching ${counted(services, 'service')}, with a look every ${seconds(everyMs)}; ${until}. A socket that comes and goes between two looks is missed.`
}

export const watchWords = { opened: 'opened', closed: 'closed', changed: 'changed' } as const

export function watchUnseenInWords(why: string): string {
  return `not seen: ${why}. The next look is held against the last one.`
}

export function watchSlowerInWords(everyMs: number): string {
  return `looks take long here: from now on there is one every ${seconds(everyMs)}`
}

export function watchEndedInWords({ looks, changes, clients, lastedMs }: WatchEvent & { kind: 'ended' }): string {
  const short = clients === 0 ? '' : ` ${counted(clients, 'UDP socket')} of perhaps short-lived clients came besides.`
  return `${counted(looks, 'look')} in ${seconds(lastedMs)}, ${counted(changes, 'change')}.${short}`
}

/** `1 second`, `0.5 seconds`. */
export function seconds(ms: number): string {
  const number = Number((ms / 1000).toPrecision(ms < 10_000 ? 2 : 4))
  return `${number} second${number === 1 ? '' : 's'}`
}
