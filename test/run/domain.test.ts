/** The words of the domain: addresses, a program's events, verdicts and exit codes. */

import { describe, expect, test } from 'vitest'

import { addressFamily, formatEndpoint, isWildcard, unmapped } from '../../harness/domain/endpoint.ts'
import { Inconclusive, StrangerOnPort } from '../../harness/domain/inconclusive.ts'
import { readProgramEvent } from '../../harness/domain/program-event.ts'
import type { Verdict } from '../../harness/domain/verdict.ts'
import { countVerdicts, exitCodeFor, VERDICTS } from '../../harness/domain/verdict.ts'

describe('addresses', () => {
  test.each([
    ['127.0.0.1', 'IPv4'],
    ['0.0.0.0', 'IPv4'],
    ['::', 'IPv6'],
    ['::1', 'IPv6'],
    ['::ffff:127.0.0.1', 'IPv6'],
  ])('%s belongs to %s', (address, family) => {
    expect(addressFamily(address)).toBe(family)
  })

  test('an endpoint has brackets around an IPv6 address only', () => {
    expect(formatEndpoint({ address: '127.0.0.1', port: 80 })).toBe('127.0.0.1:80')
    expect(formatEndpoint({ address: '::1', port: 80 })).toBe('[::1]:80')
  })

  test('the wildcard addresses are 0.0.0.0 and ::', () => {
    expect(['0.0.0.0', '::', '127.0.0.1', '::1', '::ffff:0.0.0.0'].filter(isWildcard)).toEqual(['0.0.0.0', '::'])
  })

  test.each([
    ['::ffff:127.0.0.1', '127.0.0.1'],
    ['::FFFF:10.0.0.1', '10.0.0.1'],
    ['::ffff:abcd', '::ffff:abcd'],
    ['::1', '::1'],
    ['127.0.0.1', '127.0.0.1'],
  ])('%s without its mapping is %s', (address, plain) => {
    expect(unmapped(address)).toBe(plain)
  })
})

describe('a line of a program', () => {
  test('is an event where it is the JSON of one', () => {
    const line = '{"event":"listening","local":{"address":"::","port":8080}}'
    expect(readProgramEvent(line)).toEqual({ event: 'listening', local: { address: '::', port: 8080 } })
  })

  test.each([
    '',
    'listening',
    '{',
    '{}',
    '{"event":"exploded"}',
    '{"event":["listening"',
    '[{"event":"listening"}]',
    'null',
    '{"event":null}',
    ' {"event":"listening"}',
  ])('is none where it is %j', (line) => {
    expect(readProgramEvent(line)).toBeUndefined()
  })
})

describe('verdicts', () => {
  const exitOf = (...verdicts: Verdict[]) => exitCodeFor(countVerdicts(verdicts.map((verdict) => ({ verdict }))))

  test('are counted by name', () => {
    const counts = countVerdicts([{ verdict: 'pass' }, { verdict: 'fail' }, { verdict: 'pass' }])
    expect(counts).toEqual({ pass: 2, fail: 1, noted: 0, skip: 0, inconclusive: 0 })
    expect(Object.keys(counts)).toEqual([...VERDICTS])
  })

  test.each<[Verdict[], number]>([
    [[], 0],
    [['pass'], 0],
    [['noted', 'skip'], 0],
    [['skip', 'skip'], 0],
    [['pass', 'fail'], 1],
    [['fail', 'inconclusive'], 1],
    [['pass', 'inconclusive'], 3],
    [['skip', 'inconclusive'], 3],
  ])('%j end with exit code %i', (verdicts, code) => {
    expect(exitOf(...verdicts)).toBe(code)
  })
})

test('a stranger on the port is one of the reasons for no observation', () => {
  const error = new StrangerOnPort('somebody')
  expect(error).toBeInstanceOf(Inconclusive)
  expect(error.name).toBe('StrangerOnPort')
})
