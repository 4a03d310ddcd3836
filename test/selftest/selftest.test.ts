/** The selftest's own judgement: it must not take for a failure what is none. The runs themselves are `npm run selftest`. */

import { describe, expect, test } from 'vitest'

import type { Step } from '../../harness/domain/evidence.ts'
import { LIES } from '../../harness/domain/lie.ts'
import type { LoadedLab } from '../../harness/domain/loaded-lab.ts'
import type { CheckResult, Verdict } from '../../harness/domain/verdict.ts'
import { answerAct } from '../../harness/run/answer.ts'
import { actEvidence, connected, started } from '../labs/evidence.ts'
import { CALLS } from '../lies/calls.ts'
import { FAULTS } from '../lies/faults.ts'
import { loadedLab } from '../run/lab.ts'
import { falseWords, wordsAlone } from './false-pass.ts'
import { judge } from './judge.ts'
import { Places } from '../../harness/host/places.ts'
import { actsUnder, planCalls, planSelftest, readSelftestOptions } from './plan.ts'

function result(verdict: Verdict, observed: string | null = null): CheckResult {
  const evidence = actEvidence('only', { client: connected('127.0.0.1', 'server1') })
  const [answered] = answerAct(loadedLab(), evidence, { os: 'linux' })
  return { ...(answered as CheckResult), verdict, observed, seen: observed ?? 'nobody looked' }
}

describe('a check was seen to fail', () => {
  test('when it passes, and fails under its lie', () => {
    const judged = judge(result('pass', 'connected'), result('fail', 'ECONNREFUSED'))
    expect(judged).toEqual({ outcome: 'failed', saw: 'ECONNREFUSED', problem: null })
  })

  test('when nothing is expected of it here, and the lie changes its answer', () => {
    expect(judge(result('noted', 'connected'), result('noted', 'ECONNREFUSED')).outcome).toBe('failed')
  })
})

describe('a check was not seen to fail', () => {
  test.each<[string, Verdict, Verdict, string]>([
    ['when it passes under its lie', 'pass', 'pass', 'it gives pass: connected'],
    ['when it is inconclusive under its lie', 'pass', 'inconclusive', 'it gives inconclusive: connected'],
    ['when it is skipped under its lie only', 'pass', 'skip', 'it gives skip: connected'],
    ['when the lie does not change what is noted', 'noted', 'noted', 'it gives noted: connected'],
    ['when it fails without any lie', 'fail', 'fail', 'without a lie it gives fail: connected'],
    [
      'when it is inconclusive without any lie',
      'inconclusive',
      'fail',
      'without a lie it gives inconclusive: connected',
    ],
  ])('%s', (_when, honest, lied, problem) => {
    const judged = judge(result(honest, 'connected'), result(lied, 'connected'))
    expect(judged).toEqual({ outcome: 'unproven', saw: 'connected', problem })
  })

  test('when a run gave no answer to it', () => {
    expect(judge(result('pass', 'connected'), undefined).problem).toBe('it gives undefined: no answer')
    expect(judge(undefined, result('fail', 'other')).outcome).toBe('unproven')
  })
})

test('a check that this machine cannot run is skipped, with the reason', () => {
  const judged = judge(result('skip'), undefined)
  expect(judged).toEqual({ outcome: 'skipped', saw: 'nobody looked', problem: null })
})

describe('the plan', () => {
  const pairs = async (...words: string[]) =>
    (await planSelftest(readSelftestOptions(words))).flatMap(({ lab, lies }) => lies.map((lie) => `${lab.id} ${lie}`))

  test('has each lab with each lie that its checks name, once', async () => {
    const all = await pairs()
    expect(all).toContain('04-dual-stack ipv6-only-forced')
    expect(new Set(all).size).toBe(all.length)
    expect(new Set(all.map((pair) => pair.split(' ')[0])).size).toBeGreaterThanOrEqual(5)
  })

  test('of one lab has that lab only, by its number or its name', async () => {
    const one = await pairs('04')
    expect(one.length).toBeGreaterThan(0)
    expect(one).toEqual(await pairs('dual-stack'))
    expect(one.every((pair) => pair.startsWith('04-dual-stack '))).toBe(true)
  })

  test('of a sample has as many pairs as asked for, the same ones for the same seed', async () => {
    const sample = await pairs('--sample', '5/seed')
    expect(sample).toHaveLength(5)
    expect(await pairs('--sample', '5/seed')).toEqual(sample)
    expect(await pairs('--sample', '5/another seed')).not.toEqual(sample)
    expect(await pairs()).toEqual(expect.arrayContaining(sample))
    expect(await pairs('--sample', '10000/seed')).toEqual(await pairs())
  })

  test('of a sample has every lab before it has one twice', async () => {
    const labsOf = (sample: string[]) => sample.map((pair) => pair.split(' ')[0])
    const all = new Set(labsOf(await pairs()))
    for (const seed of ['a', 'b', 'c']) {
      expect(new Set(labsOf(await pairs('--sample', `${all.size}/${seed}`)))).toEqual(all)
      expect(new Set(labsOf(await pairs('--sample', `7/${seed}`))).size).toBe(7)
    }
  })

  test('performs under a lie only the acts that have a check for it', async () => {
    const [plan] = await planSelftest({ labs: ['04'], sample: null })
    const { lab } = actsUnder(plan?.lab as LoadedLab, ['ipv4-wildcard-instead'])
    const lies = Object.values(lab.acts).map((act) => Object.values(act.checks).map(({ lie }) => lie))
    expect(lies.length).toBeGreaterThan(0)
    expect(Object.keys(lab.acts).length).toBeLessThan(Object.keys(plan?.lab.lab.acts ?? {}).length)
    for (const ofAct of lies) expect(ofAct).toContain('ipv4-wildcard-instead')
  })

  test.each(['0', '0/seed', 'seed', '5/', '-1/seed', '1.5/seed'])('refuses the sample %j', (word) => {
    expect(() => readSelftestOptions([`--sample=${word}`])).toThrow(/--sample takes a number from 1/)
  })

  test('refuses an unknown lab and an unknown option', async () => {
    await expect(planSelftest(readSelftestOptions(['99']))).rejects.toThrow(/no lab '99'; there are 01-/)
    expect(() => readSelftestOptions(['--frobnicate'])).toThrow(/there are --sample/)
  })
})

test('runs have their places in order, no more at a time than there are, also after one that throws', async () => {
  const places = new Places(2)
  const begun: number[] = []
  let [now, most] = [0, 0]
  const work = (number: number) => async () => {
    begun.push(number)
    most = Math.max(most, (now += 1))
    await new Promise((resolve) => setTimeout(resolve, 2))
    now -= 1
    if (number === 1) throw new Error('a slip')
  }
  const ends = await Promise.allSettled([0, 1, 2, 3, 4].map((number) => places.take(work(number))))
  expect({ begun, most }).toEqual({ begun: [0, 1, 2, 3, 4], most: 2 })
  expect(ends.map(({ status }) => status === 'rejected')).toEqual([false, true, false, false, false])
})

test('every lie of the register can be told, and some check needs it', async () => {
  expect(Object.keys(FAULTS).sort()).toEqual(Object.keys(LIES).sort())
  const plans = await planSelftest({ labs: [], sample: null })
  const needed = new Set(plans.flatMap(({ lies }) => lies))
  expect(Object.keys(LIES).filter((lie) => !needed.has(lie as never))).toEqual([])
})

describe('a pass is false', () => {
  const act = (...steps: Step[]) => actEvidence('only', {}, { steps })
  const said = (program: string, what: string): Step => {
    const saw = { program, pid: 1, what, value: 'EACCES' }
    return { number: 1, atMs: 0, tookMs: 0, kind: 'said', program, pid: 1, line: null, saw }
  }

  test('where it rests on the word that the lie makes false', () => {
    const passed = { ...result('pass', 'EACCES'), restsOn: [1] }
    expect(falseWords('bind-denied', passed, act(said('opener', 'opened')))).toEqual(['opener: opened'])
    expect(falseWords('another-port', passed, act(said('opener', 'opened')))).toEqual([])
    expect(falseWords('bind-denied', { ...passed, verdict: 'fail' }, act(said('opener', 'opened')))).toEqual([])
    expect(falseWords('bind-denied', { ...passed, restsOn: [2] }, act(said('opener', 'opened')))).toEqual([])
  })

  test('never where the tables or our own sockets have shown it', () => {
    const { steps } = actEvidence('only', { a: started('a', '127.0.0.1'), b: connected('127.0.0.1', 'a') })
    expect(steps).toHaveLength(2)
    expect(wordsAlone(act(...steps), [1, 2])).toEqual([])
  })
})

test('system calls are replaced in every lab that measures no time', async () => {
  const plans = await planCalls({ labs: [], sample: null })
  expect(plans.length).toBeGreaterThan(20)
  expect(plans.every(({ lab, lies }) => lab.lab.alone !== true && lies.length === CALLS.length)).toBe(true)
  expect(await planCalls({ labs: [], sample: { size: 3, seed: 'a' } })).toHaveLength(3)
})
