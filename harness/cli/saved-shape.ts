/** The shape of a saved run. A file that somebody changed is refused by the name of the first part that is wrong. */

import { SAVED_FORMAT, SAVED_VERSION } from '../domain/evidence.ts'
import { FILTER_DEEDS, FILTER_HOOKS, FILTER_SUBJECTS } from '../domain/machine.ts'
import { VERDICTS } from '../domain/verdict.ts'
import { step } from './saved-step-shape.ts'
import type { Schemas } from './shape.ts'
import {
  anything,
  described,
  flag,
  listOf,
  mapOf,
  maybe,
  named,
  number,
  numberOr,
  oneOf,
  orNull,
  record,
  text,
} from './shape.ts'

const act = named(
  'act',
  record({
    act: text,
    port: orNull(number),
    notes: listOf(text),
    steps: listOf(step),
    evidence: anything,
    sources: mapOf(listOf(number)),
    skipped: orNull(text),
    problem: orNull(text),
    durationMs: number,
    lacking: maybe(mapOf(text)),
    network: maybe(oneOf(['own'])),
    ends: maybe(listOf(record({ pid: number, atMs: number }))),
  }),
)

const host = record({
  os: text,
  kernel: text,
  architecture: text,
  node: text,
  nodeOrigin: oneOf(['bundled', 'system']),
  libuv: text,
  ephemeralRange: orNull(listOf(number)),
  superuser: orNull(flag),
})

const trial = named('trial', record({ works: flag, how: text }))
const limit = numberOr('unlimited')

const filter = record({
  why: orNull(text),
  chains: listOf(
    record({
      hook: orNull(oneOf(FILTER_HOOKS)),
      policy: oneOf(['accept', 'drop']),
      shownBy: text,
      rules: listOf(
        record({
          text,
          wants: listOf(record({ of: oneOf(FILTER_SUBJECTS), values: listOf(text), isNot: flag })),
          does: oneOf(FILTER_DEEDS),
          chain: orNull(number),
        }),
      ),
    }),
  ),
})

const machine = named(
  'machine',
  record({
    system: record({
      os: text,
      kernel: text,
      architecture: text,
      distribution: orNull(text),
      surroundings: listOf(text),
    }),
    runtime: record({
      node: text,
      nodeOrigin: oneOf(['bundled', 'system']),
      libuv: text,
      interposed: listOf(record({ name: text, value: text })),
    }),
    loopback: listOf(record({ name: text, isUp: flag, addresses: listOf(text) })),
    filter: maybe(filter),
    protocols: record({ ipv4: trial, ipv6: trial, 'dual-stack': trial, '127.0.0.2': trial }),
    settings: listOf(record({ name: text, value: orNull(text), usual: orNull(text) })),
    openFiles: orNull(record({ soft: limit, hard: limit })),
    cores: number,
    tools: listOf(record({ name: text, version: orNull(text), why: orNull(text) })),
    rights: record({
      'privileged-ports': trial,
      'user-namespaces': trial,
      'packet-filter': trial,
      'another-user': trial,
    }),
    capabilities: mapOf(orNull(text)),
    ownNetwork: maybe(mapOf(orNull(text))),
  }),
)

const answer = named(
  'answer',
  record({
    lab: text,
    act: text,
    check: text,
    round: number,
    question: text,
    verdict: oneOf(VERDICTS),
    observed: orNull(text),
    seen: text,
    expected: orNull(record({ outcomes: listOf(text), source: text })),
  }),
)

const lab = record({ lab: text, round: number, acts: listOf(act), durationMs: number })

const run = record({
  startedAt: described('When the run began, in UTC.', text),
  durationMs: described('How long it took.', number),
  host: described('The facts about the machine on which answers depend.', host),
  machine: described('The machine in full; null in evidence without answers.', orNull(machine)),
  labs: described('What was done and seen: one for each lab and round, in their order.', listOf(lab)),
  answers: described('What each check came to: one for each check and round.', listOf(answer)),
})

/** A sentence without its full stop, such as `labs[0].acts[1].steps is no list`; null where all is as it should be. */
export function whatIsWrong(saved: unknown): string | null {
  return run.wrong(saved, '')
}

/** The same as a JSON Schema: docs/saved-run.schema.json. */
export function savedRunSchema(): string {
  const $defs: Schemas = {}
  const { required, properties } = run.schema($defs) as { required: string[]; properties: object }
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'A saved run of socket labs',
    description: 'Written by --save. Fields that stand here for no part are new ones, to be passed over.',
    type: 'object',
    required: ['format', 'version', ...required],
    properties: { format: { const: SAVED_FORMAT }, version: { const: SAVED_VERSION }, ...properties },
    $defs,
  }
  return `${JSON.stringify(schema, null, 2)}\n`
}
