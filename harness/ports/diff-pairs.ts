/** Finds which service of one look is which of another, among those of one number and protocol. */

import type { OpenUnit } from '../domain/ports-change.ts'
import { isProgramKnown, sharesProgram } from './diff-owner.ts'

export type Pairs = { pairs: (readonly [OpenUnit, OpenUnit])[]; before: OpenUnit[]; after: OpenUnit[] }

/** More comparisons than these take too long: of so many services of one number only those that are the same are paired. */
const MOST_COMPARED = 250_000

/** `before` and `after` of the answer: those without a counterpart. The likest are paired first. */
export function pairUnits(before: readonly OpenUnit[], after: readonly OpenUnit[], alike: boolean): Pairs {
  const left = { before: new Set(before), after: new Set(after) }
  const pairs: Pairs['pairs'] = []
  const pair = (one: OpenUnit, other: OpenUnit) => {
    left.before.delete(one)
    left.after.delete(other)
    pairs.push([one, other])
  }
  const known = new Map(before.map((one) => [signatureOf(one), one]))
  for (const other of after) {
    const one = known.get(signatureOf(other))
    if (one !== undefined && left.before.has(one)) pair(one, other)
  }
  if (left.before.size * left.after.size <= MOST_COMPARED) {
    const candidates = [...left.before].flatMap((one) =>
      [...left.after].map((other) => ({ one, other, likely: likeness(one, other, alike) })),
    )
    candidates.sort((a, b) => b.likely - a.likely)
    for (const { one, other, likely } of candidates) {
      if (likely > 0 && left.before.has(one) && left.after.has(other)) pair(one, other)
    }
  }
  return { pairs, before: [...left.before], after: [...left.after] }
}

/** The same processes at the same addresses: there is no likelier counterpart. */
function signatureOf({ processes, sockets }: OpenUnit): string {
  const held = processes.map(({ pid, command }) => `${pid}/${command}`)
  return [...held, ...sockets.map(({ address, uid }) => `${address}/${uid}`)].join(' ')
}

/** The program says most. Two programs at one address are one port that has changed hands. */
function likeness(one: OpenUnit, other: OpenUnit, alike: boolean): number {
  const pids = new Set(one.processes.map(({ pid }) => pid))
  const isSameProcess = other.processes.some(({ pid }) => pids.has(pid))
  const isUnknown = !isProgramKnown(one) || !isProgramKnown(other)
  const hasUid = one.sockets.some(({ uid }) => uid !== null && other.sockets.some((socket) => socket.uid === uid))
  return (
    (isSameProcess ? 8 : 0) +
    (sharesProgram(one, other, alike) ? 4 : 0) +
    (hasCommonAddress(one, other) ? 2 : 0) +
    (isUnknown && (hasUid || hasNoUid(one) || hasNoUid(other)) ? 1 : 0)
  )
}

const hasNoUid = ({ sockets }: OpenUnit) => sockets.every(({ uid }) => uid === null)

function hasCommonAddress(one: OpenUnit, other: OpenUnit): boolean {
  const addresses = new Set(one.sockets.map(({ address }) => address))
  return other.sockets.some(({ address }) => addresses.has(address))
}
