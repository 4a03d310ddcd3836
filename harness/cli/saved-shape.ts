/** The shape of a saved run. A file that somebody changed is refused by the name of the first part that is wrong. */

type Shape = (value: unknown, at: string) => string | null

const is =
  (type: string, called: string): Shape =>
  (value, at) =>
    typeof value === type ? null : `${at} is ${called}`
const text = is('string', 'no text')
const number = is('number', 'no number')
const flag = is('boolean', 'neither true nor false')
const numberOrAll: Shape = (value, at) => (value === 'all' ? null : number(value, at))
const anything: Shape = () => null

const orNull =
  (shape: Shape): Shape =>
  (value, at) =>
    value === null ? null : shape(value, at)

const listOf =
  (shape: Shape): Shape =>
  (value, at) => {
    if (!Array.isArray(value)) return `${at} is no list`
    return value.reduce<string | null>((wrong, one, index) => wrong ?? shape(one, `${at}[${index}]`), null)
  }

const record =
  (parts: Record<string, Shape>): Shape =>
  (value, at) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return `${at} is no object`
    for (const [key, shape] of Object.entries(parts)) {
      const wrong = shape((value as Record<string, unknown>)[key], at === '' ? key : `${at}.${key}`)
      if (wrong !== null) return wrong
    }
    return null
  }

const endpoint = record({ address: text, port: number })
const program = record({ program: text, pid: number })
const row = record({
  protocol: text,
  family: text,
  local: endpoint,
  peer: orNull(endpoint),
  state: orNull(text),
  stateAsPrinted: text,
  holders: listOf(record({ pid: number, command: orNull(text), fd: orNull(number) })),
})
const listing = { source: text, command: text, printed: listOf(text), rows: listOf(row) }
const error = record({ code: text, message: text })
const started = record({
  outcome: text,
  pid: number,
  protocol: orNull(text),
  local: orNull(endpoint),
  rows: listOf(row),
  error: orNull(error),
})
const client = { outcome: text, to: endpoint, local: orNull(endpoint), heard: text }
const paused = { program: text, pid: number, saw: record({ program: text, pid: number, state: orNull(text) }) }
const ended = { program: text, pid: number, saw: record({ exitCode: orNull(number), signal: orNull(text) }) }

/** What each kind of step holds beside its number and its times. */
const STEPS: Record<string, Record<string, Shape>> = {
  start: { program: text, args: listOf(text), asAnotherUser: flag, saw: started },
  proceed: { program: text, pid: number, saw: started },
  connect: {
    address: text,
    port: number,
    saw: record({
      ...client,
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
    saw: record({
      ...client,
      receivedBy: orNull(program),
      seenByServer: orNull(record({ text, peer: endpoint })),
    }),
  },
  list: {
    port: numberOrAll,
    saw: record({
      ...listing,
      others: listOf(record(listing)),
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
    saw: record({ command: text, exitCode: orNull(number), printed: listOf(text), timedOut: flag }),
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

const step: Shape = (value, at) => {
  const { kind } = (value ?? {}) as { kind?: unknown }
  const parts = typeof kind === 'string' ? STEPS[kind] : undefined
  if (!parts) return `${at} is no step that these labs know`
  return record({ number, atMs: number, tookMs: number, ...parts })(value, at)
}

const act = record({
  act: text,
  port: orNull(number),
  notes: listOf(text),
  steps: listOf(step),
  evidence: anything,
  sources: (value, at) =>
    record(Object.fromEntries(Object.keys(value ?? {}).map((key) => [key, listOf(number)])))(value, at),
  skipped: orNull(text),
  problem: orNull(text),
  durationMs: number,
})

const host = record({
  os: text,
  kernel: text,
  architecture: text,
  node: text,
  nodeOrigin: text,
  libuv: text,
  ephemeralRange: orNull(listOf(number)),
  superuser: orNull(flag),
})

const run = record({
  startedAt: text,
  host,
  labs: listOf(record({ lab: text, round: number, acts: listOf(act), durationMs: number })),
})

/** A sentence without its full stop, such as `labs[0].acts[1].steps is no list`; null where all is as it should be. */
export function whatIsWrong(saved: unknown): string | null {
  return run(saved, '')
}
