import { defineConfig } from 'vitest/config'

import { SHARED } from '../vitest.config.ts'

export default defineConfig({
  test: {
    ...SHARED,
    include: ['test/environments/**/*.suite.ts'],
    // One run of all labs keeps both cores busy.
    fileParallelism: false,
    testTimeout: 300_000,
  },
})
