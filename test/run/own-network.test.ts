/**
 * Acts with a network of their own, and a second host: they pass, and leave nothing behind. Where no network can be
 * made, and how acts end: own-network-ends.suite.ts. That an ordinary user has them just so is seen in test/environments.
 */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { beforeAll, describe, expect, test } from 'vitest'

import { OWN_START_MS } from '../../harness/command/patience.ts'
import { loadLab } from '../../harness/catalog/load.ts'
import type { SavedRun } from '../../harness/domain/evidence.ts'
import { newMarker } from '../../harness/process/marker.ts'
import { startInOwnNetwork } from '../../harness/process/own-network.ts'
import { NO_FAULT } from '../../harness/run/cast.ts'
import { Elsewhere } from '../../harness/run/elsewhere.ts'
import { Limits } from '../../harness/run/limits.ts'
import { NetworkProcesses } from '../../harness/run/network-processes.ts'
import { run } from '../../harness/run/run.ts'
import { lab } from '../lab-command.ts'
import { leftoversAfter, newMark } from '../leftovers.ts'
import { faultFor } from '../lies/fault.ts'
import { namespaced, noNamespace } from '../namespace.ts'
import { LABS, read, scratch, skipped, tell, verdicts } from './own-network-runs.ts'

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

  test('leaves its process in a fresh network: lo is up, and nothing is left, not even in TIME-WAIT', async () => {
    const started = await startInOwnNetwork(join(import.meta.dirname, '../fixtures/fresh-network.ts'), newMarker())
    if ('why' in started) throw new Error(started.why)
    const heard = await new Promise((resolve) => started.child.once('message', resolve))
    await started.gone
    expect(heard).toEqual({
      // With a socket open it stays where it is.
      whileOneListens: false,
      stayed: true,
      before: ['TIME-WAIT 8080'],
      afterwards: true,
      isElsewhere: true,
      after: [],
      dialled: 'ECONNREFUSED',
    })
  })

  const limits = new Limits({ labMs: undefined, ownStartMs: OWN_START_MS })

  /** Performs an act, and says how that went, and which process would serve the next one. */
  async function perform(networks: NetworkProcesses, lab: string, act: string) {
    const elsewhere = new Elsewhere({ folder: LABS.SOCKET_LABS_FOLDER, lab, act, requires: [], networks, limits })
    const { signal } = new AbortController()
    const hear = { onStep: () => {}, onProgress: () => {} }
    expect(await elsewhere.whySkipped(signal)).toBe(null)
    const how = { fault: NO_FAULT, full: false, port: 8080, notes: [], signal }
    const { problem } = await elsewhere.perform({ ...how, ...hear })
    const next = networks.take()
    networks.giveBack(next)
    return { isWell: problem === null, next }
  }

  test('is performed by the process that has performed one before, where that went well', async () => {
    const networks = new NetworkProcesses(newMarker(), 1)
    const [one, two] = [
      await perform(networks, '01-own-network', 'first'),
      await perform(networks, '02-neighbour', 'hosts'),
    ]
    // In a process that has served, what nobody catches may be an earlier act's; in the next one it is its own.
    const drops = () => perform(networks, '05-drops-a-promise', 'only')
    await expect(drops()).rejects.toThrow(/had performed another act before, and there was an error that nobody caught/)
    const three = await drops()
    await networks.end(limits.stepMs)
    expect([one, two, three].map(({ isWell }) => isWell)).toEqual([true, true, false])
    expect(two.next).toBe(one.next)
    expect(three.next).not.toBe(one.next)
  })

  test('is to run again where what an earlier act of its process had dropped fails now', async () => {
    const networks = new NetworkProcesses(newMarker(), 1)
    const one = await perform(networks, '07-drops-a-promise-late', 'only')
    expect(one.isWell).toBe(true)
    await expect(perform(networks, '01-own-network', 'first')).rejects.toThrow(/had performed another act before/)
    const two = await perform(networks, '01-own-network', 'first')
    await networks.end(limits.stepMs)
    expect([two.isWell, two.next === one.next]).toEqual([true, false])
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
