/**
 * Holds what is open against what should be. Exit codes: 0 where it matches, 1 where it differs, 3 where the listing does
 * not tell enough (`EXIT_INCONCLUSIVE`). A file that is no list and no snapshot throws Unfit: exit code 2.
 */

import { NOTHING_KNOWN } from '../domain/about.ts'
import { isPerhapsClient } from '../domain/clients.ts'
import { unmapped } from '../domain/endpoint.ts'
import type { PortsDiff } from '../domain/ports-change.ts'
import type { Expected, ExpectOutcome, ExpectResult, ExpectVerdict } from '../domain/ports-expected.ts'
import type { Taken } from '../domain/ports-taken.ts'
import { COVERS } from '../domain/ports-taken.ts'
import { reachesOf, widestOf } from '../domain/reach.ts'
import type { SocketRow } from '../domain/socket-row.ts'
import { diffPorts } from './diff.ts'
import { readExpectList } from './expect-list.ts'
import { looksLikeSnapshot, readTaken } from './snapshot.ts'
import { coverOf } from './units.ts'

export type Expectation = { kind: 'list'; lines: Expected[] } | { kind: 'snapshot'; taken: Taken }

/** @throws Unfit where the file is neither. `name` is what messages call it. */
export function readExpectation(text: string, name: string): Expectation {
  if (!looksLikeSnapshot(text)) return { kind: 'list', lines: readExpectList(text, name) }
  return { kind: 'snapshot', taken: readTaken(text, name, '') }
}

export function expectPorts(expectation: Expectation, taken: Taken): ExpectOutcome {
  if (expectation.kind === 'snapshot') {
    const diff = diffPorts(expectation.taken, taken)
    return { kind: 'snapshot', verdict: verdictOfDiff(diff), diff }
  }
  const result = holdAgainst(expectation.lines, taken)
  return { kind: 'list', verdict: verdictOf(result), result }
}

export function verdictOf({ missing, tooMuch, unclear, notAsked, onlyUser }: ExpectResult): ExpectVerdict {
  if (missing.length + tooMuch.length > 0) return 'differs'
  return unclear.length + notAsked.length > 0 || onlyUser !== null ? 'cannot-tell' : 'matches'
}

/** A restart and another backlog are not what a list of open ports is about. */
export function verdictOfDiff({
  opened,
  closed,
  changed,
  unclear,
  notCompared,
  programsUnknown,
}: PortsDiff): ExpectVerdict {
  const isOther = changed.some(({ changes }) => changes.some((one) => one !== 'restarted' && one !== 'backlog'))
  if (opened.length + closed.length > 0 || isOther) return 'differs'
  // What the snapshot itself does not know it does not ask for.
  const isUntold = notCompared.some(({ lacking }) => lacking === 'after')
  return unclear.length > 0 || isUntold || programsUnknown.after > 0 ? 'cannot-tell' : 'matches'
}

type Fit = 'yes' | 'perhaps' | 'no'

export function holdAgainst(lines: readonly Expected[], taken: Taken): ExpectResult {
  const { covers, onlyUser } = taken
  const rows = taken.rows.filter(({ local }) => local.port > 0).sort(byPort)
  const named = Map.groupBy(lines, keyOf)
  const result: ExpectResult = {
    met: 0,
    missing: [],
    tooMuch: [],
    unclear: [],
    notAsked: COVERS.filter((cover) => !covers.includes(cover)),
    onlyUser,
    clients: [],
  }
  const perhaps = new Set<Expected>()
  const held = new Map([...Map.groupBy(rows, ({ local }) => local.port)].map(([port, some]) => [port, heldOver(some)]))
  for (const socket of rows) {
    const same = named.get(keyOf({ protocol: socket.protocol, port: socket.local.port })) ?? []
    const fits = same.map((line) => (allows(line, socket) ? programFits(line, socket) : 'no'))
    if (fits.includes('yes')) continue
    const untold = same[fits.indexOf('perhaps')]
    if (untold !== undefined) perhaps.add(untold)
    else if (isClient(socket, held.get(socket.local.port) ?? 0, taken)) result.clients.push(socket)
    else result.tooMuch.push({ socket, line: same[0] ?? null })
  }
  const sockets = Map.groupBy(rows, ({ protocol, local }) => keyOf({ protocol, port: local.port }))
  for (const expected of lines) {
    const fit = meets(expected, sockets.get(keyOf(expected)) ?? [])
    if (perhaps.has(expected) || fit === 'perhaps') result.unclear.push({ expected, why: 'program-hidden' })
    else if (fit === 'yes') result.met += 1
    else if (expected.isOptional) continue
    else if (result.notAsked.some((cover) => cover.startsWith(expected.protocol))) {
      result.unclear.push({ expected, why: 'not-asked-for' })
    } else if (onlyUser !== null) result.unclear.push({ expected, why: 'other-users' })
    else result.missing.push(expected)
  }
  return result
}

const byPort = (a: SocketRow, b: SocketRow) =>
  a.protocol === b.protocol ? a.local.port - b.local.port : a.protocol < b.protocol ? -1 : 1

const keyOf = ({ protocol, port }: Pick<Expected, 'protocol' | 'port'>) => `${protocol} ${port}`

const heldOver = (rows: readonly SocketRow[]) => new Set(rows.map(coverOf)).size

/** `held`: over how many protocols and versions of IP its number is held. */
function isClient(socket: SocketRow, held: number, { ephemeralRange }: Taken): boolean {
  return isPerhapsClient(socket, held, { ...NOTHING_KNOWN, ephemeralRange })
}

/** What the line allows to other machines it allows to this one as well. */
function allows({ where }: Expected, socket: SocketRow): boolean {
  if (typeof where !== 'string') return unmapped(socket.local.address) === where.address
  const kind = kindOf(socket)
  if (where === 'loopback') return kind === 'this-machine'
  return where !== 'one-interface' || kind === 'one-interface' || kind === 'this-machine'
}

/** Whether what the line asks for is there. */
function meets(expected: Expected, sockets: readonly SocketRow[]): Fit {
  const { where } = expected
  const isThere = (socket: SocketRow) =>
    allows(expected, socket) && ((where !== 'every-address' && where !== 'one-interface') || kindOf(socket) === where)
  const fits = sockets.filter(isThere).map((socket) => programFits(expected, socket))
  return fits.includes('yes') ? 'yes' : fits.includes('perhaps') ? 'perhaps' : 'no'
}

/** Any of the processes: others may have got the socket from it. Listings cut long names, lsof after nine characters. */
function programFits({ program }: Expected, { holders }: SocketRow): Fit {
  if (program === null) return 'yes'
  const names = holders.flatMap(({ command }) => command ?? [])
  if (names.length === 0) return 'perhaps'
  const isSame = (name: string) => name === program || (name.length >= LEAST_CUT && program.startsWith(name))
  return names.some(isSame) ? 'yes' : 'no'
}

const LEAST_CUT = 8

function kindOf({ family, local, device, takesIPv4 }: SocketRow) {
  return widestOf(reachesOf(local.port, [{ family, address: local.address, device, takesIPv4 }])).kind
}
