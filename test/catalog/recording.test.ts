/** A recording keeps what was seen and nothing of what chance decided, so that a new one does not churn. */

import { describe, expect, test } from 'vitest'

import { normalised, sameButForChance, writeRecording } from '../../harness/cli/docs-recording.ts'
import type { SavedRun, Step } from '../../harness/domain/evidence.ts'
import type { SocketRow } from '../../harness/domain/socket-row.ts'

type Chance = { pid: number; client: number; inode: number; port: number; connections: number; atMs: number }

const row = ({ pid, inode, port }: Chance): SocketRow => ({
  protocol: 'tcp',
  family: 'IPv4',
  local: { address: '127.0.0.1', port },
  peer: null,
  state: 'LISTEN',
  stateAsPrinted: '0A',
  holders: [{ pid, command: 'server1', fd: 21 }],
  takesIPv4: null,
  uid: 0,
  inode,
  receiveQueue: 0,
  sendQueue: null,
  retransmits: 0,
  device: null,
})

/** One run of one act, as it comes out with these numbers. */
function runWith(
  chance: Chance,
  further: SocketRow[] = [],
  outcome: 'connected' | 'ECONNREFUSED' = 'connected',
): SavedRun {
  const { pid, client, inode, port, connections, atMs } = chance
  const server = { program: 'server1', pid }
  const ends = { local: { address: '127.0.0.1', port }, peer: { address: '127.0.0.1', port: client } }
  const printed = [
    'COMMAND   PID USER   FD   TYPE DEVICE SIZE/OFF NODE NAME',
    `IP 127.0.0.1.${client} > 127.0.0.1.${port}: Flags [S]`, // a port after a dot, as tcpdump writes it
    `server1 ${pid} ada    21u  IPv4 ${inode}      0t0  TCP 127.0.0.1:${port} (LISTEN)`,
    `  ${atMs}: 0100007F:${port.toString(16).toUpperCase()} 00000000:0000 0A 0 ${inode} 1 0000000059f8${String(inode).slice(0, 4)} 100`,
  ]
  const listed = { source: 'lsof' as const, command: `lsof -i :${port}`, printed, rows: [row(chance), ...further] }
  const list = { ...listed, others: [], absent: [], disagreements: [] }
  const connect = {
    outcome,
    to: ends.local,
    local: ends.peer,
    heard: `server1, process ${pid}\n`,
    confirmedBy: 'byte' as const,
    servedBy: server,
    seenByServer: ends,
  }
  const tally = { connections: 200, servedBy: [{ ...server, connections }] }
  const at = { atMs, tookMs: atMs }
  return {
    format: 'socket-labs-evidence',
    version: 2,
    durationMs: 0,
    machine: null,
    answers: [],
    startedAt: `2026-11-2${connections % 9}T10:11:12.000Z`,
    host: {
      os: 'linux',
      kernel: '6.18',
      architecture: 'x64',
      node: 'v26.10.0',
      nodeOrigin: 'bundled',
      libuv: '1.52.1',
      ephemeralRange: [32_768, 60_999],
      superuser: false,
    },
    labs: [
      {
        lab: '01-first',
        round: 1,
        durationMs: atMs,
        acts: [
          {
            act: 'first',
            port,
            notes: port === 8080 ? [] : ['The documents use port 8080. Here another one is used.'],
            steps: [
              { number: 1, ...at, kind: 'list', port, saw: list },
              { number: 2, ...at, kind: 'connect', address: '127.0.0.1', port, saw: connect },
              { number: 3, ...at, kind: 'connect-many', address: '127.0.0.1', port, count: 200, saw: tally },
            ],
            evidence: { list, connect, tally },
            sources: { list: [1], connect: [2], tally: [3] },
            skipped: null,
            problem: null,
            durationMs: atMs,
          },
        ],
      },
    ],
  }
}

const ONE: Chance = { pid: 31_335, client: 42_418, inode: 153_344, port: 16_847, connections: 96, atMs: 117 }
const OTHER: Chance = { pid: 902, client: 60_001, inode: 99_007, port: 8080, connections: 104, atMs: 3 }

const leftover = (port: number): SocketRow => ({
  ...row(ONE),
  state: 'TIME-WAIT',
  holders: [],
  inode: null,
  peer: { address: '127.0.0.1', port },
})

describe('a recording', () => {
  const text = writeRecording(normalised(runWith(ONE), 'ada'))

  test('has none of the numbers that chance decided', () => {
    expect(text).not.toMatch(/31335|42418|153344|16847|41CF|\bada\b|"(?:atMs|tookMs|durationMs)": [1-9]/)
  })

  test('has the documents’ port, and numbers in the order of their appearance', () => {
    expect(text).toContain('"lsof -i :8080"')
    expect(text).toContain('"server1 4001 student 21u IPv4 70001 0t0 TCP 127.0.0.1:8080 (LISTEN)"')
    expect(text).toContain('"0: 0100007F:1F90 00000000:0000 0A 0 70001 1 0000000000000000 100"')
    expect(text).toContain('"IP 127.0.0.1.40001 > 127.0.0.1.8080: Flags [S]"')
    expect(text).toContain('"port": 40001')
    expect(text).toContain('server1, process 4001')
  })

  test('leaves a number of the range for clients that the lab chose for a program', () => {
    const program = { program: 'receiver', pid: 7, protocol: null, local: null, rows: [], error: null }
    const told = (args: string[]): Step => {
      const saw = { ...program, outcome: 'running' as const }
      return { number: 9, atMs: 0, tookMs: 0, kind: 'start', program: 'receiver', args, asAnotherUser: false, saw }
    }
    const run = (place: 'unshift' | 'push') => {
      const saved = runWith(ONE)
      for (const { steps } of saved.labs[0]?.acts ?? []) steps[place](told(['::', String(ONE.client)]))
      return writeRecording(normalised(saved, 'ada'))
    }
    expect(run('unshift')).toContain(`"port": ${ONE.client}`)
    expect(run('push')).not.toContain(String(ONE.client))
  })

  test('leaves ids, addresses and small numbers as they are', () => {
    expect(text).toContain('"lab": "01-first"')
    expect(text).toContain('"address": "127.0.0.1"')
    expect(text).toContain('"fd": 21')
    expect(text).toContain('"count": 200')
  })

  test('of two runs that differ by chance is the same text but for the tally and the day', () => {
    const other = normalised(runWith({ ...OTHER, connections: ONE.connections }), 'ada')
    expect(writeRecording(other)).toBe(text)
  })

  test('does not keep connections that had ended before the lab began', () => {
    const rows = (run: SavedRun) => JSON.stringify(normalised(run, 'ada')).split('TIME-WAIT').length - 1
    expect(rows(runWith(ONE, [leftover(55_555)]))).toBe(0)
    expect(rows(runWith(ONE, [leftover(ONE.client)]))).toBe(2)
  })
})

describe('a new recording is kept when it says something new', () => {
  const old = normalised(runWith(ONE), 'ada')

  test('not when only the share of connections or the day is another', () => {
    expect(sameButForChance(old, normalised(runWith(OTHER), 'ada'))).toBe(true)
  })

  test('not when an ended connection has been forgotten meanwhile', () => {
    expect(sameButForChance(old, normalised(runWith(ONE, [leftover(ONE.client)]), 'ada'))).toBe(true)
  })

  test('when an outcome is another', () => {
    expect(sameButForChance(old, normalised(runWith(OTHER, [], 'ECONNREFUSED'), 'ada'))).toBe(false)
  })

  test('when there is one more socket', () => {
    expect(sameButForChance(old, normalised(runWith(OTHER, [row(OTHER)]), 'ada'))).toBe(false)
  })

  test('when it comes from another kernel', () => {
    const other = normalised(runWith(OTHER), 'ada')
    expect(sameButForChance(old, { ...other, host: { ...other.host, kernel: '6.19' } })).toBe(false)
  })
})
