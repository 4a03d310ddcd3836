/** A whole class, graded by real runs of the grader: npm run test:grading. Too long for `npm test`. */

import { defineConfig } from 'vitest/config'

import { SHARED } from '../../vitest.config.ts'

export default defineConfig({
  test: {
    ...SHARED,
    include: ['test/grade/class/**/*.suite.ts'],
    // One grader keeps all cores busy.
    fileParallelism: false,
    reporters: ['verbose'],
  },
})
