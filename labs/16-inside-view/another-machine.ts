/** What the checks read off the listings of another machine, beside the same sockets opened here. */

import { openRows, servicesOf } from '../../harness/lab.ts'
import type { Connected, Listed, Recorded, Service, SocketRow, Started } from '../../harness/lab.ts'
import { isSame, places, rowsBy } from './one-port.ts'

/** Linux lists no socket that has no port yet. */
export const withPort = (rows: readonly SocketRow[]) => rows.filter(({ local }) => local.port > 0)

export function comparedWithHere(fstat: Recorded, netstat: Recorded, listed: Listed) {
  if (fstat.unread.length + netstat.unread.length > 0) return 'other'
  const overIPv4 = fstat.rows.filter(({ family }) => family === 'IPv4')
  if (!isSame(places(overIPv4), places(netstat.rows))) return 'netstat-differs'
  return isSame(places(withPort(fstat.rows)), places(openRows(listed))) ? 'the-same' : 'sockets-differ'
}

/** Services that should not be open to other machines, and are. */
export function alarming(rows: readonly SocketRow[]): Service[] {
  return servicesOf(rows).services.filter(({ concerns }) =>
    concerns.some(({ concern }) => concern !== 'two-programs' && concern !== 'no-port'),
  )
}

export function alarmingHere(fstat: Recorded, listed: Listed) {
  const [told, here] = [fstat, listed].map(({ rows }) => alarming(rows).map(({ port }) => port))
  if (!told?.length || !here) return 'other'
  return isSame(told, here) ? 'all' : here.length > 0 ? 'some' : 'none'
}

/** Whether the web server of the listing is reached over another address than loopback, and its database is not. */
export function reached(web: Connected, database: Connected) {
  if (database.outcome !== 'ECONNREFUSED') return 'other'
  if (web.outcome === 'ECONNREFUSED') return 'loopback-only'
  return web.outcome === 'connected' ? 'every-interface' : 'other'
}

/** Of how many sockets of the listing lsof tells the same here: with process, command and descriptor. */
export function foundByLsof(fstat: Recorded, listed: Listed, { pid, program }: Started) {
  const rows = rowsBy(listed, 'lsof').filter(({ holders }) =>
    holders.some((one) => one.pid === pid && one.command === program && one.fd !== null),
  )
  const here = new Set(places(rows))
  const asked = places(withPort(fstat.rows))
  return { asked: asked.length, found: asked.filter((one) => here.has(one)).length }
}

export function toldByLsof(fstat: Recorded, listed: Listed, program: Started) {
  const { asked, found } = foundByLsof(fstat, listed, program)
  return found === asked ? 'all-of-it' : found > 0 ? 'part-of-it' : 'nothing'
}
