import { defineConfig } from 'vitest/config'

import { SHARED } from '../vitest.config.ts'

export default defineConfig({
  test: {
    ...SHARED,
    include: ['test/soak/**/*.suite.ts'],
    testTimeout: 300_000,
    // The first round that goes wrong is the one to look at.
    bail: 1,
    reporters: ['verbose'],
  },
})
