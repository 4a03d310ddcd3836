/** How many labs run side by side: as many as cores, open files and ports allow, and never none. */

import { expect, test } from 'vitest'

import { usualJobs } from '../../harness/run/jobs.ts'

const LARGE = { cores: 64, openFiles: Infinity, clientPorts: Infinity }

test.each([
  { means: { ...LARGE, cores: 2 }, jobs: 4 },
  { means: LARGE, jobs: 66 },
  { means: { ...LARGE, openFiles: 256 }, jobs: 14 },
  { means: { ...LARGE, openFiles: 64 }, jobs: 2 },
  { means: { ...LARGE, openFiles: 10 }, jobs: 1 },
  { means: { ...LARGE, clientPorts: 100 }, jobs: 6 },
  { means: { ...LARGE, clientPorts: 1 }, jobs: 1 },
])('$means: $jobs', ({ means, jobs }) => {
  expect(usualJobs(means)).toBe(jobs)
})
