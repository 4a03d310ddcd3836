/** Lab 01 on written evidence: every check passes on what is expected, and every other outcome refutes it. */

import { describe, expect, test } from 'vitest'

import type { Json } from '../../harness/domain/json.ts'
import type { Listed } from '../../harness/domain/observation.ts'
import type { SocketRow } from '../../harness/domain/socket-row.ts'
import {
  answerOf,
  connected,
  expectSentence,
  listed,
  notReceived,
  notStarted,
  PORT,
  readyLab,
  refused,
  row,
  sent,
  started,
  unreached,
} from './evidence.ts'

const lab = await readyLab('01-tcp-udp-same-port')
const left = unreached(lab)

const local = { address: '127.0.0.1', port: PORT }
const heldBy = (...pids: number[]) => pids.map((pid) => ({ pid, command: 'tcp-and-udp', fd: 20 }))
const tcp = row({ local, holders: heldBy(51) })
const udp = row({ protocol: 'udp', local, holders: heldBy(51) })
const inProc = (rows: SocketRow[]) =>
  rows.map((one) => ({ ...one, stateAsPrinted: one.state === 'LISTEN' ? '0A' : '07' }))

/** What the four listings print of the same sockets: lsof nothing for UDP, ss UNCONN, the kernel's tables 07. */
const byAll = (rows: SocketRow[]): Listed => {
  const inSs = rows.map((one) => ({ ...one, stateAsPrinted: one.state ?? 'UNCONN' }))
  const others = [
    { source: 'ss' as const, command: 'ss -tuln', printed: [], rows: inSs },
    { source: 'netstat' as const, command: 'netstat -tuln', printed: [], rows },
    { source: 'proc' as const, command: 'cat /proc/net/udp', printed: [], rows: inProc(rows) },
  ]
  return listed(rows, { source: 'lsof', others })
}

const sameNumber = (over: Record<string, Json> = {}) => ({
  alone: byAll([udp]),
  server1: started('server1', '127.0.0.1'),
  both: byAll([udp, { ...tcp, holders: heldBy(52) }]),
  client: connected('127.0.0.1', 'server1'),
  ...over,
})

const chosenPort = (port: number, ephemeralRange: Json = [32_768, 60_999]) => ({
  client: started('client', '127.0.0.1', { outcome: 'connected', local: { address: '127.0.0.1', port } }),
  ephemeralRange,
})

const onlyUdpIsLeft = (over: Record<string, Json> = {}) => ({
  overTcp: refused('127.0.0.1'),
  overUdp: sent('127.0.0.1', 'timmy\n', 'server2'),
  ...over,
})

const oneProcess = (over: Record<string, Json> = {}) => ({
  listed: byAll([udp, tcp]),
  overTcp: connected('127.0.0.1', 'tcp-and-udp'),
  overUdp: sent('127.0.0.1', 'timmy\n', 'tcp-and-udp'),
  ...over,
})

const rewritten = { local, peer: { address: '127.0.0.1', port: 50_124 } }
const probeBytes = { seenByServer: { text: 'X', peer: { address: '127.0.0.1', port: 50_123 } } }

/** Act, check, the expected outcome with its evidence first, then the evidence that refutes it. */
const CASES: [string, string, [string, Json][]][] = [
  [
    'sameNumber',
    'udp-socket-is-listed-as-listening',
    [
      ['not-listening', sameNumber()],
      ['listening', sameNumber({ alone: byAll([udp, tcp]) })],
      ['listening', sameNumber({ alone: listed(inProc([udp, tcp])) })],
    ],
  ],
  [
    'sameNumber',
    'tcp-listener-starts-beside-udp-socket-on-same-port',
    [
      ['listening', sameNumber()],
      ['EADDRINUSE', sameNumber({ server1: notStarted('server1', 'EADDRINUSE', '127.0.0.1') })],
    ],
  ],
  [
    'sameNumber',
    'listing-shows-tcp-and-udp-on-one-port-as-two-rows',
    [
      ['two-rows', sameNumber()],
      ['one-row', sameNumber({ both: byAll([udp]) })],
      ['one-row', sameNumber({ both: listed([tcp]) })],
      ['no-row', sameNumber({ both: byAll([]) })],
    ],
  ],
  [
    'sameNumber',
    'tcp-client-reaches-tcp-listener-beside-udp-socket',
    [
      ['connected', sameNumber()],
      ['ECONNREFUSED', sameNumber({ client: refused('127.0.0.1') })],
      ['timed-out', sameNumber({ client: refused('127.0.0.1', 'timed-out') })],
    ],
  ],
  [
    'sameNumber',
    'accept-reports-the-port-that-the-client-has',
    [
      ['same-port', sameNumber()],
      ['other-port', sameNumber({ client: connected('127.0.0.1', 'server1', { seenByServer: rewritten }) })],
      ['not-accepted', sameNumber({ client: refused('127.0.0.1') })],
      [
        'not-accepted',
        sameNumber({ client: connected('127.0.0.1', '', { servedBy: null, seenByServer: null, confirmedBy: 'row' }) }),
      ],
    ],
  ],
  [
    'chosenPort',
    'client-gets-its-port-from-the-ephemeral-range',
    [
      ['inside', chosenPort(50_123)],
      ['outside', chosenPort(2_345)],
      ['outside', chosenPort(61_000)],
    ],
  ],
  [
    'onlyUdpIsLeft',
    'tcp-client-is-connected-where-only-a-udp-socket-is-left',
    [
      ['ECONNREFUSED', onlyUdpIsLeft()],
      ['connected', onlyUdpIsLeft({ overTcp: connected('127.0.0.1', 'server1') })],
      [
        'connected',
        onlyUdpIsLeft({
          overTcp: connected('127.0.0.1', '', { servedBy: null, seenByServer: null, confirmedBy: 'row' }),
        }),
      ],
      ['timed-out', onlyUdpIsLeft({ overTcp: refused('127.0.0.1', 'timed-out') })],
    ],
  ],
  [
    'onlyUdpIsLeft',
    'datagram-reaches-udp-server-that-never-listens',
    [
      ['unchanged', onlyUdpIsLeft()],
      ['changed', onlyUdpIsLeft({ overUdp: sent('127.0.0.1', 'timmy\n', 'server2', probeBytes) })],
      ['ECONNREFUSED', onlyUdpIsLeft({ overUdp: notReceived('127.0.0.1', 'timmy\n') })],
      ['silent', onlyUdpIsLeft({ overUdp: notReceived('127.0.0.1', 'timmy\n', 'silent') })],
    ],
  ],
  [
    'oneProcess',
    'one-process-holds-tcp-and-udp-on-one-port',
    [
      ['one-process', oneProcess()],
      ['two-processes', oneProcess({ listed: byAll([udp, { ...tcp, holders: heldBy(52) }]) })],
      ['not-both', oneProcess({ listed: byAll([tcp]) })],
      ['not-both', oneProcess({ listed: byAll([]) })],
    ],
  ],
  [
    'oneProcess',
    'one-process-serves-tcp-and-udp-clients',
    [
      ['both', oneProcess()],
      ['tcp-only', oneProcess({ overUdp: notReceived('127.0.0.1', 'timmy\n', 'silent') })],
      ['tcp-only', oneProcess({ overUdp: notReceived('127.0.0.1', 'timmy\n', 'received') })],
      ['udp-only', oneProcess({ overTcp: refused('127.0.0.1') })],
      ['udp-only', oneProcess({ overTcp: refused('127.0.0.1', 'connected') })],
      ['neither', oneProcess({ overTcp: refused('127.0.0.1'), overUdp: notReceived('127.0.0.1', 'timmy\n') })],
    ],
  ],
]

describe.each(CASES)('act %s: %s', (act, check, answers) => {
  test.each(answers.map(([outcome, evidence], index) => ({ outcome, evidence, index })))(
    '$outcome',
    ({ outcome, evidence, index }) => {
      const result = answerOf(lab, act, check, evidence)
      left.get(check)?.delete(outcome)
      expect(result).toMatchObject({ observed: outcome, verdict: index === 0 ? 'pass' : 'fail' })
      for (const text of [result.question, result.seen, result.why]) expectSentence(text)
      for (const { choice } of result.choices) expect(choice).toMatch(/^\w.+\.$/)
    },
  )
})

describe('claims', () => {
  const holds = (act: string, check: string, evidence: Json) =>
    answerOf(lab, act, check, evidence).claims.map(({ claim, holds }) => [claim, holds])

  test('dialogue is wrong about UDP ports that listen', () => {
    expect(holds('sameNumber', 'udp-socket-is-listed-as-listening', sameNumber())).toEqual([
      ['Q14', false],
      ['C6', true],
    ])
  })

  test('cafe and tuple are right about separate ports', () => {
    expect(holds('sameNumber', 'tcp-listener-starts-beside-udp-socket-on-same-port', sameNumber())).toEqual([
      ['C2', true],
      ['T12', true],
      ['H3', false],
    ])
    const check = 'tcp-client-is-connected-where-only-a-udp-socket-is-left'
    const overTcp = connected('127.0.0.1', 'server2')
    expect(holds('onlyUdpIsLeft', check, onlyUdpIsLeft({ overTcp }))).toEqual([
      ['C4', false],
      ['T12', false],
      ['Q17', false],
    ])
  })

  test('harbour would be right about ports if the number alone counted', () => {
    const evidence = sameNumber({ server1: notStarted('server1', 'EADDRINUSE', '127.0.0.1') })
    expect(holds('sameNumber', 'tcp-listener-starts-beside-udp-socket-on-same-port', evidence)).toContainEqual([
      'H3',
      true,
    ])
  })

  test('cafe is right about what accept reports, wherever the port comes from', () => {
    expect(holds('sameNumber', 'accept-reports-the-port-that-the-client-has', sameNumber())).toEqual([['C3', true]])
    const elsewhere = holds('chosenPort', 'client-gets-its-port-from-the-ephemeral-range', chosenPort(61_000))
    expect(elsewhere).toEqual([])
  })

  test('checklist is answered by who holds the sockets, and not by who is served', () => {
    expect(holds('oneProcess', 'one-process-holds-tcp-and-udp-on-one-port', oneProcess())).toEqual([['N11', true]])
    expect(holds('oneProcess', 'one-process-serves-tcp-and-udp-clients', oneProcess())).toEqual([])
  })
})

describe('what fits no outcome', () => {
  test.each<[string, string, Json]>([
    ['sameNumber', 'udp-socket-is-listed-as-listening', sameNumber({ alone: byAll([]) })],
    ['sameNumber', 'listing-shows-tcp-and-udp-on-one-port-as-two-rows', sameNumber({ both: byAll([udp, udp, tcp]) })],
    ['chosenPort', 'client-gets-its-port-from-the-ephemeral-range', chosenPort(50_123, null)],
    [
      'oneProcess',
      'one-process-holds-tcp-and-udp-on-one-port',
      oneProcess({ listed: byAll([udp, { ...tcp, holders: heldBy(52, 53) }]) }),
    ],
  ])('of %s, %s fails', (act, check, evidence) => {
    expect(answerOf(lab, act, check, evidence)).toMatchObject({ observed: 'other', verdict: 'fail' })
  })
})

test('a datagram that nobody reported is told without a name', () => {
  const evidence = onlyUdpIsLeft({ overUdp: sent('127.0.0.1', 'timmy\n', '', { receivedBy: null }) })
  const { seen } = answerOf(lab, 'onlyUdpIsLeft', 'datagram-reaches-udp-server-that-never-listens', evidence)
  expectSentence(seen)
  expect(seen).toContain('no program has reported')
})

test('a listing that is the tables of the kernel reads well', () => {
  const evidence = sameNumber({ alone: listed(inProc([udp])), both: listed([]) })
  const seen = (check: string) => answerOf(lab, 'sameNumber', check, evidence).seen
  expect(seen('udp-socket-is-listed-as-listening')).toBe(
    "This stands as the state of the UDP socket: 07 in the kernel's tables.",
  )
  expect(seen('listing-shows-tcp-and-udp-on-one-port-as-two-rows')).toBe(
    "In the kernel's tables there is no row for this port.",
  )
})

test('a port is noted, and nothing more, where no source speaks of the system', () => {
  const evidence = chosenPort(50_123, [49_152, 65_535])
  expect(answerOf(lab, 'chosenPort', 'client-gets-its-port-from-the-ephemeral-range', evidence, 'darwin').verdict).toBe(
    'noted',
  )
})

test('every declared outcome was reached', () => {
  expect([...left].filter(([, outcomes]) => outcomes.size > 0)).toEqual([])
})
