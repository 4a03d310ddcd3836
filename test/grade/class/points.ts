/** What a submission of the class has to get: each item's verdict and points, by what it is made of and nothing else. */

import type { GradedVerdict } from '../../../harness/domain/graded.ts'
import type { Kind } from './generate.ts'
import type { Item } from './rubric.ts'
import { ITEMS, PARTS, RUBRIC } from './rubric.ts'

export type Came = Record<string, { verdict: GradedVerdict; points: number }>

type Question = { lab: string; check: string; right: string; others: readonly string[] }

/** The questions of which the rubric asks a prediction, with what Linux answers and what else one may name. */
const QUESTIONS: readonly Question[] = [
  {
    lab: '01-tcp-udp-same-port',
    check: 'tcp-client-is-connected-where-only-a-udp-socket-is-left',
    right: 'ECONNREFUSED',
    others: ['connected', 'timed-out'],
  },
  {
    lab: '01-tcp-udp-same-port',
    check: 'datagram-reaches-udp-server-that-never-listens',
    right: 'unchanged',
    others: ['changed', 'silent'],
  },
  {
    lab: '02-reuse-port',
    check: 'second-client-ends-the-other-server',
    right: 'the-other',
    others: ['the-same', 'ECONNREFUSED'],
  },
  {
    lab: '03-loopback-addresses',
    check: 'second-listener-starts-on-the-same-loopback-address',
    right: 'EADDRINUSE',
    others: ['listening'],
  },
  {
    lab: '04-dual-stack',
    check: 'ipv4-client-reaches-dual-stack-listener',
    right: 'connected',
    others: ['ECONNREFUSED', 'timed-out'],
  },
]

/** By check: an outcome, or none. */
export type Predicted = Readonly<Record<string, string | null>>

/** Half of them right. */
export function drawPredictions(lot: (question: string) => number): Predicted {
  return Object.fromEntries(
    QUESTIONS.map(({ check, right, others }) => {
      const drawn = lot(check)
      return [check, ([right, right, right, null, ...others] as const)[drawn % (4 + others.length)] ?? null]
    }),
  )
}

/** `submission.json`, in one line. */
export function sheetOf({ name, programs }: Kind, predicted: Predicted, author: string): string {
  const byLab = Map.groupBy(QUESTIONS, ({ lab }) => lab)
  const predictions = Object.fromEntries(
    [...byLab].map(([lab, same]) => [
      lab,
      Object.fromEntries(same.flatMap(({ check }) => (predicted[check] == null ? [] : [[check, predicted[check]]]))),
    ]),
  )
  const handed = Object.fromEntries(
    Object.entries(programs).map(([role, { run, build }]) => [role, { run, ...(build && { build }) }]),
  )
  const strange = name === 'prototype-in-json' ? ',"__proto__":{"author":"x"},"constructor":{"prototype":{}}' : ''
  return `{"author":"${author}","predictions":${JSON.stringify(predictions)},"programs":${JSON.stringify(handed)}${strange}}`
}

type Worth = { program?: number; prediction?: number | { points: number; partial: Record<string, number> } }

function worthOf(lab: string, check: string): Worth {
  return (RUBRIC.checks as Record<string, Record<string, Worth>>)[lab]?.[check] ?? {}
}

export function whole(kind: Kind, predicted: Predicted): { points: number; items: Came } {
  const items: Came = {}
  for (const [id, came] of [...predictions(predicted), ...programs(kind)]) {
    items[id] = kind.is === 'unreadable' ? { verdict: 'fail', points: 0 } : came
  }
  // The rubric lets one check rest on another, in both parts.
  for (const part of ['prediction', 'program']) {
    const id = (check: string) => `01-tcp-udp-same-port/${check}/${part}`
    const first = items[id('tcp-client-is-connected-where-only-a-udp-socket-is-left')]
    const isLost = first?.verdict === 'fail' || first?.verdict === 'skip'
    if (isLost && kind.is !== 'unreadable') {
      items[id('datagram-reaches-udp-server-that-never-listens')] = { verdict: 'skip', points: 0 }
    }
  }
  return { points: Object.values(items).reduce((sum, { points }) => sum + points, 0), items }
}

function predictions(predicted: Predicted): [string, Came[string]][] {
  return QUESTIONS.map(({ lab, check, right }) => {
    const worth = worthOf(lab, check).prediction ?? 0
    const { points, partial }: Exclude<typeof worth, number> =
      typeof worth === 'number' ? { points: worth, partial: {} } : worth
    const named = predicted[check] ?? ''
    const some = partial[named] ?? 0
    const verdict: GradedVerdict = named === right ? 'pass' : some > 0 ? 'partial' : 'fail'
    return [`${lab}/${check}/prediction`, { verdict, points: named === right ? points : some }]
  })
}

function programs(kind: Kind): [string, Came[string]][] {
  return Object.entries(ITEMS).map(([item, id]) => {
    const [lab = '', check = ''] = id.split('/')
    const verdict = verdictOf(item as Item, kind)
    return [id, { verdict, points: verdict === 'pass' ? (worthOf(lab, check).program ?? 0) : 0 }]
  })
}

function verdictOf(item: Item, { parts, lost, programs: handed, is }: Kind): GradedVerdict {
  const isRole = Object.values(PARTS).some(({ roles }) => (roles as readonly string[]).includes(item))
  const isHandedIn = isRole
    ? handed[item] !== undefined
    : parts.some((part) => (PARTS[part].items as readonly Item[]).includes(item))
  if (!isHandedIn || is !== undefined) return 'fail'
  return lost[item] ?? 'pass'
}
