/**
 * Full runs over and over, two side by side: no verdict may differ from the first one, and nothing may stay behind.
 * `npm run test:soak` takes most of an hour; `RUNS=5 npm run test:soak` is five rounds, and `SIDE_BY_SIDE=4` makes it
 * four runs at a time. No part of CI.
 */

import { expect, test } from 'vitest'

import { expectSound, runLabs, together } from '../run-all.ts'
import type { Told } from '../run-all.ts'

const RUNS = Number(process.env['RUNS'] ?? 100)
const SIDE_BY_SIDE = Number(process.env['SIDE_BY_SIDE'] ?? 2)
const rounds = Array.from({ length: RUNS }, (_, index) => index + 1)

const verdicts = ({ checks }: Told) => checks.map(({ id, verdict }) => `${id}: ${verdict}`)
let first: string[] | undefined

test.for(rounds)(`round %i of ${RUNS}`, async () => {
  for (const told of await together(...Array.from({ length: SIDE_BY_SIDE }, () => runLabs('all')))) {
    expectSound(told)
    first ??= verdicts(told)
    expect(verdicts(told), told.events).toEqual(first)
  }
})
