import { describe, expect, it } from 'vitest'

import { createJson } from '../../harness/report/json.ts'
import { createNdjson } from '../../harness/report/ndjson.ts'
import { everyVerdict, host, hostileChecks, hostileSteps, pieces, STREAMS, stream, written } from './stream.ts'

// oxlint-disable-next-line typescript/no-explicit-any -- a document of another program's making
const read = async (...options: Parameters<typeof stream>): Promise<any> =>
  JSON.parse(await written(createJson(), stream(...options)))

/** What strict readers of JSON refuse, and what some readers of lines take for the end of one. */
const UNFIT = /\\ud[89a-f]|[\u007f-\u009f\u2028\u2029]/

describe('the JSON report', () => {
  it('tells the run', async () => {
    const { labs, ...run } = await read({ checks: everyVerdict })
    expect(run).toEqual({
      format: 'socket-labs-report',
      version: 1,
      machine: null,
      verification: null,
      startedAt: '2026-11-22T02:56:51.274Z',
      durationMs: 2140,
      replayed: false,
      interruptedBy: null,
      complete: true,
      host,
      planned: 5,
      counts: { pass: 1, fail: 1, noted: 1, skip: 1, inconclusive: 1 },
      points: 1,
      maxPoints: 2,
    })
    expect(labs).toHaveLength(1)
  })

  it('tells each act with its steps in words', async () => {
    const { labs } = await read({ checks: [{}], notes: ['Port 8080 is taken.'] })
    expect(labs[0].acts).toEqual([
      {
        act: 'first',
        number: 1,
        title: 'Act of An example',
        intro: 'One dials.',
        port: 8080,
        notes: ['Port 8080 is taken.'],
        skipped: null,
        problem: null,
        durationMs: 500,
        steps: [
          {
            number: 1,
            atMs: 0,
            tookMs: 10,
            kind: 'start',
            typed: 'npm run program server1 8080',
            seen: 'process 7 listens on TCP 127.0.0.1:8080',
          },
          {
            number: 2,
            atMs: 10,
            tookMs: 10,
            kind: 'connect',
            typed: 'nc -v 127.0.0.1 8080',
            seen: 'refused: ECONNREFUSED',
          },
          {
            number: 3,
            atMs: 20,
            tookMs: 10,
            kind: 'list',
            typed: 'lsof -nP -i :8080',
            seen: '',
            printed: ['COMMAND    PID   USER', 'server1      7   root'],
          },
        ],
      },
    ])
  })

  it('tells each check as the one record that all formats render', async () => {
    const claims = [{ claim: 'C1', document: 'cafe', says: 'it is so', holds: false }]
    const prediction = { outcome: 'connected', right: false, becauseMany: 'Many hope so.' }
    const { labs } = await read({ checks: [{ verdict: 'fail', claims, prediction }] })
    expect(labs[0].checks).toEqual([
      {
        id: 'client-reaches-listener',
        lab: '90-example',
        act: 'first',
        question: 'Does the client reach the listener?',
        verdict: 'fail',
        expected: { outcomes: ['connected'], source: 'ip(7)', inWords: 'Yes. (ip(7))' },
        observed: 'ECONNREFUSED',
        seen: 'The client was refused.',
        why: 'Nobody listens.',
        evidence: [2],
        points: 0,
        maxPoints: 1,
        durationMs: 500,
        file: 'labs/90-example/lab.ts',
        line: 12,
        prediction,
        claims,
        choices: [
          { outcome: 'connected', choice: 'Yes.' },
          { outcome: 'ECONNREFUSED', choice: 'No, it is refused.' },
        ],
      },
    ])
  })

  it('gives points only where there was something to judge', async () => {
    const { labs } = await read({ checks: everyVerdict })
    const points = labs[0].checks.map((one: Record<string, unknown>) => [
      one['verdict'],
      one['points'],
      one['maxPoints'],
    ])
    expect(points).toEqual([
      ['pass', 1, 1],
      ['fail', 0, 1],
      ['noted', 0, 0],
      ['skip', 0, 0],
      ['inconclusive', 0, 0],
    ])
  })

  it('gives the reason where nothing was observed', async () => {
    const { labs } = await read({ checks: [{ verdict: 'skip' }, { verdict: 'inconclusive' }] })
    expect(labs[0].checks.map(({ seen }: { seen: string }) => seen)).toEqual([
      'ipv6-loopback: no address ::1',
      'the act took longer than 9 s',
    ])
  })

  it('writes an outcome that nobody listed in words', async () => {
    const { labs } = await read({ checks: [{ verdict: 'fail', observed: 'EPERM', seen: '' }] })
    expect(labs[0].checks[0].seen).toBe('EPERM, which is none of the answers that this lab knows.')
  })

  it('has one lab for each round', async () => {
    const { labs, counts } = await read({ checks: [{}], rounds: 3 })
    expect(labs.map(({ round, rounds }: { round: number; rounds: number }) => [round, rounds])).toEqual([
      [1, 3],
      [2, 3],
      [3, 3],
    ])
    expect(counts.pass).toBe(3)
  })

  it('says that a run was interrupted', async () => {
    expect(await read({ checks: [{}], interruptedBy: 'SIGTERM' })).toMatchObject({
      interruptedBy: 'SIGTERM',
      complete: true,
    })
  })

  it('says that a run did not come to its end', async () => {
    expect(await read({ checks: [{}], cutShort: true })).toMatchObject({ complete: false })
    expect(await read({ checks: [{}], planned: 2 })).toMatchObject({ complete: false, planned: 2 })
  })

  it('tells an act that ran again on another port only once', async () => {
    const events = stream({ checks: [{}] })
    const again = [...events.slice(0, 4), ...events.slice(2)]
    const { labs } = JSON.parse(await written(createJson(), again))
    expect(labs[0].acts).toHaveLength(1)
    expect(labs[0].acts[0].steps).toHaveLength(3)
  })

  it.each(Object.keys(STREAMS))('is one document for any reader: %s', async (name) => {
    const parts = await pieces(createJson(), STREAMS[name] ?? [])
    expect(parts).toHaveLength(1)
    expect(JSON.parse(parts[0] ?? '')).toMatchObject({ format: 'socket-labs-report', version: 1 })
    expect(parts[0]).not.toMatch(UNFIT)
  })
})

describe('the NDJSON report', () => {
  const lines = async (...options: Parameters<typeof stream>) => await pieces(createNdjson(), stream(...options))

  it('writes one line for each event, as it happens, the first with the version', async () => {
    const events = stream({ checks: everyVerdict, rounds: 2 })
    const written = (await pieces(createNdjson(), events)).map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(written[0]).toEqual({ format: 'socket-labs-events', version: 1, ...events[0] })
    expect(written.map(({ type }) => type)).toEqual(events.map(({ type }) => type))
    expect(written.filter((line) => 'format' in line)).toHaveLength(1)
    expect(written.at(-1)).toEqual(events.at(-1))
  })

  it('tells each step in words as well', async () => {
    const step = (await lines())
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .find(({ type }) => type === 'step')
    expect(step).toMatchObject({
      typed: 'npm run program server1 8080',
      seen: 'process 7 listens on TCP 127.0.0.1:8080',
      step: { number: 1, kind: 'start' },
    })
  })

  it('keeps each event on its line whatever the texts are', async () => {
    for (const line of await lines({ checks: hostileChecks, steps: hostileSteps() })) {
      expect(line.endsWith('\n')).toBe(true)
      expect(line.slice(0, -1)).not.toContain('\n')
      expect(line).not.toMatch(UNFIT)
      expect(JSON.parse(line)).toHaveProperty('type')
    }
  })

  it.each(Object.keys(STREAMS))('is whole: %s', async (name) => {
    const events = STREAMS[name] ?? []
    expect(await pieces(createNdjson(), events)).toHaveLength(events.length)
  })
})
