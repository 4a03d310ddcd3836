/** Lab 01 on changed evidence: every outcome is reached, judged and told. */

import { describe, expect, test } from 'vitest'

import type { Listed, Started } from '../../harness/domain/observation.ts'
import type { SocketRow } from '../../harness/domain/socket-row.ts'
import lab from '../../labs/01-tcp-udp-same-port/lab.ts'
import { drop, fail, queue, refuse, serve, show } from './changes.ts'
import { row } from './evidence.ts'
import { claimsIn, testOutcomes } from './outcomes.ts'

const isListed = 'udp-socket-is-listed-as-listening'
const starts = 'tcp-listener-starts-beside-udp-socket-on-same-port'
const rows = 'listing-shows-tcp-and-udp-on-one-port-as-two-rows'
const reported = 'accept-reports-the-port-that-the-client-has'
const chosen = 'client-gets-its-port-from-the-ephemeral-range'
const onlyUdp = 'tcp-client-is-connected-where-only-a-udp-socket-is-left'
const neverListens = 'datagram-reaches-udp-server-that-never-listens'
const holds = 'one-process-holds-tcp-and-udp-on-one-port'
const serves = 'one-process-serves-tcp-and-udp-clients'

const local = { address: '127.0.0.1', port: 8080 }
const heldBy = (...pids: number[]) => pids.map((pid) => ({ pid, command: 'tcp-and-udp', fd: 20 }))
const tcp = row({ local, holders: heldBy(51) })
const udp = row({ protocol: 'udp', local, holders: heldBy(51) })

/** Nothing but the kernel's tables, in which a state is a number. */
const showInTables = (listed: Listed, sockets: SocketRow[]) => {
  const inProc = sockets.map((one) => ({ ...one, stateAsPrinted: one.state === 'LISTEN' ? '0A' : '07' }))
  Object.assign(listed, { source: 'proc', rows: inProc, others: [] })
}

const take = (client: Started, port: number) => (client.local = { address: '127.0.0.1', port })

const answer = await testOutcomes(lab, {
  sameNumber: {
    [isListed]: {
      listening: [({ alone }) => show(alone, [udp, tcp]), ({ alone }) => showInTables(alone, [udp, tcp])],
      'not-listening': ({ alone }) => showInTables(alone, [udp]),
      other: ({ alone }) => show(alone, []),
    },
    [starts]: {
      EADDRINUSE: ({ server1 }) => fail(server1, 'EADDRINUSE'),
    },
    [rows]: {
      'one-row': [({ both }) => show(both, [udp]), ({ both }) => show(both, [tcp])],
      'no-row': ({ both }) => show(both, []),
      other: ({ both }) => show(both, [udp, udp, tcp]),
    },
    'tcp-client-reaches-tcp-listener-beside-udp-socket': {
      ECONNREFUSED: ({ client }) => refuse(client),
      'timed-out': ({ client }) => refuse(client, 'timed-out'),
    },
    [reported]: {
      'other-port': ({ client: { seenByServer } }) => Object.assign(seenByServer?.peer ?? {}, { port: 2024 }),
      'not-accepted': [({ client }) => refuse(client), ({ client }) => queue(client)],
    },
  },
  chosenPort: {
    [chosen]: {
      outside: [({ client }) => take(client, 2_345), ({ client }) => take(client, 61_000)],
      other: (evidence) => (evidence.ephemeralRange = null),
    },
  },
  onlyUdpIsLeft: {
    [onlyUdp]: {
      connected: [({ overTcp }) => serve(overTcp, 'server1'), ({ overTcp }) => queue(overTcp)],
      'timed-out': ({ overTcp }) => refuse(overTcp, 'timed-out'),
    },
    [neverListens]: {
      changed: ({ overUdp: { seenByServer } }) => Object.assign(seenByServer ?? {}, { text: 'X' }),
      ECONNREFUSED: ({ overUdp }) => drop(overUdp),
      silent: ({ overUdp }) => drop(overUdp, 'silent'),
    },
  },
  oneProcess: {
    [holds]: {
      'two-processes': ({ listed }) => show(listed, [udp, { ...tcp, holders: heldBy(52) }]),
      'not-both': [({ listed }) => show(listed, [tcp]), ({ listed }) => show(listed, [])],
      other: ({ listed }) => show(listed, [udp, { ...tcp, holders: heldBy(52, 53) }]),
    },
    [serves]: {
      'tcp-only': [({ overUdp }) => drop(overUdp, 'silent'), ({ overUdp }) => drop(overUdp, 'received')],
      'udp-only': [({ overTcp }) => refuse(overTcp), ({ overTcp }) => queue(overTcp)],
      neither: ({ overTcp, overUdp }) => {
        refuse(overTcp)
        drop(overUdp)
      },
    },
  },
})

describe('claims', () => {
  test('dialogue is wrong about UDP ports that listen', () => {
    expect(claimsIn(answer(isListed))).toEqual({ Q14: false, C6: true })
  })

  test('cafe and tuple are right about separate ports', () => {
    expect(claimsIn(answer(starts))).toEqual({ C2: true, C19: true, T12: true, H3: false })
    expect(claimsIn(answer(onlyUdp, ({ overTcp }) => serve(overTcp, 'server2')))).toEqual({
      C4: false,
      T12: false,
      Q17: false,
    })
  })

  test('harbour would be right about ports if the number alone counted', () => {
    expect(claimsIn(answer(starts, ({ server1 }) => fail(server1, 'EADDRINUSE')))).toMatchObject({ H3: true })
  })

  test('cafe is right about what accept reports, wherever the port comes from', () => {
    expect(claimsIn(answer(reported))).toEqual({ C3: true })
    expect(claimsIn(answer(chosen))).toEqual({})
  })

  test('checklist is answered by who holds the sockets, and not by who is served', () => {
    expect(claimsIn(answer(holds))).toEqual({ N11: true })
    expect(claimsIn(answer(serves))).toEqual({})
  })
})

describe('the words', () => {
  test('a datagram that nobody reported is told without a name', () => {
    expect(answer(neverListens, ({ overUdp }) => (overUdp.receivedBy = null)).seen).toContain('no program has reported')
  })

  test('a listing that is the tables of the kernel reads well', () => {
    expect(answer(isListed, ({ alone }) => showInTables(alone, [udp])).seen).toBe(
      "This stands as the state of the UDP socket: 07 in the kernel's tables.",
    )
    expect(answer(rows, ({ both }) => showInTables(both, [])).seen).toBe(
      "In the kernel's tables there is no row for this port.",
    )
  })
})

test('a port is noted, and nothing more, where no source speaks of the system', () => {
  expect(answer(chosen, undefined, 'darwin').verdict).toBe('noted')
})
