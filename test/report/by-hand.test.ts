import { describe, expect, it } from 'vitest'

import type { ActEvidence, StepKind } from '../../harness/domain/evidence.ts'
import { byHandText } from '../../harness/report/by-hand.ts'
import { plainLayout, steps } from './stream.ts'

function act(kinds: StepKind[]): ActEvidence {
  return {
    act: 'first',
    port: 8080,
    notes: [],
    steps: kinds.map((kind, index) => ({ number: index + 1, atMs: 0, tookMs: 0, ...kind })),
    evidence: null,
    sources: {},
    skipped: null,
    problem: null,
    durationMs: 0,
  }
}

const [started, connected] = steps()

function start(program: string, pid: number, outcome: 'listening' | 'EADDRINUSE' = 'listening'): StepKind {
  const { args, asAnotherUser, saw } = started
  return { kind: 'start', program, args, asAnotherUser, saw: { ...saw, program, pid, outcome } }
}

function end(kind: 'ended' | 'stop' | 'kill', program: string, pid: number): StepKind {
  return { kind, program, pid, saw: { program, pid, exitCode: 0, signal: null } }
}

const { kind, address, port, saw } = connected
const connect: StepKind = { kind, address, port, saw }

const commands = (...acts: StepKind[][]) => byHandText(plainLayout(), acts.map(act)).split('\n').slice(3, -2)

describe('the commands by hand', () => {
  it('give each running server a terminal, and the last one to all else', () => {
    expect(byHandText(plainLayout(), [act([start('server1', 7), start('server2', 8), connect])])).toBe(`By hand
The same by hand, from top to bottom. The letter is the terminal: each server
needs one of its own.
  A  npm run program server1 8080
  B  npm run program server2 8080
  C  nc -v 127.0.0.1 8080

`)
  })

  it('say of a client that it may stay, and keep it from waiting where nothing answers', () => {
    const to = (outcome: 'connected' | 'timed-out') => ({ ...connect, saw: { ...saw, outcome } }) as StepKind
    const told = (outcome: 'connected' | 'timed-out') => byHandText(plainLayout(), [act([to(outcome)])])
    expect(told('connected').replaceAll('\n', ' ')).toContain('If nc stays, end it with Ctrl-C before the next line.')
    expect(told('connected')).toContain('\n  A  nc 127.0.0.1 8080\n')
    expect(told('timed-out')).toContain('\n  A  nc -w 3 127.0.0.1 8080\n')
    expect(told('timed-out')).not.toContain('Ctrl-C')
  })

  it('use a terminal again when its server has ended', () => {
    expect(commands([start('server1', 7), connect, end('ended', 'server1', 7), start('server2', 8), connect])).toEqual([
      '  A  npm run program server1 8080',
      '  B  nc -v 127.0.0.1 8080',
      '  A  npm run program server2 8080',
      '  B  nc -v 127.0.0.1 8080',
    ])
  })

  it('use a terminal again when its server was refused', () => {
    expect(commands([start('server1', 7), start('server2', 8, 'EADDRINUSE'), start('server3', 9)])).toEqual([
      '  A  npm run program server1 8080',
      '  B  npm run program server2 8080',
      '  B  npm run program server3 8080',
    ])
  })

  it('name whose process is to be killed, and not a number that will be another', () => {
    expect(
      commands([start('server1', 7), end('stop', 'server1', 7), start('server2', 8), end('kill', 'server2', 8)]),
    ).toEqual([
      '  A  npm run program server1 8080',
      '  B  kill PID # server1',
      '  A  npm run program server2 8080',
      '  B  kill -9 PID # server2',
    ])
  })

  it('say in which terminal Enter is pressed', () => {
    const proceed: StepKind = { kind: 'proceed', program: 'server1', pid: 7, saw: { ...started.saw, pid: 7 } }
    expect(commands([start('server0', 6), start('server1', 7), proceed])).toEqual([
      '  A  npm run program server0 8080',
      '  B  npm run program server1 8080',
      '  B  (press Enter)',
    ])
  })

  it('stand act by act', () => {
    expect(commands([connect], [], [start('server1', 7)])).toEqual([
      '  A  nc -v 127.0.0.1 8080',
      '',
      '  A  npm run program server1 8080',
    ])
  })

  it('tell many terminals apart, and write once what is typed in all of them', () => {
    const many = Array.from({ length: 28 }, (_, index) => start('server1', 100 + index))
    const text = byHandText(plainLayout(), [act([...many, connect])])
    expect(text).toContain('A-D is each of A, B, C and D.')
    expect(text).toContain('\n  A-AB  npm run program server1 8080\n  AC    nc -v 127.0.0.1 8080\n')
  })

  it('are not there where nothing was done', () => {
    expect(byHandText(plainLayout(), [act([])])).toBe('')
  })
})
