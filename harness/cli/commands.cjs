/** What `npm run` can start. Read by the launcher, and so in the syntax of Node 6. */
'use strict'

const VITEST = 'node_modules/vitest/vitest.mjs'

/**
 * `args` go before the user's own. `watched` ones get a pipe that closes when the launcher dies; programs and tools
 * that are not ours do not, they may take an open descriptor 3 for something else. `tools` ones need what npm leaves
 * out with --omit=dev or --omit=optional.
 */
module.exports = {
  lab: { file: 'harness/cli/lab.ts', watched: true },
  claims: { file: 'harness/cli/claims.ts', watched: true },
  try: { file: 'harness/cli/try.ts', watched: true },
  ports: { file: 'harness/cli/ports.ts', watched: true },
  doctor: { file: 'harness/cli/doctor.ts', watched: true },
  verify: { file: 'harness/cli/verify.ts', watched: true },
  compare: { file: 'harness/cli/compare.ts', watched: true },
  grade: { file: 'harness/cli/grade.ts', watched: true },
  'lab:new': { file: 'harness/cli/lab-new.ts', watched: true },
  'lab:check': { file: 'harness/cli/lab-check.ts', watched: true },
  'lab:handout': { file: 'harness/cli/lab-handout.ts', watched: true },
  docs: { file: 'harness/cli/docs.ts', watched: true },
  bench: { file: 'test/bench/bench.ts', watched: true },
  selftest: { file: 'test/selftest/selftest.ts', watched: true },
  check: { file: 'test/check/check.ts', tools: true },
  test: { file: VITEST, args: ['run', '--config', 'test/vitest.config.ts'], tools: true },
  'test:listings': { file: VITEST, args: ['run', '--config', 'test/listing/vitest.config.ts'], tools: true },
  'test:theories': { file: VITEST, args: ['run', '--config', 'test/theories/vitest.config.ts'], tools: true },
  'test:environments': { file: VITEST, args: ['run', '--config', 'test/environments/vitest.config.ts'], tools: true },
  'test:long': { file: VITEST, args: ['run', '--config', 'test/long/vitest.config.ts'], tools: true },
  'test:browser': { file: VITEST, args: ['run', '--config', 'test/browser/vitest.config.ts'], tools: true },
  'test:grading': { file: VITEST, args: ['run', '--config', 'test/grade/class/vitest.config.ts'], tools: true },
  'test:soak': { file: VITEST, args: ['run', '--config', 'test/soak/vitest.config.ts'], tools: true },
}
