/** In what order the answers to a question are offered. */

import { expect, test } from 'vitest'

import { findLabs } from '../../harness/catalog/find.ts'
import { loadLab } from '../../harness/catalog/load.ts'
import { offered } from '../../harness/domain/choice-order.ts'

test('has every answer once, and is the same each time', () => {
  const outcomes = ['connected', 'ECONNREFUSED', 'timed-out', 'neither']
  const order = offered('client-reaches-listener', outcomes)
  expect(order.toSorted()).toEqual(outcomes.toSorted())
  expect(offered('client-reaches-listener', outcomes.toReversed())).toEqual(order)
})

test('does not give the right answer away: it is as often the first one as chance has it', async () => {
  const labs = await Promise.all(findLabs().map((id) => loadLab(id)))
  const checks = labs.flatMap(({ lab }) => Object.values(lab.acts).flatMap((act) => Object.entries(act.checks)))
  let expected = 0
  let variance = 0
  let first = 0
  for (const [id, { outcomes, expect: expectations }] of checks) {
    const right = [expectations.linux?.outcome ?? expectations.posix?.outcome ?? []].flat()
    const chance = right.length / outcomes.length
    expected += chance
    variance += chance * (1 - chance)
    if (right.includes(offered(id, outcomes)[0] ?? '')) first += 1
  }
  // Nothing random is drawn here: the names of the labs either give more than three standard deviations, or not.
  expect(Math.abs(first - expected)).toBeLessThan(3 * Math.sqrt(variance))
})
