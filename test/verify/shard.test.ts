import { expect, test } from 'vitest'

import { findLabs } from '../../harness/catalog/find.ts'
import { loadLab } from '../../harness/catalog/load.ts'
import { shardOf } from '../../harness/verify/shard.ts'

const labs = await Promise.all(findLabs().map((id) => loadLab(id)))
const parts = (of: number) => Array.from({ length: of }, (_, index) => shardOf(labs, { index: index + 1, of }))
const ownNetworks = (some: typeof labs) =>
  some.flatMap(({ lab }) => Object.values(lab.acts)).filter(({ network }) => network === 'own').length

test.each([1, 2, 3, 7, 30, 31, 100])('of %i parts each lab is in exactly one', (of) => {
  const ids = parts(of).flatMap((part) => part.map(({ id }) => id))
  expect(ids.toSorted()).toEqual(labs.map(({ id }) => id))
})

test('a part keeps the order of the labs', () => {
  for (const part of parts(3)) {
    const ids = part.map(({ id }) => id)
    expect(ids).toEqual(ids.toSorted())
  }
})

test.each([2, 3, 4])('of %i parts none has much more acts in networks of their own than another', (of) => {
  const counts = parts(of).map(ownNetworks)
  const most = Math.max(...labs.map((lab) => ownNetworks([lab])))
  expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(most + 1)
})

test('labs of one weight are dealt out in turn', () => {
  const some = ['01-a', '02-b', '03-c', '04-d'].map((id) => ({ id, lab: { id, acts: {} } }))
  expect([1, 2].map((index) => shardOf(some, { index, of: 2 }).map(({ id }) => id))).toEqual([
    ['01-a', '03-c'],
    ['02-b', '04-d'],
  ])
})
