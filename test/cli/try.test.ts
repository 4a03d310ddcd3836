/** `npm run try` with real sockets: what is told of each step, in words and for programs, and how it ends. */

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

import { describe, expect, test } from 'vitest'

import { THEORY_NAMES } from '../../harness/domain/theory.ts'
import { lab, PROJECT, startLab } from '../lab-command.ts'

const TRY = { command: 'harness/cli/try.ts' }
const isRoot = process.getuid?.() === 0

type Told = {
  port: number
  steps: {
    step: number
    typed: string
    outcome: string | null
    receiver: { step: number; pid: number } | null
    predicted: Record<string, string | null>
    predictedReceivers: Record<string, number[] | null> | null
    evidence: { pid?: number; rows?: unknown[]; skipped?: string; problem?: string; metItself?: boolean }
  }[]
}

async function told(...steps: string[]): Promise<Told['steps']> {
  const { exitCode, stdout, stderr } = await lab(['--json', ...steps], TRY)
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  const { steps: all } = JSON.parse(stdout) as Told
  expect(all.map(({ typed }) => typed)).toEqual(steps)
  for (const { predicted } of all) expect(Object.keys(predicted)).toEqual([...THEORY_NAMES])
  return all
}

/** What happened, as a line for each step. */
const outcomes = (steps: Told['steps']) =>
  steps.map(({ outcome, receiver }) => (receiver ? `${outcome} by ${receiver.step}` : outcome))

const wrong = ({ predicted, outcome }: Told['steps'][number]) =>
  THEORY_NAMES.filter((name) => predicted[name] !== null && predicted[name] !== outcome)

describe('for programs', () => {
  test('each step tells what was predicted and what happened, with its evidence', async () => {
    const steps = await told('tcp 0.0.0.0', 'tcp :: ipv6Only', '-> 127.0.0.1', '-> ::1', 'tcp 127.0.0.1')
    expect(outcomes(steps)).toEqual(['listening', 'listening', 'connected by 1', 'connected by 2', 'EADDRINUSE'])
    expect(steps.map(wrong)).toEqual([[], ['M1', 'M2', 'M3', 'M5'], ['M4'], ['M4'], ['M4']])
    expect(steps[2]?.predictedReceivers).toMatchObject({ M3: [1, 2], M4: [], M6: [1], M8: [1] })
    const pids = steps.map(({ evidence }) => evidence.pid)
    expect(new Set([pids[0], pids[1]]).size).toBe(2)
    expect(steps[2]?.receiver?.pid).toBe(pids[0])
    expect(steps[0]?.evidence.rows).toHaveLength(1)
  })

  test('of several sockets of one process the one that got it is named', async () => {
    const steps = await told(
      'udp 0.0.0.0 reuseAddr',
      'udp 127.0.0.1 reuseAddr in 1',
      '-> 127.0.0.1 udp',
      '-> 127.0.0.2 udp',
      'tcp 127.0.0.1 in 1',
      '-> 127.0.0.1',
    )
    const expected = ['bound', 'bound', 'received by 2', 'received by 1', 'listening', 'connected by 5']
    expect(outcomes(steps)).toEqual(expected)
    expect(new Set(steps.flatMap(({ receiver, evidence }) => receiver?.pid ?? evidence.pid ?? [])).size).toBe(1)
    expect(wrong(steps[1] as Told['steps'][number])).not.toContain('M8')
  })

  test('what is closed or killed gets nothing more; a closed one leaves its process', async () => {
    const steps = await told(
      'tcp 127.0.0.1',
      'udp 127.0.0.1 in 1',
      'close 1',
      '-> 127.0.0.1',
      '-> 127.0.0.1 udp',
      'tcp 127.0.0.1 bound in 1',
      '-> 127.0.0.1',
      'kill 1',
      '-> 127.0.0.1 udp',
    )
    const ofFirstFive = ['listening', 'bound', 'closed', 'ECONNREFUSED', 'received by 2']
    expect(outcomes(steps)).toEqual([...ofFirstFive, 'bound', 'ECONNREFUSED', 'closed', 'ECONNREFUSED'])
    expect(steps[2]?.evidence.rows).toEqual([])
    expect(steps[2]?.predicted['M8']).toBeNull()
  })

  test('a client may choose its own end, and then meets itself where nobody else is', async () => {
    const { stdout } = await lab(
      ['--json', '--port', '7447', '-> 127.0.0.1 from 127.0.0.1:7447', '-> 127.0.0.1 udp from 127.0.0.1:7447'],
      TRY,
    )
    const { steps } = JSON.parse(stdout) as Told
    expect(outcomes(steps)).toEqual(['connected', 'received'])
    expect(steps.map(({ evidence }) => evidence.metItself)).toEqual([true, true])
  })

  test.runIf(isRoot)('another user is another user to SO_REUSEPORT, as M8 alone knows', async () => {
    const steps = await told('tcp 127.0.0.1 reusePort', 'tcp 127.0.0.1 reusePort as nobody', 'tcp 127.0.0.1 reusePort')
    expect(outcomes(steps)).toEqual(['listening', 'EADDRINUSE', 'listening'])
    expect(wrong(steps[1] as Told['steps'][number])).toEqual(['M3', 'M4', 'M5', 'M6', 'M7'])
  })

  test('a step that this user cannot do is skipped by name, and the others go on', async () => {
    const { exitCode, stdout } = await lab(['--json', 'tcp :: as no-such-user', 'close 1', 'tcp 127.0.0.1'], TRY)
    const { steps } = JSON.parse(stdout) as Told
    expect(outcomes(steps)).toEqual([null, null, 'listening'])
    expect(steps[0]?.evidence.skipped).toContain('no user no-such-user')
    expect(steps[1]?.evidence.skipped).toContain('step 1 was not done')
    expect(exitCode).toBe(0)
  })

  test('a step that comes to nothing is not observed, and says so in the exit code', async () => {
    const { exitCode, stdout } = await lab(['--json', 'tcp 127.0.0.1', 'tcp 127.0.0.1', 'close 2', '-> 127.0.0.1'], TRY)
    const { steps } = JSON.parse(stdout) as Told
    expect(outcomes(steps)).toEqual(['listening', 'EADDRINUSE', null, 'connected by 1'])
    expect(steps[2]?.evidence.problem).toContain('the system answered EADDRINUSE')
    expect(exitCode).toBe(3)
  })
})

describe('for a reader', () => {
  test('every step has its sentence, and says where theories were wrong', async () => {
    const { exitCode, stdout } = await lab(['tcp 0.0.0.0', 'tcp :: ipv6Only', '-> 127.0.0.1'], TRY)
    expect(exitCode).toBe(0)
    const text = stdout.replaceAll(/\d{4,}/g, 'N').replaceAll(/\s+/g, ' ')
    expect(text).toContain('1 tcp 0.0.0.0 Process N listens on TCP 0.0.0.0:N. M1 to M8 had said so.')
    expect(text).toContain('M1 to M3 and M5 said that a socket may not listen on TCP [::]:N with ipv6Only; it may.')
    expect(text).toContain('3 -> 127.0.0.1 The socket of step 1 gets it: process N accepted the client.')
    expect(stdout).toMatch(/^ 2 {2}tcp :: ipv6Only +x {3}x {3}x {3}o {3}x {3}o {3}o {3}o$/m)
    expect(text).toContain('M4, keyed by address and port: Each address has its own ports')
  })

  test('a step of which no theory speaks says so', async () => {
    const steps = ['tcp 127.0.0.1', 'kill 1', '-> ::1 from ::ffff:127.0.0.1', '-> 127.0.0.1 from 127.0.0.1:7465']
    const { exitCode, stdout } = await lab(['--port', '7465', ...steps], TRY)
    const text = stdout.replaceAll(/\s+/g, ' ')
    expect(exitCode).toBe(0)
    expect(text).toContain('its sockets with it. No theory speaks of an end.')
    expect(text).toMatch(/3 -> ::1 from ::ffff:127\.0\.0\.1 .* No theory speaks of E[A-Z]+ here\./)
    expect(text).toContain('that makes a connection. No theory speaks of it.')
  })

  test('M8 foretells what an address can be bound for, and where a wildcard address leads', async () => {
    const steps = ['tcp 224.0.0.1', 'tcp ff05::1', 'tcp 127.0.0.2', '-> 0.0.0.0 from 127.0.0.2', '-> 0.0.0.0']
    const all = await told(...steps, '-> 127.0.0.1 from 192.0.2.77')
    const errors = ['EINVAL', 'listening', 'connected by 3', 'ECONNREFUSED', 'EADDRNOTAVAIL']
    expect(outcomes(all)).toEqual(['listening', ...errors])
    expect(all.map(({ predicted }) => predicted['M8'])).toEqual(all.map(({ outcome }) => outcome))
  })

  test('a mistake is explained with its place and the grammar, before anything is opened', async () => {
    const { exitCode, stdout, stderr } = await lab(['tcp 0.0.0.0', 'tcp :: ipv6only'], TRY)
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr).toContain("try: step 2: 'ipv6only' means nothing here; did you mean ipv6Only?")
    expect(stderr).toContain('\n         ^^^^^^^^\n')
    expect(stderr).toContain('-> ADDRESS [udp] [from ADDRESS[:PORT]]')
  })

  test('without a step and without a terminal there is one line of usage', async () => {
    const { exitCode, stdout, stderr } = await lab([], TRY)
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr).toMatch(/^try: it needs steps, .*$/)
  })

  test('help tells all', async () => {
    const { exitCode, stdout } = await lab(['--help'], TRY)
    expect(exitCode).toBe(0)
    expect(stdout).toContain('--as-lab NAME')
  })
})

test('a signal ends it in order, and with it every process that it started', async () => {
  const run = startLab(['--port', '7449', 'tcp 127.0.0.1', ...Array<string>(40).fill('-> 127.0.0.1')], TRY)
  let text = ''
  run.stdout.on('data', (piece: Buffer) => {
    text += piece.toString()
    if (text.includes('listens on')) run.kill('SIGTERM')
  })
  const { exitCode } = await run
  expect(exitCode).toBe(143)
  const pid = Number(/Process (\d+) listens/.exec(text)?.[1])
  expect(text).toContain('interrupted by SIGTERM')
  expect(await isGone(pid)).toBe(true)
})

test('when it is killed, its processes are ended all the same', async () => {
  const run = startLab(['--port', '7451', 'tcp 127.0.0.1', ...Array<string>(40).fill('-> 127.0.0.1')], TRY)
  let text = ''
  run.stdout.on('data', (piece: Buffer) => {
    text += piece.toString()
    if (text.includes('listens on')) run.kill('SIGKILL')
  })
  await run
  expect(await isGone(Number(/Process (\d+) listens/.exec(text)?.[1]))).toBe(true)
})

test('a process that is ended from outside is noticed, and refutes nobody', async () => {
  const arrivals = Array<string>(8).fill('-> 127.0.0.1')
  const run = startLab(['--port', '7463', 'tcp 127.0.0.1', ...arrivals, 'tcp ::1 in 1', 'tcp 127.0.0.1'], TRY)
  let text = ''
  let killed = false
  run.stdout.on('data', (piece: Buffer) => {
    text += piece.toString()
    const pid = Number(/Process (\d+) listens/.exec(text)?.[1])
    if (pid > 0 && !killed) killed = process.kill(pid, 'SIGKILL')
  })
  const { exitCode } = await run
  const words = text.replaceAll(/\s+/g, ' ')
  expect(exitCode).toBe(3)
  expect(words).toMatch(/Process \d+ of step 1 was ended from outside, by SIGKILL, and its sockets with it\./)
  expect(words).toMatch(/tcp ::1 in 1 Not observed: process \d+ of step 1 has ended already\./)
  expect(words).toMatch(/11 tcp 127\.0\.0\.1 Process \d+ listens on/)
  expect(words).not.toContain('surprise')
})

async function isGone(pid: number): Promise<boolean> {
  const isThere = () => readdirSync('/proc').includes(String(pid)) && readFileSync(`/proc/${pid}/cmdline`).length > 0
  for (let look = 0; look < 200 && isThere(); look++) await delay(20)
  return !isThere()
}

test('it prints what the README shows of it', async () => {
  const readme = readFileSync(join(PROJECT, 'README.md'), 'utf8')
  const [, block = ''] = /\$ npm run try -- 'tcp 0\.0\.0\.0'.*\n([^`]*)```/.exec(readme) ?? []
  expect(block).not.toBe('')
  // A port of its own: where 8080 is taken, it says so, and the page does not.
  const { stdout } = await lab(['--port', '7453', 'tcp 0.0.0.0', 'tcp :: ipv6Only', '-> 127.0.0.1'], TRY)
  // Numbers differ from run to run, and lines break elsewhere when a number has fewer digits.
  const plain = (text: string) =>
    text
      .replaceAll(/\s+/g, ' ')
      .replaceAll(/([Pp]rocess) (\d+|\[PID\])/g, '$1 N')
      .replaceAll(/(:|port )\d{4,5}/g, '$1N')
  expect(plain(stdout)).toContain(plain(block).trim())
})
