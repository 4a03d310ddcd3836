/** One listing with what was made of it: what the topics are chosen from. */

import { isWildcard } from '../domain/endpoint.ts'
import type { ReadListing } from '../domain/look.ts'
import type { ClientRow, Service } from '../domain/service.ts'
import type { SocketRow } from '../domain/socket-row.ts'

export type Facts = { listing: ReadListing; rows: readonly SocketRow[]; services: Service[]; clients: ClientRow[] }

/** What a topic is about, as the listing has it; `null` where it does not occur. */
export type Finder = (facts: Facts) => string[] | null

/** More than these tell nothing new. */
const MOST_EXAMPLES = 3

/** The first few that fit, told in words, each once; `null` where there is none. */
export function examples<T>(all: readonly T[], fits: (one: T) => boolean, told: (one: T) => string): string[] | null {
  const found = new Set<string>()
  for (const one of all) {
    if (!fits(one)) continue
    found.add(told(one))
    if (found.size === MOST_EXAMPLES) break
  }
  return found.size === 0 ? null : [...found]
}

export const isListener = ({ state }: SocketRow) => state === 'LISTEN'
export const isUdpWithoutPeer = ({ protocol, peer }: SocketRow) => protocol === 'udp' && peer === null
export const isSixWildcard = ({ family, local }: SocketRow) => family === 'IPv6' && isWildcard(local.address)
export const hasNobody = ({ holders }: SocketRow) => holders.length === 0

/** `TCP 22`, or `TCP 22 (sshd)` where the program is known. */
export function named({ protocol, local, holders: [first] }: SocketRow): string {
  const program = first?.command ? ` (${first.command})` : ''
  return `${protocol.toUpperCase()} ${local.port}${program}`
}

/** `TCP and UDP 53 (named)`. */
export function serviceNamed({ protocols, port, processes: [first] }: Service): string {
  const program = first?.command ? ` (${first.command})` : ''
  return `${protocols.map((one) => one.toUpperCase()).join(' and ')} ${port}${program}`
}
