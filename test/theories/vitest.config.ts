import { defineConfig } from 'vitest/config'

import { SHARED } from '../vitest.config.ts'

export default defineConfig({ test: { ...SHARED, include: ['test/theories/**/*.suite.ts'] } })
