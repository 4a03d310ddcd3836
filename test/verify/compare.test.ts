import { describe, expect, test } from 'vitest'

import type { Comparison } from '../../harness/domain/comparison.ts'
import { countCompared, exitCodeForComparison } from '../../harness/domain/comparison.ts'
import type { SavedRun } from '../../harness/domain/evidence.ts'
import { compareRuns } from '../../harness/verify/compare.ts'
import { machine, saved } from './saved-runs.ts'

const compare = (...runs: SavedRun[]) =>
  compareRuns(runs.map((run, index) => ({ label: `run ${index + 1}`, saved: run })))
const likeness = ({ checks }: Comparison) => Object.fromEntries(checks.map((one) => [one.check, one.likeness]))
const fact = ({ facts }: Comparison, name: string) => facts.find((one) => one.name === name)

describe('checks', () => {
  test('are the same where both runs observed the same outcome, whatever they expected', () => {
    const [here, there] = [saved({ '01-a/x': 'connected' }), saved({ '01-a/x': 'connected' })]
    there.answers = there.answers.map((answer) => ({
      ...answer,
      verdict: 'noted',
      expected: null,
      seen: 'Otherwise told.',
    }))
    const comparison = compare(here, there)
    expect(likeness(comparison)).toEqual({ x: 'same' })
    expect(exitCodeForComparison(comparison)).toBe(0)
  })

  test('differ where two runs observed different outcomes', () => {
    const comparison = compare(saved({ '01-a/x': 'connected' }), saved({ '01-a/x': 'ECONNREFUSED' }))
    expect(comparison.checks).toEqual([
      {
        lab: '01-a',
        act: 'first',
        check: 'x',
        question: 'What of x?',
        likeness: 'differs',
        answers: [
          { verdict: 'pass', observed: ['connected'], seen: 'It was connected.' },
          { verdict: 'fail', observed: ['ECONNREFUSED'], seen: 'It was ECONNREFUSED.' },
        ],
      },
    ])
    expect(exitCodeForComparison(comparison)).toBe(1)
  })

  test('differ where one of three runs stands alone', () => {
    const runs = ['connected', 'timed-out', 'connected'].map((told) => saved({ '01-a/x': told }))
    expect(likeness(compare(...runs))).toEqual({ x: 'differs' })
  })

  test('differ where two of three observed them, and not alike', () => {
    const runs = ['connected', 'skip: lsof', 'timed-out'].map((told) => saved({ '01-a/x': told }))
    expect(likeness(compare(...runs))).toEqual({ x: 'differs' })
  })

  test.each([
    ['skipped', { '01-a/x': 'skip: lsof: not installed' }],
    ['inconclusive', { '01-a/x': 'inconclusive: the program did not start' }],
    ['not in the file', { '01-a/y': 'connected' }],
  ])('%s by one run are not compared, and never taken for the same', (_, other) => {
    const comparison = compare(saved({ '01-a/x': 'connected' }), saved(other))
    expect(likeness(comparison)['x']).toBe('not-everywhere')
    expect(countCompared(comparison.checks).compared).toBe(0)
    expect(exitCodeForComparison(comparison)).toBe(3)
  })

  test('skipped everywhere are unobserved, not the same', () => {
    const comparison = compare(saved({ '01-a/x': 'skip: lsof' }), saved({ '01-a/x': 'skip: lsof' }))
    expect(likeness(comparison)).toEqual({ x: 'unobserved' })
    expect(exitCodeForComparison(comparison)).toBe(3)
  })

  test('of several rounds are one answer, the most frequent outcome first, and the gravest verdict', () => {
    const rounds = ['timed-out', 'connected', 'connected', 'inconclusive: no port']
    const comparison = compare(saved({ '01-a/x': rounds }), saved({ '01-a/x': 'connected' }))
    expect(comparison.checks[0]?.answers[0]).toEqual({
      verdict: 'fail',
      observed: ['connected', 'timed-out'],
      seen: 'It was connected.',
    })
    expect(likeness(comparison)).toEqual({ x: 'differs' })
  })

  test('that are unsteady in the same way are the same, however often each outcome came', () => {
    const often = saved({ '01-a/x': ['timed-out', 'connected', 'connected'] })
    const seldom = saved({ '01-a/x': ['timed-out', 'timed-out', 'connected'] })
    expect(likeness(compare(often, seldom))).toEqual({ x: 'same' })
  })

  test('stand in the order of the labs, also those that only a later run has', () => {
    const first = saved({ '02-b/two': 'connected', '02-b/first': 'connected' })
    const second = saved({ '10-j/late': 'connected', '01-a/early': 'connected', '02-b/first': 'connected' })
    expect(compare(first, second).checks.map(({ check }) => check)).toEqual(['early', 'two', 'first', 'late'])
  })

  test('whose names objects have anyway are checks like others', () => {
    const names = { '01-a/__proto__': 'connected', 'constructor/toString': 'connected' }
    expect(compare(saved(names), saved(names)).checks).toHaveLength(2)
  })
})

describe('facts', () => {
  test('are named as people know them, in a fixed order, with the value of each run', () => {
    const other = machine({
      settings: [
        { name: 'net.ipv6.bindv6only', value: '1', usual: '0' },
        { name: 'net.ipv4.ip_unprivileged_port_start', value: null, usual: '1024' },
      ],
      tools: [{ name: 'lsof', version: null, why: 'not installed' }],
      capabilities: { ...machine().capabilities, lsof: 'not installed' },
    })
    const comparison = compare(saved({}, { machine: machine() }), saved({}, { machine: other }))
    expect(comparison.facts.filter(({ differs }) => differs)).toEqual([
      { name: 'net.ipv6.bindv6only', differs: true, values: ['0', '1'] },
      { name: 'net.ipv4.ip_unprivileged_port_start', differs: true, values: ['1024', 'none'] },
      { name: 'lsof', differs: true, values: ['4.95.0', 'none'] },
      { name: 'capability: lsof', differs: true, values: ['yes', 'no'] },
    ])
    const names = comparison.facts.map(({ name }) => name)
    for (const name of [
      'kernel',
      'Node',
      'libuv',
      'client ports',
      'right: privileged-ports',
      'capability: own-network',
    ]) {
      expect(names).toContain(name)
    }
    expect(new Set(names).size).toBe(names.length)
  })

  test('that one run does not know do not differ', () => {
    const comparison = compare(saved({}, { machine: machine() }), saved({}))
    expect(fact(comparison, 'net.ipv6.bindv6only')).toEqual({
      name: 'net.ipv6.bindv6only',
      differs: false,
      values: ['0', null],
    })
    expect(comparison.facts.filter(({ differs }) => differs)).toEqual([])
  })

  test('that only a later run has stand beside their kind', () => {
    const settings = [...machine().settings, { name: 'net.core.somaxconn', value: '4096', usual: '4096' }]
    const comparison = compare(saved({}, { machine: machine() }), saved({}, { machine: machine({ settings }) }))
    const names = comparison.facts.map(({ name }) => name)
    expect(names.indexOf('net.core.somaxconn')).toBe(names.indexOf('net.ipv4.ip_unprivileged_port_start') + 1)
  })

  test('differ by whether something works, not by how that was found', () => {
    const how = { works: true, how: 'tried on another port' }
    const other = machine({ protocols: { ...machine().protocols, ipv6: how } })
    const comparison = compare(saved({}, { machine: machine() }), saved({}, { machine: other }))
    expect(fact(comparison, 'works: ipv6')?.differs).toBe(false)
  })
})
