/** Random sequences against this kernel: a theory with one wrong rule is found out, and told in the fewest steps. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

import { execa } from 'execa'
import { describe, expect, test } from 'vitest'

import type { RandomResult } from '../../harness/domain/verification.ts'
import { THEORIES } from '../../harness/theories/theories.ts'
import type { Theory } from '../../harness/theories/theory.ts'
import { foretellRandomly } from '../../harness/verify/random.ts'
import { randomStory } from '../../harness/words/random.en.ts'
import { leftoversAfter, newMark } from '../leftovers.ts'

const { M8 } = THEORIES
const PROJECT = join(import.meta.dirname, '../..')
const isLinux = process.platform === 'linux'

const ask = (theory: Theory, sequences: number, over = {}) =>
  foretellRandomly({ sequences, seed: 5, signal: new AbortController().signal, theory, ...over })

/** A theory that knows M8's answers, but for one rule. */
const WRONG: [string, Theory, RegExp[]][] = [
  [
    'an IPv4 listener does not bar the same one',
    {
      ...M8,
      mayBind: (world, wish) => {
        const said = M8.mayBind(world, wish)
        return said === 'EADDRINUSE' && wish.asked.protocol === 'tcp' ? 'ok' : said
      },
    },
    [
      /^1\. tcp \S+( \w+)*: it listens, as M8 had said\.$/,
      /^2\. tcp .*: the system answers EADDRINUSE\. M8 had said: it /,
    ],
  ],
  [
    'a datagram is for nobody',
    { ...M8, whoGets: (world, arrival) => (arrival.protocol === 'udp' ? [] : M8.whoGets(world, arrival)) },
    [
      /^1\. udp \S+/,
      /^2\. -> \S+ udp.*: the socket of step 1 gets it\. M8 had said: nobody gets it, and it is refused/,
    ],
  ],
]

describe.skipIf(!isLinux)(`a theory with one wrong rule${isLinux ? '' : ' (skipped: M8 speaks of Linux)'}`, () => {
  test.each(WRONG)('%s: is found out in two steps, which the bench repeats', async (_name, theory, expected) => {
    const progress: number[] = []
    const result = await ask(theory, 300, { onProgress: (done: number) => progress.push(done) })
    const [headline, first, second, found, , line = ''] = randomStory(result)
    expect(headline).toContain('disagree')
    expect(first).toMatch(expected[0] as RegExp)
    expect(second).toMatch(expected[1] as RegExp)
    expect(found).toContain(`${result.sequences} random sequences`)
    expect(progress).toEqual(progress.map((_, index) => index + 1))
    // What the kernel did, it does again at the bench.
    const [, ...steps] = [...line.matchAll(/'([^']*)'|^npm run try --/g)].map(([, step]) => step ?? '')
    const again = await tried(steps)
    const happened = result.disagreement?.story.map((one) => one.happened)
    expect(again).toEqual(happened)
  })
})

async function tried(steps: readonly string[]): Promise<string[]> {
  const args = ['harness/cli/launch.cjs', 'try', ...steps, '--json']
  const { stdout } = await execa(process.execPath, args, { cwd: PROJECT, reject: false })
  const { steps: done } = JSON.parse(stdout) as {
    steps: { outcome: string; receiver: { step: number } | null }[]
  }
  return done.map(({ outcome, receiver }) => (receiver ? `step ${receiver.step}` : outcome))
}

test('M8 itself agrees with this kernel, and was put to the test', async () => {
  const result = await ask(M8, 60)
  expect(randomStory(result).join('\n')).toMatch(isLinux ? /^M8 and this kernel agree: 60 random/ : /./)
  if (isLinux) expect(result.steps).toBeGreaterThan(60)
})

test('whoever aborts gets an error, and no process is left', async () => {
  const mark = newMark()
  const stop = new AbortController()
  Object.assign(process.env, mark.env)
  try {
    const asked = ask(M8, 10_000, { signal: stop.signal, onProgress: () => stop.abort(new Error('enough')) })
    await expect(asked).rejects.toThrow('enough')
  } finally {
    for (const name of Object.keys(mark.env)) delete process.env[name]
  }
  expect(await leftoversAfter(mark)).toEqual([])
})

test('no process is left where the harness is killed in the middle', async () => {
  const mark = newMark()
  const program = `
    import { foretellRandomly } from ${JSON.stringify(join(PROJECT, 'harness/verify/random.ts'))}
    const signal = new AbortController().signal
    await foretellRandomly({ sequences: 100000, seed: 1, signal, onProgress: (done) => process.stdout.write(done + ' ') })`
  const args = ['--disable-warning=ExperimentalWarning', '--input-type=module-typescript', '--eval', program]
  const harness = spawn(process.execPath, args, {
    env: { ...process.env, ...mark.env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(harness.stdout, 'data')
  harness.kill('SIGKILL')
  await once(harness, 'exit')
  expect(await leftoversAfter(mark)).toEqual([])
})

describe('the words', () => {
  const result: RandomResult = { seed: 7, sequences: 40, steps: 0, disagreement: null, durationMs: 9 }

  test('say when nothing was put to the test', () => {
    expect(randomStory(result)).toEqual([
      'M8 was not put to the test: 40 random sequences of socket calls, 0 steps foretold and answered, seed 7.',
    ])
  })

  test('say who may get it, and that the bench cannot repeat it', () => {
    const story = [
      { step: 'tcp :: bound', foretold: '', happened: 'bound' },
      { step: 'listen 1', foretold: 'EADDRINUSE', happened: 'listening' },
      { step: '-> ::1', foretold: 'step 1 or step 2', happened: 'ECONNREFUSED' },
    ]
    expect(randomStory({ ...result, steps: 2, disagreement: { story, byHand: null } }).slice(1)).toEqual([
      '1. tcp :: bound: it is bound.',
      '2. listen 1: it listens. M8 had said: the system answers EADDRINUSE.',
      '3. -> ::1: nobody gets it, and it is refused with ECONNREFUSED. M8 had said: the socket of step 1 or of step 2 gets it.',
      'It was found among 40 random sequences of socket calls, 2 steps foretold and answered, seed 7.',
      'The bench of npm run try has no words for all of it.',
    ])
  })
})
