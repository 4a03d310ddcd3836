/**
 * Acts with a network of their own, and a second host: they pass, are skipped by name, and leave nothing behind. That
 * an ordinary user has them just so is seen in test/environments.
 */

import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { execaSync } from 'execa'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { loadLab } from '../../harness/catalog/load.ts'
import type { RunEvent } from '../../harness/domain/event.ts'
import type { ActEvidence, SavedRun } from '../../harness/domain/evidence.ts'
import type { CheckResult } from '../../harness/domain/verdict.ts'
import { newMarker } from '../../harness/process/marker.ts'
import { startInOwnNetwork } from '../../harness/process/own-network.ts'
import { run } from '../../harness/run/run.ts'
import type { LabRunOptions } from '../lab-command.ts'
import { lab, startLab } from '../lab-command.ts'
import { leftovers, leftoversAfter, newMark } from '../leftovers.ts'
import { faultFor } from '../lies/fault.ts'
import { namespaced, noNamespace } from '../namespace.ts'

const LABS = { SOCKET_LABS_FOLDER: join(import.meta.dirname, '../fixtures/networks') }
const scratch = mkdtempSync(join(tmpdir(), 'own-network-'))
afterAll(() => rmSync(scratch, { recursive: true }))

/** Runs a fixture to its end, and looks for what it left. */
async function tell(args: readonly string[], { env = {}, prefix = [] }: LabRunOptions = {}) {
  const mark = newMark()
  const { exitCode, stdout, stderr } = await lab([...args, '--report', 'ndjson'], {
    prefix,
    env: { ...LABS, ...mark.env, ...env },
  })
  return { exitCode, stderr, ...read(stdout), left: await leftoversAfter(mark) }
}

/** The answers and the acts, from a report in ndjson. */
function read(ndjson: string): { results: CheckResult[]; acts: ActEvidence[] } {
  const events = ndjson.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as RunEvent]))
  return {
    results: events.flatMap((event) => (event.type === 'check' ? [event.result] : [])),
    acts: events.flatMap((event) => (event.type === 'act-end' ? [event.evidence] : [])),
  }
}

const verdicts = (results: readonly CheckResult[]) => results.map(({ verdict }) => verdict)
const reasons = (results: readonly CheckResult[]) => [...new Set(results.map(({ seen }) => seen))]

/** A folder with nothing but these tools, for a PATH. */
function only(...tools: string[]): Record<string, string> {
  const folder = join(scratch, `only-${tools.join('-')}`)
  mkdirSync(folder, { recursive: true })
  for (const tool of tools) symlinkSync(whereIs(tool), join(folder, tool))
  return { PATH: folder }
}

function whereIs(tool: string): string {
  return execaSync('/bin/sh', ['-c', `command -v ${tool}`]).stdout
}

const skipped = noNamespace ? ` (skipped: ${noNamespace})` : ''

describe.skipIf(noNamespace)(`an act with a network of its own${skipped}`, () => {
  /** One run of both fixtures, told in words, as events, and kept. */
  const [saved, events] = [join(scratch, 'saved.json'), join(scratch, 'events.ndjson')]
  const mark = newMark()
  let told: Awaited<ReturnType<typeof lab>>

  beforeAll(async () => {
    const reports = ['--report', 'narrated', '--report', `ndjson=${events}`]
    told = await lab(['01', '02', '--save', saved, ...reports], { env: { ...LABS, ...mark.env } })
  })

  test('passes on 8080, alone in it, while acts of the machine run beside it', async () => {
    const { results, acts } = read(readFileSync(events, 'utf8'))
    expect({ exitCode: told.exitCode, verdicts: verdicts(results), left: await leftoversAfter(mark) }).toEqual({
      exitCode: 0,
      verdicts: Array(9).fill('pass'),
      left: [],
    })
    expect(acts.map(({ network, port }) => [network, network === 'own' ? port : 'any'])).toEqual([
      ['own', 8080],
      [undefined, 'any'],
      ['own', 8080],
      ['own', 8080],
    ])
  })

  test('counts what its process said last, however late that is read', async () => {
    const started = await startInOwnNetwork(join(import.meta.dirname, '../fixtures/late-message.ts'), newMarker())
    if ('why' in started) throw new Error(started.why)
    const heard: unknown[] = []
    started.child.on('message', (message) => heard.push(message))
    expect(await started.gone).toContain('it ended with exit code 0')
    expect(heard).toEqual([{ say: 'the last word' }])
  })

  test('has 8080 also where a stranger has it', async () => {
    const stranger = `"$1" -e 'require("node:net").createServer().listen(8080)' & stranger=$!
      until grep -q ":1F90 " /proc/net/tcp6; do sleep 0.02; done; shift; "$@"; code=$?; kill $stranger; exit $code`
    const prefix = [...namespaced(), 'sh', '-c', stranger, 'sh', process.execPath]
    const { exitCode, acts } = await tell(['01'], { prefix })
    expect(exitCode).toBe(0)
    expect(acts.map(({ port }) => port)).toEqual([8080, expect.any(Number), 8080])
    expect(acts.map(({ notes }) => notes.length)).toEqual([0, 1, 0])
  })

  test('has another number where a person asks for it', async () => {
    const asked = await tell(['02', '--port', '80'])
    expect({ verdicts: verdicts(asked.results), port: asked.acts[0]?.port }).toEqual({
      verdicts: ['pass', 'pass', 'pass', 'pass'],
      port: 80,
    })
  })

  test('is told again from a file with the same answers', async () => {
    const again = await lab(['--replay', saved, '--report', 'narrated'], { env: LABS })
    const words = (text: string) =>
      text
        .replaceAll(/, in \d+\.\d s\./g, '')
        .split('\n')
        .filter((line) => !/^Told again|^opened\./.test(line))
    expect(words(again.stdout)).toEqual(words(told.stdout))
    const kept = JSON.parse(readFileSync(saved, 'utf8')) as SavedRun
    expect(kept.labs.flatMap(({ acts }) => acts.map(({ network }) => network ?? 'machine'))).toEqual([
      'own',
      'machine',
      'own',
      'own',
    ])
  })

  test('is told with its network, and with the commands that make it', () => {
    const neighbour = told.stdout.slice(told.stdout.indexOf('02-neighbour'))
    expect(neighbour.replaceAll(/\s+/g, ' ')).toContain('This act has a network of its own')
    expect(neighbour).toContain('neighbour$ ip -o addr')
    const byHand = neighbour.slice(neighbour.indexOf('By hand'))
    expect(byHand).toMatch(/^ {2}A {2}unshare -rn sh -c 'ip link set lo up; echo \$\$; exec sh' # prints PID$/m)
    expect(byHand).toMatch(/^ {2}F {2}ip link add veth0 type veth peer name veth1 netns PID2$/m)
  })

  test('is run by two at once, each on its own 8080', async () => {
    const runs = await Promise.all([tell(['01']), tell(['01'])])
    expect(runs.flatMap(({ results }) => verdicts(results)).filter((verdict) => verdict !== 'pass')).toEqual([])
    expect(runs.flatMap(({ left }) => left)).toEqual([])
  })

  test('has its programs told the same lies as anywhere: the check fails', async () => {
    const loaded = await loadLab('01-own-network', LABS.SOCKET_LABS_FOLDER)
    const options = { jobs: 1, rounds: 1, fault: faultFor('another-port'), signal: new AbortController().signal }
    const seen: Record<string, string | null> = {}
    for await (const event of run([loaded], options)) {
      if (event.type === 'check') seen[event.result.id] = `${event.result.verdict}: ${event.result.observed}`
    }
    expect(seen).toMatchObject({
      'first-client-is-served': 'fail: ECONNREFUSED',
      // That nobody else is there would be right by chance: the server is not where it should be.
      'first-is-alone': 'inconclusive: null',
      'second-client-is-served': 'fail: ECONNREFUSED',
    })
  })
})

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
