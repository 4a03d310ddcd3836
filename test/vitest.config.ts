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

/** They run the harness in their own process, where it remembers what it found out of the machine; or share a folder. */
const APART = ['test/{listing,run,setup}/**/*.test.ts']

export default defineConfig({
  test: {
    ...SHARED,
    projects: [
      { extends: true, test: { name: 'apart', include: APART } },
      // All others test functions, or programs in processes of their own. Files that share a process do not meet in
      // it, and to load the harness and every lab anew for each of them would take longer than the tests.
      { extends: true, test: { name: 'shared', include: ['test/**/*.test.ts'], exclude: APART, isolate: false } },
    ],
  },
})
