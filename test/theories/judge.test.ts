/** What of an act's steps is judged, and what is left alone because it is not certain. */

import { describe, expect, test } from 'vitest'

import type { ActEvidence, Step, StepKind } from '../../harness/domain/evidence.ts'
import { unseenAct } from '../../harness/domain/evidence.ts'
import type { Started } from '../../harness/domain/observation.ts'
import type { Asked } from '../../harness/domain/program-event.ts'
import type { SocketRow } from '../../harness/domain/socket-row.ts'
import type { TheoryName } from '../../harness/domain/theory.ts'
import { theoryTable, theoryText } from '../../harness/report/theory-text.ts'
import { judgeActs } from '../../harness/theories/judge.ts'
import { tabulate } from '../../harness/theories/tabulate.ts'
import { plainLayout } from '../report/stream.ts'

const PORT = 8080
const NO_OPTIONS = { port: PORT, ipv6Only: false, reusePort: false, reuseAddr: false, listens: true }

function start(pid: number, address: string, outcome: Started['outcome'], over: Partial<Started> = {}): StepKind {
  const asked: Asked = { protocol: 'tcp', address, ...NO_OPTIONS }
  const isThere = outcome === 'listening'
  const local = isThere ? { address, port: PORT } : null
  const saw: Started = {
    program: 'listener',
    pid,
    outcome,
    protocol: isThere ? 'tcp' : null,
    local,
    rows: [],
    error: null,
    asked,
    ...over,
  }
  return { kind: 'start', program: saw.program, args: [], asAnotherUser: false, saw }
}

function dial(address: string, pid: number | null, program = 'listener'): StepKind {
  const servedBy = pid === null ? null : { program, pid }
  const saw = {
    outcome: pid === null ? ('ECONNREFUSED' as const) : ('connected' as const),
    to: { address, port: PORT },
    local: null,
    heard: pid === null ? '' : 'hello',
    confirmedBy: null,
    servedBy,
    seenByServer: null,
  }
  return { kind: 'connect', address, port: PORT, saw }
}

/** A UDP socket, which shares its port; with a peer it is connected. */
function receiver(pid: number, peer: SocketRow['peer'] = null): StepKind {
  const [address, program] = ['127.0.0.1', 'receiver']
  const asked: Asked = { protocol: 'udp', address, ...NO_OPTIONS, listens: false, reuseAddr: true }
  const rows = [{ ...listener(pid, address), protocol: 'udp' as const, state: null, peer }]
  return start(pid, address, 'bound', { program, protocol: 'udp', local: { address, port: PORT }, asked, rows })
}

function send(from: number, pid: number | null): StepKind {
  const [address, text] = ['127.0.0.1', 'hello']
  const saw = {
    outcome: pid === null ? ('ECONNREFUSED' as const) : ('received' as const),
    to: { address, port: PORT },
    local: { address, port: from },
    text,
    heard: '',
    receivedBy: pid === null ? null : { program: 'receiver', pid },
    seenByServer: null,
  }
  return { kind: 'send', address, port: PORT, text, saw }
}

const ran = (command: string): StepKind => ({
  kind: 'run',
  onNeighbour: false,
  saw: { command, exitCode: 0, printed: [], timedOut: false },
})

function listener(pid: number, address: string): SocketRow {
  const unknown = { takesIPv4: null, uid: null, inode: null, receiveQueue: null, sendQueue: null }
  return {
    protocol: 'tcp',
    family: 'IPv4',
    local: { address, port: PORT },
    peer: null,
    state: 'LISTEN',
    stateAsPrinted: 'LISTEN',
    holders: [{ pid, command: null, fd: null }],
    ...unknown,
    retransmits: null,
    device: null,
  }
}

function actOf(kinds: StepKind[], over: Partial<ActEvidence> = {}): ActEvidence {
  const steps = kinds.map((kind, index): Step => ({ number: index + 1, atMs: index * 100, tookMs: 50, ...kind }))
  return { ...unseenAct('first', ''), port: PORT, problem: null, steps, ...over }
}

const judged = (act: ActEvidence) => judgeActs([act], { os: 'linux' })
const refuted = (act: ActEvidence): TheoryName[] =>
  judged(act).flatMap(({ theory, refutedBy }) => (refutedBy.length > 0 ? [theory] : []))
const ofM8 = (act: ActEvidence) => judged(act).find(({ theory }) => theory === 'M8')?.judged

describe('an act refutes', () => {
  test('the theories that forbid what was let in', () => {
    const act = actOf([start(1, '127.0.0.2', 'listening'), start(2, '127.0.0.3', 'listening')])
    expect(refuted(act)).toEqual(['M1', 'M2', 'M3'])
  })

  test('the theories that allow what was refused', () => {
    const act = actOf([start(1, '0.0.0.0', 'listening'), start(2, '127.0.0.2', 'EADDRINUSE')])
    expect(refuted(act)).toEqual(['M4'])
  })

  test('nothing by steps side by side, of which the one that began first was refused', () => {
    const act = actOf([start(1, '127.0.0.1', 'EADDRINUSE'), start(2, '127.0.0.1', 'listening')])
    const [first, second] = act.steps
    if (first && second) Object.assign(first, { tookMs: second.atMs + second.tookMs + 1 })
    expect(refuted(act)).toEqual([])
  })

  test('the theories that have another one get a packet, or nobody', () => {
    const act = actOf([start(1, '0.0.0.0', 'listening'), dial('127.0.0.1', 1), dial('::1', null)])
    expect(refuted(act)).toEqual(['M1', 'M2', 'M3', 'M4', 'M5'])
  })

  test('M6 and not M7, where a connected UDP socket is for its peer alone and bars nobody', () => {
    const connected = receiver(1, { address: '127.0.0.1', port: 8081 })
    const fallen = ['M1', 'M2', 'M3', 'M4', 'M5', 'M6']
    expect(refuted(actOf([connected, send(8081, 1)]))).toEqual([])
    expect(refuted(actOf([connected, send(50_000, null)]))).toEqual(fallen)
    expect(refuted(actOf([connected, receiver(2)]))).toEqual(fallen)
    expect(refuted(actOf([connected, receiver(2), send(8081, 1), send(50_000, 2)]))).toEqual(fallen)
    expect(refuted(actOf([connected, receiver(2), send(8081, 2)]))).toEqual([...fallen, 'M7', 'M8'])
  })

  test('M8 too, where the system is not as it says', () => {
    const act = actOf([start(1, '127.0.0.1', 'listening'), start(2, '127.0.0.1', 'listening')])
    expect(refuted(act)).toContain('M8')
  })
})

describe('nothing is judged', () => {
  test('of a server that ended while a step was going on', () => {
    const steps = [start(1, '127.0.0.1', 'listening'), dial('127.0.0.1', null)]
    expect(ofM8(actOf(steps, { ends: [{ pid: 1, atMs: 120 }] }))).toBe(1)
    expect(ofM8(actOf(steps, { ends: [{ pid: 1, atMs: 90 }] }))).toBe(2)
    expect(refuted(actOf(steps, { ends: [{ pid: 1, atMs: 90 }] }))).toEqual([])
  })

  test('of a packet to a socket that nobody told of', () => {
    expect(ofM8(actOf([start(1, '127.0.0.1', 'listening'), dial('127.0.0.1', 7)]))).toBe(1)
  })

  test('on a port on which somebody holds more than was said', () => {
    const rows = [listener(1, '127.0.0.1'), listener(1, '127.0.0.2')]
    const act = actOf([start(1, '127.0.0.1', 'listening', { rows }), start(2, '127.0.0.2', 'EADDRINUSE')])
    expect(ofM8(act)).toBe(0)
  })

  test('on a port that a program took which does not say what it asked for, or asked for another one', () => {
    const silent = actOf([start(1, '127.0.0.1', 'listening', { asked: null }), start(2, '127.0.0.1', 'listening')])
    expect(ofM8(silent)).toBe(0)
    const asked: Asked = { protocol: 'tcp', address: '127.0.0.1', ...NO_OPTIONS, port: 9 }
    expect(ofM8(actOf([start(1, '127.0.0.1', 'listening', { asked })]))).toBe(0)
  })

  test('of a refusal once a filter is there, nor of anything once a setting was changed', () => {
    const filtered = actOf([start(1, '127.0.0.1', 'listening'), ran('nft add rule inet t i drop'), dial('::1', null)])
    expect(ofM8(filtered)).toBe(1)
    const set = actOf([ran('sysctl -w net.ipv6.bindv6only=1'), start(1, '127.0.0.1', 'listening')])
    expect(ofM8(set)).toBe(0)
  })

  test('of errors of which theories do not speak', () => {
    expect(ofM8(actOf([start(1, '127.0.0.1', 'EACCES')]))).toBe(0)
  })

  test('of evidence that cannot be read', () => {
    expect(ofM8(actOf([{ kind: 'start' } as StepKind]))).toBe(0)
  })
})

test('one of the documents\u2019 servers is gone once it has served', () => {
  const server = start(1, '127.0.0.1', 'listening', { program: 'server1' })
  const act = actOf([server, dial('127.0.0.1', 1, 'server1'), dial('127.0.0.1', null)])
  expect(refuted(act)).toEqual([])
  expect(ofM8(act)).toBe(3)
})

describe('a reader is told', () => {
  const results = judged(actOf([start(1, '127.0.0.2', 'listening'), start(2, '127.0.0.3', 'listening')]))

  test('one observation once, with the theories that fell by it and what they say', () => {
    const text = theoryText(plainLayout(), results, () => 1)
    expect(text).toContain('M1, M2 and M3 are refuted: they said that a socket may not listen on')
    expect(text).toContain('(act 1, step 2)')
    expect(text).toContain('M2, a table per protocol: TCP and UDP have a table each')
    expect(text).toContain('Not refuted here: M4, M5, M6, M7, M8.')
    expect(text).not.toContain('surprise')
  })

  test('plainly, where M8 is refuted', () => {
    const act = actOf([start(1, '127.0.0.1', 'listening'), start(2, '127.0.0.1', 'listening')])
    expect(theoryText(plainLayout(), judged(act), () => 1)).toContain('this system is a surprise')
  })

  test('in a table of all labs, and in lines where the screen is too narrow for columns', () => {
    const unasked = judgeActs([], { os: 'linux' })
    const rows = tabulate([
      { lab: '01-one', results },
      { lab: '02-two', results: unasked },
      { lab: '01-one', results },
    ])
    const table = theoryTable(plainLayout(), rows)
    expect(table).toContain('01-one  x   x   x   o   o   o   o   o\n02-two  -   -   -   -   -   -   -   -\n')
    expect(theoryTable(plainLayout(30), rows)).toContain('01-one: M1, M2, M3\n02-two: -\n')
  })
})
