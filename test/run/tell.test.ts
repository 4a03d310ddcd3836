/** The events of a run and of its replay are the same, and a replay passes nothing that the file does not hold. */

import { describe, expect, test } from 'vitest'

import type { RunEvent } from '../../harness/domain/event.ts'
import type { ActEvidence, HostFacts, LabEvidence, SavedRun } from '../../harness/domain/evidence.ts'
import type { LoadedLab } from '../../harness/domain/loaded-lab.ts'
import type { CheckResult } from '../../harness/domain/verdict.ts'
import { replay } from '../../harness/run/replay.ts'
import { countChecks, headersFor, startAct, tellAct, tellLabEnd } from '../../harness/run/tell.ts'
import { actEvidence, connected, refused } from '../labs/evidence.ts'
import { check, loadedLab } from './lab.ts'

const HOST: HostFacts = {
  os: 'linux',
  kernel: '6.1.0',
  architecture: 'x64',
  node: '26.10.0',
  nodeOrigin: 'bundled',
  libuv: '1.52.0',
  ephemeralRange: [32_768, 60_999],
  superuser: false,
}

const lab = loadedLab()
const good = actEvidence('only', { client: connected('127.0.0.1', 'server1') })
const bad = actEvidence('only', { client: refused('127.0.0.1') })

function told(evidence: ActEvidence, predictions: Record<string, string> = {}) {
  const events: RunEvent[] = []
  const results = tellAct(lab, evidence, HOST, predictions, (event) => events.push(event))
  return { events, results }
}

describe('an act is told', () => {
  test('with its title, its number among the acts, its port and its notes', () => {
    expect(startAct(lab, 'only', 8080, ['A note.'])).toEqual({
      lab: '77-test',
      act: 'only',
      number: 1,
      of: 1,
      title: 'Only act',
      intro: 'It is short.',
      port: 8080,
      notes: ['A note.'],
    })
  })

  test('by its evidence first, then by each check', () => {
    const { events, results } = told(good)
    expect(events).toEqual([
      { type: 'act-end', lab: '77-test', evidence: good },
      { type: 'check', result: results[0] },
    ])
    expect(results).toHaveLength(1)
  })
})

describe('a prediction', () => {
  const predicted = (evidence: ActEvidence, outcome?: string) =>
    told(evidence, outcome === undefined ? {} : { 'a-check': outcome }).results[0]?.prediction

  test('that was right has no comment', () => {
    expect(predicted(good, 'connected')).toEqual({ outcome: 'connected', right: true, becauseMany: null })
  })

  test('that was wrong says why many people think so', () => {
    const wrong = { outcome: 'ECONNREFUSED', right: false, becauseMany: 'Ports look closed.' }
    expect(predicted(good, 'ECONNREFUSED')).toEqual(wrong)
  })

  test('that was wrong in a way that nobody explains says nothing', () => {
    expect(predicted(good, 'timed-out')).toEqual({ outcome: 'timed-out', right: false, becauseMany: null })
  })

  test('is measured by what was observed, not by what is expected', () => {
    expect(predicted(bad, 'ECONNREFUSED')?.right).toBe(true)
  })

  test('is neither right nor wrong where nothing was observed', () => {
    const unseen = predicted({ ...good, evidence: null, problem: 'no port' }, 'ECONNREFUSED')
    expect(unseen).toEqual({ outcome: 'ECONNREFUSED', right: null, becauseMany: null })
  })

  test('that nobody made is none', () => {
    expect(predicted(good)).toBeNull()
  })
})

describe('a lab is told', () => {
  test('at its end with counts by verdict and what to remember', () => {
    const events: RunEvent[] = []
    const [header] = headersFor([lab], 1)
    const results = [...told(good).results, ...told(bad).results] as CheckResult[]
    tellLabEnd(lab, header!, results, [], 12, (event) => events.push(event))
    expect(events).toEqual([
      {
        type: 'lab-end',
        lab: { id: '77-test', title: 'A test', summary: 'A lab for tests.', round: 1, rounds: 1 },
        counts: { pass: 1, fail: 1, noted: 0, skip: 0, inconclusive: 0 },
        remember: ['Nothing.'],
        theories: [],
        durationMs: 12,
      },
    ])
  })

  test('once for each round', () => {
    expect(headersFor([lab], 3).map(({ round, rounds }) => [round, rounds])).toEqual([
      [1, 3],
      [2, 3],
      [3, 3],
    ])
  })

  test('and its checks are counted over all acts', () => {
    expect(countChecks([lab, loadedLab({ one: check(), two: check() })])).toBe(3)
  })
})

describe('a replay', () => {
  const saved = (acts: ActEvidence[], over: Partial<LabEvidence> = {}): SavedRun => ({
    format: 'socket-labs-evidence',
    version: 2,
    durationMs: 0,
    machine: null,
    answers: [],
    startedAt: '2026-11-02T10:00:00.000Z',
    host: HOST,
    labs: [{ lab: '77-test', round: 1, acts, durationMs: 50, ...over }],
  })

  async function replayed(run: SavedRun, loaded: LoadedLab = lab): Promise<RunEvent[]> {
    // What a file holds: nothing that JSON cannot carry, no object that the stage would know again.
    const read = JSON.parse(JSON.stringify(run)) as SavedRun
    return await Array.fromAsync(replay(read, () => Promise.resolve(loaded)))
  }

  const results = (events: RunEvent[]) => events.flatMap((event) => (event.type === 'check' ? [event.result] : []))

  test('tells the same steps and answers as the run, and says that it is one', async () => {
    const events = await replayed(saved([good]))
    expect(events.map(({ type }) => type)).toEqual([
      'run-start',
      'lab-start',
      'act-start',
      'step',
      'act-end',
      'check',
      'lab-end',
      'run-end',
    ])
    expect(events[0]).toMatchObject({ replayed: true, startedAt: '2026-11-02T10:00:00.000Z', host: HOST, checks: 1 })
    expect(results(events)).toEqual(told(good).results)
    expect(events.at(-1)).toMatchObject({ durationMs: 50, counts: { pass: 1 } })
  })

  test('answers by the system of the file and not by this one', async () => {
    const elsewhere = { ...saved([good]), host: { ...HOST, os: 'win32' } }
    expect(results(await replayed(elsewhere)).map(({ verdict }) => verdict)).toEqual(['noted'])
  })

  test('of a file without an act of the lab is inconclusive there', async () => {
    const [result] = results(await replayed(saved([])))
    expect(result).toMatchObject({
      verdict: 'inconclusive',
      seen: 'the saved evidence does not contain this act',
      restsOn: [],
    })
  })

  test('of an act with neither evidence nor a problem is inconclusive', async () => {
    const [result] = results(await replayed(saved([{ ...good, evidence: null }])))
    expect(result?.verdict).toBe('inconclusive')
  })

  test('keeps the doubt about listings that disagree', async () => {
    const fresh = actEvidence('only', { client: connected('127.0.0.1', 'server1') })
    const step = { number: 1, atMs: 0, tookMs: 0, kind: 'list', port: 8080, saw: { disagreements: ['They differ.'] } }
    const [result] = results(await replayed(saved([{ ...fresh, steps: [step as never] }])))
    expect(result).toMatchObject({ verdict: 'inconclusive', seen: 'the listings of step 1 disagree: They differ.' })
  })

  test('of several rounds tells each', async () => {
    const run = saved([good])
    const again = { ...run, labs: [...run.labs, { ...run.labs[0]!, round: 2, acts: [bad] }] }
    const events = await replayed(again)
    expect(results(events).map(({ verdict }) => verdict)).toEqual(['pass', 'fail'])
    expect(events.flatMap((event) => (event.type === 'lab-end' ? [event.lab] : []))).toMatchObject([
      { round: 1, rounds: 2 },
      { round: 2, rounds: 2 },
    ])
  })
})
