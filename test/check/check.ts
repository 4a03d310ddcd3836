/**
 * `npm run check`: all that must be right before a change is kept. What takes seconds runs side by side, then the tests.
 * One line for each step; the output only of what failed. Continuous integration runs the same.
 */

import { join, resolve } from 'node:path'

import { performCommand } from '../../harness/cli/perform-command.ts'
import { UsageError } from '../../harness/cli/usage.ts'
import { Step } from './step.ts'

const PROJECT = resolve(import.meta.dirname, '../..')
const inModules = (file: string) => join(PROJECT, 'node_modules', file)
const LAUNCHER = join(PROJECT, 'harness/cli/launch.cjs')

const QUICK: Step[] = [
  new Step('format', 'npx prettier --check .', [inModules('prettier/bin/prettier.cjs'), '--check', '.']),
  new Step('lint', 'npx oxlint --type-aware', [inModules('oxlint/bin/oxlint'), '--type-aware']),
  new Step('types', 'npx tsc --noEmit', [inModules('typescript/bin/tsc'), '--noEmit']),
  new Step('dead code', 'npx knip', [inModules('knip/bin/knip.js'), '--no-progress']),
  new Step('labs', 'npm run lab:check', [LAUNCHER, 'lab:check']),
  new Step('pages', 'npm run docs -- --check', [LAUNCHER, 'docs', '--check']),
]
const TESTS = new Step('tests', 'npm test', [LAUNCHER, 'test'])
const NAMES = [...QUICK, TESTS].map(({ name }) => name)

const HELP = `Checks the whole project; exit code 1 when anything is wrong.

  npm run check                      everything
  npm run check -- --quick           everything but the tests
  npm run check -- --help            this text

Each step runs alone as well:

${[...QUICK, TESTS].map(({ name, alone }) => `  ${name.padEnd(10)} ${alone}\n`).join('')}`

await performCommand({
  name: 'check',
  help: HELP,
  switches: ['quick'],
  async perform(words, isOn) {
    if (words.length > 0) throw new UsageError('it takes no words; --help shows how each step runs alone')
    listenForSignals()
    const quick = await Promise.all(QUICK.map(perform))
    const ok = [...quick, isOn('quick') ? true : await perform(TESTS)]
    const failed = NAMES.filter((_, index) => ok[index] === false)
    process.stdout.write(failed.length === 0 ? 'Everything is right.\n' : `Wrong: ${failed.join(', ')}.\n`)
    process.exitCode = failed.length === 0 ? 0 : 1
  },
})

async function perform(step: Step): Promise<boolean> {
  const { ok, seconds, output } = await step.run(PROJECT)
  const line = `${ok ? 'ok  ' : 'FAIL'}  ${step.name.padEnd(10)} ${seconds.toFixed(1).padStart(5)} s`
  process.stdout.write(ok ? `${line}\n` : `${line}   alone: ${step.alone}\n\n${output.trimEnd()}\n\n`)
  return ok
}

/** Ctrl-C reaches the steps as well, as they share our terminal; a signal from elsewhere has to be passed on. */
function listenForSignals(): void {
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const) {
    process.once(signal, () => {
      for (const step of [...QUICK, TESTS]) step.end(signal)
      process.exit(code)
    })
  }
}
