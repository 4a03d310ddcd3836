/** The shapes of steps in a saved run: what each kind holds beside its number and its times. */

import type { Shape } from './shape.ts'
import { anything, byKind, flag, listOf, maybe, named, number, numberOr, oneOf, orNull, record, text } from './shape.ts'

const endpoint = named('endpoint', record({ address: text, port: number, family: maybe(text) }))
const program = record({ program: text, pid: number, socket: maybe(text) })
/** What a client chose for its own end. */
const from = maybe(record({ address: maybe(text), port: maybe(number) }))
const row = named(
  'row',
  record({
    protocol: text,
    family: text,
    local: endpoint,
    peer: orNull(endpoint),
    state: orNull(text),
    stateAsPrinted: text,
    holders: listOf(record({ pid: number, command: orNull(text), fd: orNull(number), user: maybe(text) })),
    takesIPv4: maybe(orNull(flag)),
    uid: maybe(orNull(number)),
    inode: maybe(orNull(number)),
    receiveQueue: maybe(orNull(number)),
    sendQueue: maybe(orNull(number)),
    retransmits: maybe(orNull(number)),
    device: maybe(orNull(text)),
  }),
)
const listing = { source: text, command: text, printed: listOf(text), rows: listOf(row) }
const error = record({
  code: text,
  message: text,
  // Node has none of these for a number that it refuses itself, and no address for some refusals of the kernel.
  errno: maybe(orNull(number)),
  syscall: maybe(orNull(text)),
  address: maybe(orNull(text)),
  port: maybe(orNull(number)),
})
const asked = record({
  protocol: text,
  address: text,
  port: number,
  listens: flag,
  ipv6Only: flag,
  reusePort: flag,
  reuseAddr: flag,
})
const started = named(
  'started',
  record({
    program: maybe(text),
    outcome: text,
    pid: number,
    protocol: orNull(text),
    local: orNull(endpoint),
    rows: listOf(row),
    error: orNull(error),
    asked: maybe(orNull(asked)),
  }),
)
const client = { outcome: text, to: endpoint, local: orNull(endpoint), heard: text, metItself: maybe(flag) }
const paused = { program: text, pid: number, saw: record({ program: text, pid: number, state: orNull(text) }) }
const ended = {
  program: text,
  pid: number,
  saw: record({ program: maybe(text), pid: maybe(number), exitCode: orNull(number), signal: orNull(text) }),
}

const KINDS: Record<string, Record<string, Shape>> = {
  start: { program: text, args: listOf(text), asAnotherUser: flag, onNeighbour: maybe(flag), saw: started },
  proceed: { program: text, pid: number, line: maybe(text), saw: started },
  connect: {
    address: text,
    port: number,
    from,
    saw: record({
      ...client,
      confirmedBy: maybe(orNull(oneOf(['byte', 'row']))),
      servedBy: orNull(program),
      seenByServer: orNull(record({ local: endpoint, peer: endpoint })),
    }),
  },
  'connect-many': {
    address: text,
    port: number,
    count: number,
    saw: record({ connections: number, servedBy: listOf(record({ program: text, pid: number, connections: number })) }),
  },
  send: {
    address: text,
    port: number,
    text,
    from,
    saw: record({
      ...client,
      text: maybe(text),
      receivedBy: orNull(program),
      seenByServer: orNull(record({ text, peer: endpoint })),
    }),
  },
  list: {
    port: numberOr('all'),
    saw: record({
      ...listing,
      others: listOf(record({ ...listing, unread: maybe(listOf(anything)) })),
      absent: listOf(record({ source: text, reason: text })),
      disagreements: listOf(text),
    }),
  },
  pause: paused,
  resume: paused,
  said: {
    program: text,
    pid: number,
    line: orNull(text),
    saw: record({ program: text, pid: number, what: text, value: anything }),
  },
  run: {
    onNeighbour: flag,
    saw: record({
      command: text,
      exitCode: orNull(number),
      printed: listOf(text),
      timedOut: flag,
      hosts: maybe(anything),
    }),
  },
  read: {
    saw: record({ format: text, file: text, printed: listOf(text), rows: listOf(row), unread: listOf(text) }),
  },
  scan: {
    protocol: text,
    address: text,
    saw: record({
      protocol: text,
      address: text,
      from: number,
      to: number,
      open: listOf(number),
      closed: number,
      silent: listOf(number),
      metItself: listOf(number),
    }),
  },
  ended,
  stop: ended,
  kill: ended,
}

export const step = named('step', byKind('step', KINDS, { number, atMs: number, tookMs: number }))
