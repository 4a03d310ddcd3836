/**
 * Holds theories against the running kernel with random sequences of operations. By hand:
 * node test/theories/against-kernel.ts --runs 2000 --theory M6 --theory M8 --seed 1
 * In a network namespace of its own; a disagreement is shrunk to the shortest sequence and told as a story.
 */

import { execFileSync, spawn } from 'node:child_process'
import { parseArgs } from 'node:util'

import fc from 'fast-check'

import type { TheoryName } from '../../harness/domain/theory.ts'
import { THEORIES } from '../../harness/theories/theories.ts'
import { follow } from './follow.ts'
import type { Tally } from './follow.ts'
import { Kernel, readSetting } from './kernel.ts'
import { sequences } from './operation.ts'

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '12000' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    theory: { type: 'string', multiple: true, default: ['M8'] },
    inside: { type: 'string' },
  },
})

/** Half of the sequences under the settings that Linux comes with, half under others. */
const SETTINGS = {
  usual: '',
  unusual: 'sysctl -qw net.ipv6.bindv6only=1 net.ipv4.ip_nonlocal_bind=1 net.ipv6.ip_nonlocal_bind=1',
}

await (values.inside === undefined ? outside() : inside(values.inside))

/** One copy of this program for each setting, side by side. */
async function outside(): Promise<void> {
  const runs = Math.ceil(Number(values.runs) / Object.keys(SETTINGS).length)
  // Root has other users at hand, as long as it stays in its own user namespace.
  const unshare = process.getuid?.() === 0 ? ['-n'] : ['-rn']
  const ends = Object.entries(SETTINGS).map(([name, setup]) => {
    const script = `ip link set lo up; ${setup || ':'}; exec "$@"`
    const again = ['--disable-warning=ExperimentalWarning', import.meta.filename, '--inside', name]
    const options = ['--runs', String(runs), '--seed', values.seed]
    const theories = values.theory.flatMap((theory) => ['--theory', theory])
    const args = [...unshare, 'sh', '-c', script, 'sh', process.execPath, ...again, ...options, ...theories]
    const child = spawn('unshare', args, { stdio: 'inherit' })
    return new Promise<number>((resolve) => child.on('close', (code) => resolve(code ?? 2)))
  })
  process.exitCode = Math.max(...(await Promise.all(ends)))
}

/** The theories one after the other, against the same processes. */
async function inside(name: string): Promise<void> {
  const kernel = new Kernel()
  const refuted: boolean[] = []
  for (const theory of values.theory) refuted.push(await holdAgainst(kernel, theory as TheoryName, name))
  kernel.end()
  process.exitCode = refuted.includes(true) ? 1 : 0
}

/** Says what was seen, and whether it refuted the theory. */
async function holdAgainst(kernel: Kernel, theoryName: TheoryName, name: string): Promise<boolean> {
  const theory = THEORIES[theoryName]
  const setting = readSetting()
  const tally: Tally = {}
  const since = performance.now()
  const property = fc.asyncProperty(sequences, async (operations) => {
    const { disagreement, story } = await follow(operations, theory, kernel, setting, tally)
    if (disagreement !== null) throw new Error([...story, `${theoryName} said ${disagreement}`].join('\n'))
  })
  const { failed, counterexample, numRuns, numShrinks } = await fc.check(property, {
    numRuns: Number(values.runs),
    seed: Number(values.seed),
  })
  const [shortest] = counterexample ?? []
  const told = shortest && (await follow(shortest, theory, kernel, setting, {}))
  const seconds = ((performance.now() - since) / 1000).toFixed(1)
  const lines = [
    `${theoryName} against Linux ${execFileSync('uname', ['-r'], { encoding: 'utf8' }).trim()}, ${name} settings: ` +
      `${numRuns} sequences, seed ${values.seed}, ${seconds} s`,
    ...Object.entries(tally)
      .toSorted(([one], [other]) => one.localeCompare(other))
      .map(([what, count]) => `  ${what.padEnd(44)} ${String(count).padStart(6)}`),
    ...(told
      ? [
          `The shortest of ${numShrinks + 1} sequences that disagree:`,
          ...told.story,
          `${theoryName} said ${told.disagreement}`,
        ]
      : []),
  ]
  process.stdout.write(lines.join('\n') + '\n')
  return failed
}
