/** What `npm test` does with a few hundred texts, with thousands, and with texts of 100 MB: npm run test:listings. */

import { defineConfig } from 'vitest/config'

import { SHARED } from '../vitest.config.ts'

// Other texts each time; the title of a test tells the seed.
const { RUNS = '4000', SEED = String(Date.now() % 2 ** 31) } = process.env

export default defineConfig({
  test: {
    ...SHARED,
    // One file after the other: what is measured is time.
    maxWorkers: 1,
    include: ['test/listing/{properties,fuzz}.test.ts', 'test/listing/**/*.suite.ts'],
    testTimeout: 1_200_000,
    env: { RUNS, SEED },
  },
})
