/** Steps of a stage against real programs and the machine's real tables. */

import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'

import type { Step } from '../../harness/domain/evidence.ts'
import type { Capability } from '../../harness/domain/lab.ts'
import type { Stage } from '../../harness/domain/stage.ts'
import { Cast, NO_FAULT } from '../../harness/run/cast.ts'
import { Limits } from '../../harness/run/limits.ts'
import { Recorder } from '../../harness/run/recorder.ts'
import { createStage } from '../../harness/run/stage.ts'
import type { Lease } from '../../harness/network/lease.ts'
import { leasePort } from '../../harness/network/lease.ts'

const PROGRAMS = join(import.meta.dirname, '../fixtures/labs/programs')
const cleanups: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function lease(): Promise<Lease> {
  const request = { preferred: null, only: false, ephemeralRange: null, onPassedOver: () => {} }
  const leased = await leasePort({ ...request, whyTaken: () => Promise.resolve(null) })
  cleanups.push(leased.release)
  return leased
}

async function stage(
  lacking: Partial<Record<Capability, boolean>> = {},
  full: boolean | null = false,
): Promise<{ stage: Stage; steps: Step[] }> {
  const limits = new Limits({ labMs: undefined, ownStartMs: 300 })
  const { signal } = new AbortController()
  const programFile = (name: string) => join(PROGRAMS, name.endsWith('.py') ? name : `${name}.ts`)
  const cast = new Cast({ runId: 'steps-test', programFile, fault: NO_FAULT, limits, signal })
  cleanups.push(() => cast.endAll())
  const recorder = new Recorder(() => {})
  const { port } = await lease()
  const context = {
    port,
    ports: [port],
    ephemeralRange: null,
    full,
    lacks: (capability: Capability) => lacking[capability],
    leaseAnother: async () => (await lease()).port,
    onProgress: () => {},
    cast,
    limits,
    recorder,
    signal,
  }
  return { stage: createStage(context), steps: recorder.steps }
}

describe('a program that tells', () => {
  test('is heard word by word, also where it spoke before it was asked', async () => {
    const { stage: it, steps } = await stage()
    const teller = await it.start('teller', it.port)
    expect(teller.asked).toMatchObject({ protocol: 'tcp', address: '127.0.0.1', port: it.port, listens: true })
    expect((await it.said(teller, 'word')).value).toBe('first')
    expect((await it.said(teller, 'word')).value).toBe('second')
    expect(await it.ask(teller, 'one', 'echo')).toMatchObject({ pid: teller.pid, what: 'echo', value: { line: 'one' } })
    expect((await it.ask(teller, 'two', 'echo')).value).toEqual({ line: 'two' })
    expect(steps.map(({ kind }) => kind)).toEqual(['start', 'said', 'said', 'said', 'said'])
  })

  test('and ends instead makes the act inconclusive', async () => {
    const { stage: it } = await stage()
    const teller = await it.start('teller', it.port)
    await expect(it.ask(teller, 'end', 'echo')).rejects.toThrow(/teller .* ended before it told echo/)
  })
})

test('a paused program is connected to and accepts when it goes on', async () => {
  const { stage: it } = await stage()
  const teller = await it.start('teller', it.port)
  expect(await it.pause(teller)).toMatchObject({ pid: teller.pid, state: 'T' })
  // The kernel completes the handshake without the program; only the byte that confirms it cannot come.
  const waiting = await it.connect('127.0.0.1')
  expect(waiting).toMatchObject({ outcome: 'connected', confirmedBy: 'row', servedBy: null })
  expect((await it.resume(teller)).state).not.toBe('T')
  expect((await it.connect('127.0.0.1')).servedBy).toEqual({ program: 'teller', pid: teller.pid })
})

test('a client that chooses its port has it, and may not have the same connection twice', async () => {
  const { stage: it } = await stage()
  await it.start('teller', it.port)
  const own = await it.anotherPort()
  const from = { address: '127.0.0.2', port: own }
  const first = await it.connect('127.0.0.1', { from })
  expect(first).toMatchObject({ outcome: 'connected', local: from, seenByServer: { peer: from } })
  // A server that closes first is left in TIME-WAIT; a port in use is refused for the same pair of endpoints.
  const held = await it.start('teller', await it.anotherPort())
  const taken = await it.connect('127.0.0.1', { from: { port: held.local?.port ?? 0 } })
  expect(taken.outcome).toBe('EADDRINUSE')
})

test('a sender that chooses its port has it, unless it is in use', async () => {
  const { stage: it } = await stage()
  const from = { address: '127.0.0.1', port: await it.anotherPort() }
  expect(await it.send('127.0.0.1', 'hello', { from })).toMatchObject({ outcome: 'ECONNREFUSED', local: from })
  const holder = createSocket('udp4')
  cleanups.push(() => holder[Symbol.asyncDispose]())
  await once(holder.bind(from), 'listening')
  expect(await it.send('127.0.0.1', 'hello', { from })).toMatchObject({ outcome: 'EADDRINUSE', local: null })
})

test('steps side by side have the numbers of their beginnings, and one that fails has none', async () => {
  const { stage: it, steps } = await stage()
  const failing = it.run('no-such-tool-here').catch((error: Error) => error.message)
  const slow = it.run('sh', '-c', 'sleep 0.3; echo slow')
  const quick = it.run('sh', '-c', 'echo quick')
  await quick
  expect(steps).toEqual([])
  await slow
  expect(await failing).toMatch(/cannot be run/)
  expect(steps.map(({ number, saw }) => [number, 'printed' in saw && saw.printed])).toEqual([
    [1, ['slow']],
    [2, ['quick']],
  ])
})

test('an act that has no long form is not asked for it', async () => {
  expect((await stage()).stage.full).toBe(false)
  const { stage: it } = await stage({}, null)
  expect(() => it.full).toThrow('stage.full needs an act with longForm: true')
})

describe('a tool', () => {
  test('is run and kept with its words and its exit code', async () => {
    const { stage: it, steps } = await stage()
    const ran = await it.run('sh', '-c', 'echo one; echo; echo two; echo three >&2; exit 7')
    expect(ran).toEqual({
      command: "sh -c 'echo one; echo; echo two; echo three >&2; exit 7'",
      exitCode: 7,
      printed: ['one', '', 'two', 'three'],
      timedOut: false,
    })
    expect(steps).toMatchObject([{ kind: 'run', onNeighbour: false }])
  })

  test('that is absent makes the act inconclusive', async () => {
    const { stage: it } = await stage()
    await expect(it.run('no-such-tool-here')).rejects.toThrow(/no-such-tool-here cannot be run: .*ENOENT/)
  })
})

test('what no check requires nobody looked for', async () => {
  const { stage: it } = await stage({ nmap: true, ss: false })
  expect(it.has('nmap')).toBe(false)
  expect(it.has('ss')).toBe(true)
  expect(() => it.has('tcpdump')).toThrow('no check of this act requires tcpdump')
})

test('all ports are listed at once, ours among them', async () => {
  const { stage: it } = await stage()
  const teller = await it.start('teller', it.port)
  const second = await it.start('teller', await it.anotherPort())
  const { rows, disagreements } = await it.list(undefined, { port: 'all' })
  expect(rows.map(({ local }) => local)).toEqual(expect.arrayContaining([teller.local, second.local]))
  expect(disagreements).toEqual([])
})
