/**
 * Holds theories against the running kernel with random sequences of operations. By hand:
 * node test/theories/against-kernel.ts --runs 2000 --theory M6 --theory M8 --seed 1
 * In a network namespace of its own, so that settings can be changed; a disagreement is shrunk and told as a story.
 */

import { spawn } from 'node:child_process'
import { release } from 'node:os'
import { parseArgs } from 'node:util'

import type { TheoryName } from '../../harness/domain/theory.ts'
import { THEORIES } from '../../harness/theories/theories.ts'
import type { Followed } from '../../harness/verify/random-follow.ts'
import { foretellRandomly } from '../../harness/verify/random.ts'

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

/** The theories one after the other. */
async function inside(name: string): Promise<void> {
  for (const theory of values.theory) {
    if (await isRefuted(theory as TheoryName, name)) process.exitCode = 1
  }
}

/** Says what was seen, and whether it refuted the theory. */
async function isRefuted(theory: TheoryName, name: string): Promise<boolean> {
  const tally: Tally = {}
  const { seed, sequences, steps, disagreement, durationMs } = await foretellRandomly({
    sequences: Number(values.runs),
    seed: Number(values.seed),
    signal: new AbortController().signal,
    theory: THEORIES[theory],
    onFollowed: (followed) => count(followed, tally),
  })
  const head = `${theory} against Linux ${release()}, ${name} settings: ${sequences} sequences, seed ${seed}`
  const lines = [
    `${head}, ${(durationMs / 1000).toFixed(1)} s, ${steps} steps foretold`,
    ...Object.entries(tally)
      .toSorted(([one], [other]) => one.localeCompare(other))
      .map(([what, times]) => `  ${what.padEnd(44)} ${String(times).padStart(6)}`),
    ...(disagreement ? ['They disagree. The shortest sequence that shows it:', ...told(disagreement.story)] : []),
    ...(disagreement?.byHand ? [disagreement.byHand] : []),
  ]
  process.stdout.write(lines.join('\n') + '\n')
  return disagreement !== null
}

function told(story: readonly { step: string; foretold: string; happened: string }[]): string[] {
  return story.map((one, index) => `${index + 1}. ${one.step}: ${one.happened}, foretold: ${one.foretold}`)
}

/** How often each thing was seen, so that one sees that a test looked at something. */
type Tally = Record<string, number>

function count({ told }: Followed, tally: Tally): void {
  for (const { deed, foretold, happened } of told) {
    const isTaken = happened.startsWith('step ')
    const what = isTaken ? (foretold?.includes(' or ') ? 'one of a group' : 'one socket') : happened
    const how = deed.do === 'open' ? ` ${deed.asked.protocol}` : deed.do === 'arrive' ? ` over ${deed.protocol}` : ''
    const name = `${deed.do}${how}: ${what}`
    tally[name] = (tally[name] ?? 0) + 1
  }
}
