/** Which causes a surprise gets, in which order, and that one which nothing known explains gets none. */

import { describe, expect, test } from 'vitest'

import type { ActEvidence } from '../../harness/domain/evidence.ts'
import type { LoadedLab } from '../../harness/domain/loaded-lab.ts'
import type { CheckResult } from '../../harness/domain/verdict.ts'
import { causesOf, diagnose } from '../../harness/verify/diagnose.ts'
import { refusals, surpriseOf } from '../../harness/verify/causes/surprise.ts'
import {
  actOf,
  bindRefused,
  clientRefused,
  connect,
  failure,
  labOf,
  machineWith,
  nothing,
  ORDINARY,
  resultOf,
  send,
  started,
} from './diagnosed.ts'

const diagnosed = (results: readonly CheckResult[], ...acts: ActEvidence[]) =>
  diagnose({ results, labs: [labOf(...acts)], machine: ORDINARY, loaded: [] })

describe('each surprise', () => {
  test('has its diagnosis, and other verdicts have none', () => {
    const results = (['pass', 'fail', 'noted', 'inconclusive', 'skip'] as const).map((verdict) =>
      resultOf({ id: `it-is-${verdict}`, verdict, observed: verdict === 'inconclusive' ? null : 'other', seen: 'so' }),
    )
    expect(diagnosed(results, actOf([started()]))).toEqual([
      {
        lab: '99-worked',
        check: 'it-is-fail',
        question: 'Is the client served?',
        verdict: 'fail',
        observed: 'other',
        expected: ['connected'],
        seen: 'so',
        causes: [],
      },
      expect.objectContaining({ check: 'it-is-inconclusive', verdict: 'inconclusive', observed: null, causes: [] }),
    ])
  })

  test('without evidence is told without a cause', () => {
    expect(diagnosed([resultOf({})])).toMatchObject([{ causes: [] }])
  })

  test('that nothing known explains has no cause, whatever is unusual about the machine', () => {
    const odd = machineWith({
      settings: {
        'net.ipv6.bindv6only': '1',
        'net.core.somaxconn': '1',
        'net.ipv4.ip_local_port_range': '40000 40001',
      },
      interposed: { LD_PRELOAD: 'libjemalloc.so.2', https_proxy: 'set', seccomp: 'a filter of system calls' },
      system: { surroundings: ['a container of Docker, or made from its image (the file /.dockerenv)'] },
      fails: { 'packet-filter': 'no', 'another-user': 'no', 'privileged-ports': 'no', ipv6: 'no' },
    })
    expect(causesOf(failure([started(), connect('connected')]), odd)).toEqual([])
    expect(causesOf(nothing('the kernel has turned round'), odd)).toEqual([])
  })
})

describe('the causes', () => {
  const ODD = machineWith({
    settings: { 'net.ipv4.ip_local_port_range': '40000 40001', 'net.ipv4.tcp_tw_reuse': '0' },
    interposed: { LD_PRELOAD: 'libtorsocks.so', ptrace: 'traced by another process' },
  })

  test('are three at most, those that the machine bears out first', () => {
    const kinds = causesOf(failure([clientRefused('EADDRNOTAVAIL')]), ODD).map(({ kind, isGuess }) => [kind, isGuess])
    expect(kinds).toEqual([
      ['setting', undefined],
      ['setting', undefined],
      ['interposed', undefined],
    ])
  })

  test('are no guesses where the observation itself shows one', () => {
    const causes = causesOf(nothing('interrupted by SIGINT', [connect('timed-out')]), ORDINARY)
    expect(causes).toMatchObject([{ found: 'The run was interrupted' }])
  })

  test('are marked where only the answer suggests them', () => {
    expect(causesOf(failure([send('silent')]), ORDINARY)).toMatchObject([{ kind: 'platform-rule', isGuess: true }])
  })

  test('are found the same for each surprise, so that a report can tell them once', () => {
    const [one, other] = [failure([clientRefused('EADDRNOTAVAIL')]), failure([bindRefused('EADDRINUSE', 0)])]
    expect(causesOf(one, ODD)[0]).toEqual(causesOf(other, ODD)[0])
  })

  test('may lie in another step of the act than those of the answer, and are guesses then', () => {
    const surprise = failure([started(), clientRefused('EADDRNOTAVAIL')], { restsOn: [1] })
    expect(causesOf(surprise, ODD)[0]).toMatchObject({ kind: 'setting', isGuess: true })
  })

  test('may lie in an act that took the time of the lab', () => {
    const late = actOf([], { act: 'later', problem: 'the lab took longer than 60 s' })
    const result = resultOf({ act: 'later', verdict: 'inconclusive', observed: null, seen: String(late.problem) })
    const [diagnosis] = diagnosed([result], actOf([connect('timed-out')]), late)
    expect(diagnosis?.causes.map(({ kind }) => kind).sort()).toEqual(['platform-rule', 'resource'])
  })
})

describe('what was refused', () => {
  const surprise = (check: Partial<CheckResult>, beside: string) => {
    const expect_ = { linux: { outcome: beside, source: '' } }
    const loaded = {
      id: '99-worked',
      defect: null,
      lab: { acts: { only: { checks: { beside: { expect: expect_ } } } } },
    }
    const options = { labs: [labOf(actOf([connect('timed-out')]))], loaded: [loaded as unknown as LoadedLab] }
    return surpriseOf(resultOf({ restsOn: [1], ...check }), { ...options, os: 'linux' })
  }

  test('is no symptom where the check is to have it', () => {
    expect(refusals(failure([connect('timed-out')], { expected: { outcomes: ['timed-out'], source: '' } }))).toEqual([])
  })

  test('is none where another check of the act is to have it', () => {
    expect(refusals(surprise({}, 'timed-out'))).toEqual([])
    expect(refusals(surprise({}, 'ECONNREFUSED'))).toHaveLength(1)
  })

  test('is one all the same where it is what was observed', () => {
    expect(refusals(surprise({ observed: 'timed-out' }, 'timed-out'))).toHaveLength(1)
  })

  test('is read off the reason as well', () => {
    expect(refusals(nothing('no free port for a client of [::1]:8080 (EADDRNOTAVAIL)'))).toEqual([
      { call: 'connect', code: 'EADDRNOTAVAIL', address: '::1', port: 8080, step: null },
    ])
  })
})

test('a result is held against the run of its lab that it is of', () => {
  const [calm, refused] = [actOf([started()]), actOf([bindRefused('EMFILE')], { durationMs: 9 })]
  const results = [resultOf({ durationMs: 9, restsOn: [1] })]
  const labs = [labOf(calm), { ...labOf(refused), round: 2 }]
  const [diagnosis] = diagnose({ results, labs, machine: ORDINARY, loaded: [] })
  expect(diagnosis?.causes).toMatchObject([{ kind: 'resource', found: expect.stringContaining('1024') as string }])
})
