/** Where no network of its own can be made, an act is skipped by name; and however such an act ends, nothing is left. */

import { describe, expect, test } from 'vitest'

import { startLab } from '../lab-command.ts'
import { leftovers, leftoversAfter, newMark } from '../leftovers.ts'
import { namespaced, noNamespace } from '../namespace.ts'
import { LABS, only, reasons, skipped, tell, verdicts } from './own-network-runs.ts'

describe.skipIf(noNamespace)(`a machine on which no network can be made${skipped}`, () => {
  const whole = (reason: string) => new RegExp(`^own-network: no network namespace can be made.*${reason}`)

  test.for([
    ['unshare', only(), /without the tool unshare \(ENOENT\)/],
    ['ip', only('unshare'), /the tool ip is not installed/],
  ] as const)('for want of %s skips the acts by that name, and performs the others', async ([, env, reason]) => {
    const { exitCode, results } = await tell(['01'], { env })
    expect({ exitCode, verdicts: verdicts(results) }).toEqual({
      exitCode: 0,
      verdicts: ['skip', 'skip', 'pass', 'skip', 'skip'],
    })
    const why = reasons(results.filter(({ verdict }) => verdict === 'skip'))
    expect(why).toEqual([expect.stringMatching(whole(reason.source))])
  })

  test('by anybody skips them with the words of the tool', async () => {
    const prefix = namespaced('echo 0 > /proc/sys/user/max_net_namespaces')
    const { exitCode, results } = await tell(['02'], { prefix })
    expect({ exitCode, verdicts: verdicts(results) }).toEqual({ exitCode: 0, verdicts: Array(4).fill('skip') })
    expect(reasons(results)).toEqual([expect.stringMatching(whole('unshare failed: No space left on device'))])
  })

  test('but by root, because user namespaces are forbidden, makes one without them', async () => {
    const prefix = namespaced('echo 0 > /proc/sys/user/max_user_namespaces')
    const { exitCode, results } = await tell(['02'], { prefix })
    expect({ exitCode, verdicts: verdicts(results) }).toEqual({ exitCode: 0, verdicts: Array(4).fill('pass') })
  })

  test('for a second host skips the act that needs one', async () => {
    const { exitCode, results } = await tell(['02'], { env: only('unshare', 'ip') })
    expect({ exitCode, verdicts: verdicts(results) }).toEqual({ exitCode: 0, verdicts: Array(4).fill('skip') })
    expect(reasons(results)).toEqual([expect.stringMatching(/^neighbour: .*the tool nsenter is not installed/)])
  })
})

describe.skipIf(noNamespace)(`the end of an act in a network of its own${skipped}`, () => {
  /** Starts a fixture, and gives it the signal when its program listens. */
  async function interrupted(signal: NodeJS.Signals) {
    const mark = newMark()
    const running = startLab(['03', '--report', 'ndjson'], { env: { ...LABS, ...mark.env } })
    let heard = ''
    running.stdout.on('data', (piece: Buffer) => {
      const before = heard.includes('"type":"step"')
      heard += piece.toString()
      if (!before && heard.includes('"type":"step"')) running.kill(signal)
    })
    const { exitCode, stdout, signal: by } = await running
    return { exitCode, by, stdout, left: await leftoversAfter(mark) }
  }

  test.for([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('by %s is an orderly one', async ([signal, code]) => {
    const { exitCode, stdout, left } = await interrupted(signal)
    expect({ exitCode, left }).toEqual({ exitCode: code, left: [] })
    expect(stdout).toContain(`interrupted by ${signal}`)
  })

  test('by SIGKILL of the harness leaves nothing: its process ends with its channel, and the guardian sees to it', async () => {
    const { by, left } = await interrupted('SIGKILL')
    expect({ by, left }).toEqual({ by: 'SIGKILL', left: [] })
  })

  async function expectInconclusive(args: readonly string[], why: RegExp): Promise<void> {
    const { exitCode, results, acts, left } = await tell(args)
    expect({ exitCode, left, verdicts: verdicts(results) }).toEqual({
      exitCode: 3,
      left: [],
      verdicts: ['inconclusive'],
    })
    expect(results[0]?.seen).toMatch(why)
    expect(acts[0]).toMatchObject({ network: 'own', port: 8080, steps: [{ kind: 'start' }] })
  }

  test.for([
    ['04-ends-its-process', /has gone: it ended with exit code 7$/],
    ['05-drops-a-promise', /^an error that nobody caught: Error: nobody waits for me/],
  ] as const)('%s is inconclusive, says why, and keeps what was seen', async ([id, why]) => {
    await expectInconclusive([id], why)
  })

  // Side by side, because they do nothing until their time is up.
  test.concurrent.for([
    ['03-never-ends', /^the lab took longer than 4 s/],
    ['06-hears-nothing', /^the lab took longer than 4 s$/],
  ] as const)('%s is inconclusive when its time is up, and keeps what was seen', async ([id, why]) => {
    await expectInconclusive([id, '--timeout', '4'], why)
  })

  test('by the death of its process ends what that had started', async () => {
    const mark = newMark()
    const running = startLab(['03', '--report', 'ndjson'], { env: { ...LABS, ...mark.env } })
    const victim = await new Promise<number>((resolve) => {
      running.stdout.on('data', (piece: Buffer) => {
        const found = leftovers(mark).find((line) => line.includes('elsewhere-entry'))
        if (piece.includes('"type":"step"') && found) resolve(Number(found.split(' ')[0]))
      })
    })
    process.kill(victim, 'SIGKILL')
    const { exitCode, stdout } = await running
    expect({ exitCode, left: await leftoversAfter(mark) }).toEqual({ exitCode: 3, left: [] })
    expect(stdout).toContain('has gone: it ended by SIGKILL')
  })
})
