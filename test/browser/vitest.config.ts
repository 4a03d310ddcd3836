import { defineConfig } from 'vitest/config'

import { SHARED } from '../vitest.config.ts'

export default defineConfig({
  test: { ...SHARED, include: ['test/browser/**/*.suite.ts'], testTimeout: 120_000, hookTimeout: 120_000 },
})
