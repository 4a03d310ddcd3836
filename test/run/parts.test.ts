/** The small pure parts of a run: what a check reads, steps and their numbers, the queue of events, time limits. */

import { describe, expect, test } from 'vitest'

import type { Step, StepKind } from '../../harness/domain/evidence.ts'
import { Channel } from '../../harness/run/channel.ts'
import { Limits } from '../../harness/run/limits.ts'
import { Recorder } from '../../harness/run/recorder.ts'
import { tracked } from '../../harness/run/tracked.ts'
import { connected, ended, started } from '../labs/evidence.ts'

describe('tracked', () => {
  test('tells the top-level keys that were read, and no others', () => {
    const { value, keys } = tracked({ a: { b: 1 }, c: 2, d: 3 })
    const { a, c } = value as { a: { b: number }; c: number }
    expect([a.b, c]).toEqual([1, 2])
    expect([...keys]).toEqual(['a', 'c'])
  })

  test('tells a key that is not there: its absence was read', () => {
    const { value, keys } = tracked({})
    expect((value as { missing?: number }).missing).toBeUndefined()
    expect([...keys]).toEqual(['missing'])
  })

  test('tells all keys where the whole is read', () => {
    const { value, keys } = tracked({ a: 1, b: 2 })
    expect(JSON.stringify(value)).toBe('{"a":1,"b":2}')
    expect([...keys]).toEqual(expect.arrayContaining(['a', 'b']))
  })

  test('tells a key that was only asked for', () => {
    const { value, keys } = tracked({ a: 1 })
    expect('a' in (value as object)).toBe(true)
    expect([...keys]).toEqual(['a'])
  })

  test.each([null, 'text', 7, true])('leaves %j as it is', (evidence) => {
    expect(tracked(evidence)).toEqual({ value: evidence, keys: new Set() })
  })
})

describe('Recorder', () => {
  const server = started('server1', '127.0.0.1')
  const client = connected('127.0.0.1', 'server1')
  const end = ended(server)

  function recorded() {
    const told: Step[] = []
    const recorder = new Recorder((step) => told.push(step))
    recorder.begin()({ kind: 'start', program: 'server1', args: [], asAnotherUser: false, saw: server })
    recorder.begin()({ kind: 'connect', address: '127.0.0.1', port: 8080, saw: client })
    recorder.begin()({ kind: 'ended', program: 'server1', pid: server.pid, saw: end })
    return { recorder, told }
  }

  test('numbers the steps from 1, and tells each at once', () => {
    const { recorder, told } = recorded()
    expect(told.map(({ number, kind }) => [number, kind])).toEqual([
      [1, 'start'],
      [2, 'connect'],
      [3, 'ended'],
    ])
    expect(recorder.steps).toEqual(told)
  })

  describe('of steps side by side', () => {
    const ending = (program: string): StepKind => ({ kind: 'ended', program, pid: end.pid, saw: { ...end } })
    const sideBySide = () => {
      const told: string[] = []
      const recorder = new Recorder((step) => told.push(`${step.number} ${'program' in step ? step.program : ''}`))
      return { recorder, told, over: [recorder.begin(), recorder.begin(), recorder.begin()] as const }
    }

    test('tells them in the order of their beginnings', () => {
      const { told, over } = sideBySide()
      over[1](ending('second'))
      over[2](ending('third'))
      expect(told).toEqual([])
      over[0](ending('first'))
      expect(told).toEqual(['1 first', '2 second', '3 third'])
    })

    test('leaves out one that failed, and counts on', () => {
      const { told, over } = sideBySide()
      over[1](null)
      over[2](ending('third'))
      over[0](ending('first'))
      expect(told).toEqual(['1 first', '2 third'])
    })

    test('tells at the end of the act those that are over, and nothing later', () => {
      const { recorder, told, over } = sideBySide()
      const seen = ending('second')
      over[1](seen)
      recorder.close()
      over[0](ending('first'))
      over[2](ending('third'))
      expect(told).toEqual(['1 second'])
      expect(recorder.sourcesOf({ key: seen.saw })).toEqual({ key: [1] })
    })
  })

  test('takes the time from the beginning of the step to now', () => {
    const { recorder } = recorded()
    const { atMs, tookMs } = recorder.steps[0] as Step
    expect(atMs).toBe(0)
    expect(tookMs).toBeGreaterThanOrEqual(0)
    expect(tookMs).toBeLessThanOrEqual(recorder.nowMs)
  })

  test('finds the steps below each key of the evidence, at any depth, each once and in order', () => {
    const { recorder } = recorded()
    const evidence = { deep: [{ inner: end }, server, server], client, port: 8080, nothing: null }
    expect(recorder.sourcesOf(evidence)).toEqual({ deep: [1, 3], client: [2], port: [], nothing: [] })
  })

  test('knows an observation by itself and not by what it looks like', () => {
    const { recorder } = recorded()
    expect(recorder.sourcesOf({ copied: { ...client } })).toEqual({ copied: [] })
  })

  test.each([null, 'text', 7])('finds nothing below %j', (evidence) => {
    expect(recorded().recorder.sourcesOf(evidence)).toEqual({})
  })
})

describe('Channel', () => {
  async function drain<T>(channel: Channel<T>): Promise<T[]> {
    const taken: T[] = []
    for await (const value of channel) taken.push(value)
    return taken
  }

  test('gives everything that was put in, in order, also what came before anybody read', async () => {
    const channel = new Channel<number>()
    channel.put(1)
    channel.put(2)
    channel.close()
    expect(await drain(channel)).toEqual([1, 2])
  })

  test('gives a value to a reader who waits, and ends when it is closed', async () => {
    const channel = new Channel<string>()
    const all = drain(channel)
    for (const value of ['a', 'b', 'c']) {
      await new Promise((resolve) => setImmediate(resolve))
      channel.put(value)
    }
    await new Promise((resolve) => setImmediate(resolve))
    channel.put('d')
    channel.close()
    expect(await all).toEqual(['a', 'b', 'c', 'd'])
  })

  test('ends at once where nothing was put in', async () => {
    const channel = new Channel<string>()
    channel.close()
    expect(await drain(channel)).toEqual([])
  })
})

describe('Limits', () => {
  const limits = (ownStartMs: number, labMs?: number) => new Limits({ labMs, ownStartMs })

  test('are as written where programs start as fast as usual or faster', () => {
    expect([limits(10).stepMs, limits(150).stepMs]).toEqual([8_000, 8_000])
  })

  test('stretch with the slowest start so far, and never shrink again', () => {
    const stretched = limits(10)
    stretched.learnStart(450)
    stretched.learnStart(20)
    expect(stretched.scale).toBe(3)
    expect([stretched.rowMs, stretched.stepMs, stretched.actMs, stretched.labMs]).toEqual([
      6_000, 24_000, 90_000, 180_000,
    ])
  })

  test('stretch to twenty times at most, so that every run ends', () => {
    expect(limits(1_000_000).scale).toBe(20)
  })

  test('are layered: a row, a step, an act, a lab', () => {
    const { rowMs, stepMs, actMs, labMs } = limits(0)
    expect([rowMs, stepMs, actMs, labMs].toSorted((a, b) => a - b)).toEqual([rowMs, stepMs, actMs, labMs])
  })

  test('leave alone the bound that a person asked for', () => {
    expect(limits(900, 1_500).labMs).toBe(1_500)
  })
})
