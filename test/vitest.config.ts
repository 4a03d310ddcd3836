import { availableParallelism } from 'node:os'

import { defineConfig } from 'vitest/config'

/** For every suite: tests start real processes, and wait for them. */
export const SHARED = {
  // A fork, unlike a thread, is a process of its own with its own signals.
  pool: 'forks',
  // One more than cores, because some are always waiting; few, because the programs of the tests want a core too.
  maxWorkers: Math.min(availableParallelism(), 4) + 1,
  testTimeout: 60_000,
  hookTimeout: 60_000,
} as const

/** Tests of functions, or of programs in processes of their own: files that share a process do not meet in it. */
const SIDE_BY_SIDE = ['test/{claims,labs,report,selftest,theories}/**/*.test.ts', 'test/claims.test.ts']

export default defineConfig({
  test: {
    ...SHARED,
    projects: [
      // Loading the harness and a lab anew for each file would take longer than the tests.
      { extends: true, test: { name: 'side by side', include: SIDE_BY_SIDE, isolate: false } },
      { extends: true, test: { name: 'apart', include: ['test/**/*.test.ts'], exclude: SIDE_BY_SIDE } },
    ],
  },
})
