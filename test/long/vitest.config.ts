/** Real runs that are too long for `npm test`: of whole machines, of networks of their own, of sessions kept as labs. */

import { defineConfig } from 'vitest/config'

import { SHARED } from '../vitest.config.ts'

export default defineConfig({
  test: { ...SHARED, include: ['test/{cli,run,verify}/**/*.suite.ts'], testTimeout: 180_000 },
})
