import { describe, expect, test } from 'vitest'

import type { RunEvent } from '../../harness/domain/event.ts'
import { Inconclusive } from '../../harness/domain/inconclusive.ts'
import type { VerifyOptions } from '../../harness/verify/verify.ts'
import { verify } from '../../harness/verify/verify.ts'
import type { StreamOptions } from '../report/stream.ts'
import { interruptedStream, stream } from '../report/stream.ts'
import { machine, saved } from './saved-runs.ts'

const PLAIN: VerifyOptions = {
  loaded: [],
  everyLab: [],
  claims: {},
  shard: null,
  baseline: null,
  foretell: null,
}
const LOADED = [{ id: '90-example', lab: { id: '90-example', acts: {} } }] as unknown as VerifyOptions['loaded']

async function told(events: readonly RunEvent[], options: Partial<VerifyOptions> = {}) {
  async function* each() {
    yield* events
    return 'what the run returns'
  }
  const verified = verify(each(), { ...PLAIN, ...options })
  const all: RunEvent[] = []
  for (;;) {
    const { value, done } = await verified.next()
    if (done) return { all, returned: value, ...lastOf(all) }
    all.push(value)
  }
}

function lastOf(all: readonly RunEvent[]) {
  const [verified, end] = all.slice(-2)
  if (verified?.type !== 'verified' || end?.type !== 'run-end') throw new Error('the run did not end as it should')
  return { verification: verified.verification, counts: end.counts }
}

/** A run that keeps its machine. */
const withMachine = (options: StreamOptions) =>
  stream(options).flatMap((event): RunEvent[] =>
    event.type === 'run-end' ? [{ type: 'machine', machine: machine() }, event] : [event],
  )

describe('the events of a run', () => {
  test('pass through as they are, and what the run comes to stands before its end', async () => {
    const events = withMachine({ checks: [{}] })
    const { all, returned } = await told(events)
    expect(all.filter(({ type }) => type !== 'verified')).toEqual(events)
    expect(returned).toBe('what the run returns')
  })

  test('are given back when nobody wants more', async () => {
    let isGivenBack = false
    async function* each(): AsyncGenerator<RunEvent, void> {
      try {
        yield* stream({ checks: [{}] })
      } finally {
        isGivenBack = true
      }
    }
    const verified = verify(each(), PLAIN)
    await verified.next()
    await verified.return()
    expect(isGivenBack).toBe(true)
  })
})

describe('a surprise', () => {
  test('is diagnosed, also where nothing known explains it', async () => {
    const { verification } = await told(withMachine({ checks: [{ verdict: 'fail' }, { id: 'other' }] }))
    expect(verification.diagnoses.map(({ check, verdict }) => [check, verdict])).toEqual([
      ['client-reaches-listener', 'fail'],
    ])
  })

  test('of a run whose machine is not known has no diagnosis: nobody looked', async () => {
    const { verification, counts } = await told(stream({ checks: [{ verdict: 'fail' }] }))
    expect({ diagnoses: verification.diagnoses, failed: counts.fail }).toEqual({ diagnoses: [], failed: 1 })
  })

  test('that an interruption made is none', async () => {
    const { verification } = await told(interruptedStream([]))
    expect(verification).toMatchObject({ diagnoses: [], unsteady: [] })
  })
})

describe('a baseline', () => {
  const before = (outcome: string) => ({
    baseline: { label: 'there', saved: saved({ '90-example/client-reaches-listener': outcome }) },
    loaded: LOADED,
  })

  test('that has the same answers is no surprise, though this system should answer otherwise', async () => {
    const { verification, counts, all } = await told(stream({ checks: [{ verdict: 'fail' }] }), before('ECONNREFUSED'))
    expect(counts).toMatchObject({ fail: 0, pass: 1 })
    expect(verification.baseline?.checks.map(({ likeness }) => likeness)).toEqual(['same'])
    expect(all.find(({ type }) => type === 'lab-end')).toMatchObject({ counts: { fail: 0, pass: 1 } })
  })

  test('that has another answer makes the check fail, though this system should answer so', async () => {
    const { verification, counts } = await told(withMachine({ checks: [{}] }), before('ECONNREFUSED'))
    expect(counts).toMatchObject({ fail: 1, pass: 0 })
    expect(verification.baseline?.checks.map(({ likeness }) => likeness)).toEqual(['differs'])
    expect(verification.diagnoses).toHaveLength(1)
  })
})

describe('random sequences', () => {
  const result = { seed: 1, sequences: 2, steps: 3, disagreement: null, durationMs: 4 }

  test('are tried when the labs are done', async () => {
    const { verification } = await told(stream({ checks: [{}] }), { foretell: () => Promise.resolve(result) })
    expect(verification.random).toEqual(result)
  })

  test('that cannot be tried say why, and take nothing from what the labs saw', async () => {
    const foretell = () => Promise.reject(new Inconclusive('here is no loopback address'))
    const { verification, counts } = await told(stream({ checks: [{}] }), { foretell })
    expect(verification).toMatchObject({ random: null, randomProblem: 'here is no loopback address' })
    expect(counts.pass).toBe(1)
  })

  test('are not begun after an interruption', async () => {
    const { verification } = await told(interruptedStream([]), { foretell: () => Promise.resolve(result) })
    expect(verification.random).toBeNull()
  })
})

test('rounds that disagree are unsteady', async () => {
  const events = stream({ checks: [{}], rounds: 2 })
  const second = events.findLastIndex(({ type }) => type === 'check')
  events[second] = stream({ checks: [{ verdict: 'fail' }] }).find(({ type }) => type === 'check') as RunEvent
  const { verification } = await told(events)
  expect(verification.unsteady.map(({ answers }) => answers.length)).toEqual([2])
})
