/** What asks a whole machine, with real runs of `doctor`, `verify` and `compare`: npm run test:verify. Too long for `npm test`. */

import { defineConfig } from 'vitest/config'

import { SHARED } from '../vitest.config.ts'

export default defineConfig({
  test: { ...SHARED, include: ['test/verify/**/*.suite.ts', 'test/cli/*.suite.ts'], testTimeout: 180_000 },
})
