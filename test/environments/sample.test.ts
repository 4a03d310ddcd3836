/** The lots: the same seed draws the same, and other seeds come to all of them. */

import { expect, test } from 'vitest'

import { drawn } from './sample.ts'
import { ENVIRONMENTS } from './table.ts'

const names = (size: number, seed: string) => drawn(ENVIRONMENTS, size, seed).map(({ name }) => name)

test('no two environments have one name', () => {
  expect(new Set(ENVIRONMENTS.map(({ name }) => name)).size).toBe(ENVIRONMENTS.length)
})

test('a seed draws so many environments, and the same ones again', () => {
  expect(names(6, 'a')).toHaveLength(6)
  expect(names(6, 'a')).toEqual(names(6, 'a'))
  expect(names(6, 'a')).not.toEqual(names(6, 'b'))
  expect(names(1_000, 'a')).toEqual(ENVIRONMENTS.map(({ name }) => name))
})

test('in a hundred seeds every environment has had its turn', () => {
  const seen = new Set(Array.from({ length: 100 }, (_, index) => names(6, String(index))).flat())
  expect([...seen].sort()).toEqual(ENVIRONMENTS.map(({ name }) => name).sort())
})
