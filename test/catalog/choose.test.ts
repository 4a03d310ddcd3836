import { expect, test } from 'vitest'

import { chooseLab } from '../../harness/catalog/choose.ts'

const IDS = ['01-tcp-udp-same-port', '02-reuse-port', '04-dual-stack', '11-dual-homed', '12-a', '12-b']

test.each([
  ['04-dual-stack', '04-dual-stack'],
  ['04', '04-dual-stack'],
  ['4', '04-dual-stack'],
  ['dual-stack', '04-dual-stack'],
  ['12-a', '12-a'],
])('%s means %s', (word, id) => {
  expect(chooseLab(word, IDS)).toEqual({ id })
})

test('a number that two labs have means neither', () => {
  expect(chooseLab('12', IDS)).toEqual({ ambiguous: '12', among: ['12-a', '12-b'] })
})

test.each([
  ['04-dualstack', '04-dual-stack'],
  ['4-dual-stack', '04-dual-stack'],
  ['reuse-prot', '02-reuse-port'],
  ['stack', '04-dual-stack'],
])('the lab nearest to %s is %s', (word, id) => {
  expect(chooseLab(word, IDS)).toMatchObject({ unknown: word, nearest: [id, expect.any(String), expect.any(String)] })
})

test('a beginning of a name is not enough to run a lab', () => {
  expect(chooseLab('dual', IDS)).toMatchObject({ unknown: 'dual' })
  expect(chooseLab('', IDS)).toMatchObject({ unknown: '' })
  expect(chooseLab('004', IDS)).toMatchObject({ unknown: '004' })
})

test('where there are no labs there is none that is near', () => {
  expect(chooseLab('04', [])).toEqual({ unknown: '04', nearest: [] })
})
