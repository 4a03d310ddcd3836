/** Written evidence for unit tests: observations as the stage would have made them, without a socket. */

import type { Endpoint } from '../../harness/domain/endpoint.ts'
import { addressFamily, formatEndpoint } from '../../harness/domain/endpoint.ts'
import type { ActEvidence, StepKind } from '../../harness/domain/evidence.ts'
import type { Json } from '../../harness/domain/json.ts'
import type { Connected, Ended, Listed, Sent, Started, Tally } from '../../harness/domain/observation.ts'
import type { SocketRow } from '../../harness/domain/socket-row.ts'
import { Recorder } from '../../harness/run/recorder.ts'

const PORT = 8080
const CLIENT_PORT = 50_123

let lastPid = 4000
/** Every program gets a process id of its own. */
const nextPid = () => (lastPid += 1)

/** One row of a listing; a listener on 0.0.0.0 unless said otherwise. */
export function row(over: Partial<SocketRow> = {}): SocketRow {
  const local = over.local ?? { address: '0.0.0.0', port: PORT }
  const state = over.state === undefined ? (over.protocol === 'udp' ? null : 'LISTEN') : over.state
  return {
    protocol: 'tcp',
    family: addressFamily(local.address),
    local,
    peer: null,
    state,
    stateAsPrinted: state ?? '',
    holders: [],
    takesIPv4: null,
    uid: null,
    inode: null,
    receiveQueue: null,
    sendQueue: null,
    retransmits: null,
    device: null,
    ...over,
  }
}

/** A listing with these rows, all of them shown by one tool. */
export function listed(rows: SocketRow[], over: Partial<Listed> = {}): Listed {
  const printed = rows.map(({ local, stateAsPrinted }) => `${formatEndpoint(local)} ${stateAsPrinted}`)
  return {
    source: 'proc',
    command: 'cat /proc/net/tcp',
    printed,
    rows,
    others: [],
    absent: [],
    disagreements: [],
    ...over,
  }
}

/** A program that listens. */
export function started(program: string, address: string, over: Partial<Started> = {}): Started {
  const pid = nextPid()
  const local: Endpoint = { address, port: PORT }
  const rows = [row({ local, holders: [{ pid, command: program, fd: 20 }] })]
  return { program, pid, outcome: 'listening', protocol: 'tcp', local, rows, error: null, ...over }
}

/** A client of `address` that `by` served. */
export function connected(address: string, by: string, over: Partial<Connected> = {}): Connected {
  const own = addressFamily(address) === 'IPv6' ? '::1' : '127.0.0.1'
  const local = { address: own, port: CLIENT_PORT }
  const to = { address, port: PORT }
  const pid = nextPid()
  return {
    outcome: 'connected',
    to,
    local,
    heard: `${by}, process ${pid}\n`,
    confirmedBy: 'byte',
    servedBy: { program: by, pid },
    seenByServer: { local: to, peer: local },
    ...over,
  }
}

/** A client that was refused, or whose connect came to something else than a connection. */
export function refused(address: string, outcome: Connected['outcome'] = 'ECONNREFUSED'): Connected {
  const nobody = { local: null, heard: '', confirmedBy: null, servedBy: null, seenByServer: null }
  return connected(address, 'nobody', { outcome, ...nobody })
}

/** The end of a program. */
export function ended({ program, pid }: Started, over: Partial<Ended> = {}): Ended {
  return { program, pid, exitCode: 0, signal: null, ...over }
}

/** Which programs served how many of the connections. */
export function tally(connections: Record<string, number>): Tally {
  const servedBy = Object.entries(connections).map(([program, count]) => ({
    program,
    pid: nextPid(),
    connections: count,
  }))
  return { connections: servedBy.reduce((sum, { connections: count }) => sum + count, 0), servedBy }
}

/** What an act would leave that returned `evidence`: each observation in it is one step. */
export function actEvidence(act: string, evidence: Json, over: Partial<ActEvidence> = {}): ActEvidence {
  const recorder = new Recorder(() => {})
  record(recorder, evidence)
  return {
    act,
    port: PORT,
    notes: [],
    steps: recorder.steps,
    evidence,
    sources: recorder.sourcesOf(evidence),
    skipped: null,
    problem: null,
    durationMs: 100,
    ...over,
  }
}

function record(recorder: Recorder, value: unknown): void {
  if (typeof value !== 'object' || value === null) return
  const step = stepFor(value)
  if (step) recorder.begin()(step)
  else for (const inner of Object.values(value)) record(recorder, inner)
}

/** Observations are told apart by a field that only one kind has. */
function stepFor(value: object): StepKind | null {
  if ('confirmedBy' in value) return { kind: 'connect', address: '', port: PORT, saw: value as Connected }
  if ('receivedBy' in value) return { kind: 'send', address: '', port: PORT, text: '', saw: value as Sent }
  if ('disagreements' in value) return { kind: 'list', port: PORT, saw: value as Listed }
  if ('connections' in value) return { kind: 'connect-many', address: '', port: PORT, count: 1, saw: value as Tally }
  if ('exitCode' in value) return { kind: 'ended', program: '', pid: 0, saw: value as Ended }
  if ('rows' in value) return { kind: 'start', program: '', args: [], asAnotherUser: false, saw: value as Started }
  return null
}
