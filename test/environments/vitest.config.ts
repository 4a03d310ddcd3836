import { defineConfig } from 'vitest/config'

import { SHARED } from '../vitest.config.ts'

export default defineConfig({
  test: {
    ...SHARED,
    include: ['test/environments/**/*.suite.ts'],
    // One run of all labs keeps both cores busy.
    fileParallelism: false,
    testTimeout: 540_000,
    // One line for each environment, with the reason where it was skipped.
    reporters: ['verbose'],
  },
})
