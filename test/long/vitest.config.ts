/** Real runs that are too long for `npm test`: all labs, whole machines, networks of one's own, sessions kept as labs. */

import { defineConfig } from 'vitest/config'

import { SHARED } from '../vitest.config.ts'

export default defineConfig({
  test: { ...SHARED, include: ['test/{cli,long,run,verify}/**/*.suite.ts'], testTimeout: 180_000 },
})
