import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import type { SavedRun } from '../../harness/domain/evidence.ts'
import { lab, PROJECT, startLab } from '../lab-command.ts'
import { leftoversAfter, newMark } from '../leftovers.ts'
import { namespaced, noNamespace } from '../namespace.ts'

const folder = mkdtempSync(join(tmpdir(), 'verify-'))
afterAll(() => rmSync(folder, { recursive: true }))
const file = (name: string) => join(folder, name)

const COMMAND = 'harness/cli/verify.ts'
const labsIn = (name: string) => ({ SOCKET_LABS_FOLDER: join(PROJECT, 'test/fixtures', name) })
const verify = (args: readonly string[], env: Record<string, string> = {}, prefix: readonly string[] = []) =>
  lab(args, { command: COMMAND, env, prefix })

type Report = {
  counts: Record<string, number>
  labs: { id: string; checks: unknown[] }[]
  machine: { settings: unknown[] } | null
  verification: { shard: string; unsteady: { answers: unknown[] }[]; random: object | null; baseline: object | null }
}
const reported = (text: string) => JSON.parse(text) as Report

const before = file('before.json')
let first: Awaited<ReturnType<typeof lab>>
beforeAll(async () => {
  first = await verify(['--only', '03,05', '--save', before])
})

describe('a run of two labs', () => {
  test('has a row for each, what they come to, and the verdict last', () => {
    expect(first).toMatchObject({ exitCode: 0, stderr: '' })
    expect(first.stdout).toMatch(/^lab +pass +FAIL +noted +skip +inconclusive +time\n03-loopback-addresses +\d/)
    expect(first.stdout).toMatch(/\n05-address-in-use .*\n2 labs .*\n/)
    expect(first.stdout).toMatch(/Of the \d+ claims of the documents that these labs ask/)
    expect(first.stdout).toContain('Theories against labs')
    expect(first.stdout).toMatch(/No surprise\. Sockets behave here as expected\.$/)
    expect(first.stdout).not.toContain('Surprises')
  })

  test('keeps the answers and the machine', () => {
    const saved = JSON.parse(readFileSync(before, 'utf8')) as SavedRun
    expect(saved).toMatchObject({ version: 2, machine: { system: { os: process.platform } } })
    expect(new Set(saved.answers.map((one) => one.lab))).toEqual(
      new Set(['03-loopback-addresses', '05-address-in-use']),
    )
  })

  test('is verified again from the file, without a socket', async () => {
    const again = await verify(['--replay', before, '--report', 'json'])
    expect(again.exitCode).toBe(0)
    const { machine, verification } = reported(again.stdout)
    expect(machine?.settings.length).toBeGreaterThan(0)
    expect(verification).toMatchObject({ shard: null, unsteady: [], random: null, baseline: null })
  })
})

describe('a baseline', () => {
  test('of this very machine has no differences', async () => {
    const { exitCode, stdout } = await verify(['--replay', before, '--baseline', before])
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/No answer differs between before and this run/)
  })

  test('that was saved a moment ago is met by a run of one of its labs', async () => {
    const { exitCode, stdout } = await verify(['--only', '03', '--baseline', before])
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/No surprise\. What was seen is what the baseline has\.$/)
  })

  test('with another answer makes the run fail, and both answers are shown', async () => {
    const saved = JSON.parse(readFileSync(before, 'utf8')) as SavedRun
    const changed = saved.answers.find(({ observed }) => observed !== null)
    Object.assign(changed ?? {}, { observed: 'E-ELSEWHERE', seen: 'It was otherwise.' })
    writeFileSync(file('there.json'), JSON.stringify(saved))
    const { exitCode, stdout } = await verify(['--replay', before, '--baseline', file('there.json')])
    expect(exitCode).toBe(1)
    expect(stdout).toMatch(/1 answer differs between there and this run/)
    expect(stdout).toContain(`FAIL  ${changed?.lab}: ${changed?.check}`)
    expect(stdout).toMatch(/Not as the baseline has it: 1 check failed\.$/)
  })

  test('of other labs decides nothing: exit code 3', async () => {
    const saved = JSON.parse(readFileSync(before, 'utf8')) as SavedRun
    const answers = saved.answers.filter((one) => one.lab.startsWith('05'))
    writeFileSync(file('other.json'), JSON.stringify({ ...saved, answers }))
    const { exitCode } = await verify(['--replay', before, '--only', '03', '--baseline', file('other.json')])
    expect(exitCode).toBe(3)
  })

  test('without answers is refused, with what to do', async () => {
    const saved = JSON.parse(readFileSync(before, 'utf8')) as SavedRun
    const old = { ...saved, version: 1, machine: undefined, answers: undefined }
    writeFileSync(file('old.json'), JSON.stringify(old))
    const { exitCode, stderr } = await verify(['--baseline', file('old.json')])
    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr: `verify: ${file('old.json')} has no answers to compare with; make it anew on that machine: npm run verify -- --save ${file('old.json')}`,
    })
    expect((await verify(['--replay', file('old.json')])).exitCode).toBe(0)
  })
})

describe('parts', () => {
  test('are labelled, and have each lab once between them', async () => {
    const ran = await Promise.all(
      ['1/2', '2/2'].map(async (shard) => {
        const { exitCode, stdout } = await verify(['--replay', before, '--shard', shard, '--report', 'json'])
        expect(exitCode).toBe(0)
        const { labs, verification } = reported(stdout)
        expect(verification.shard).toBe(shard)
        return labs.map(({ id }) => id)
      }),
    )
    expect(ran.flat().toSorted()).toEqual(['03-loopback-addresses', '05-address-in-use'])
    expect(ran.map(({ length }) => length)).toEqual([1, 1])
  })

  test('without a lab check nothing, and say so', async () => {
    const { exitCode, stdout } = await verify(['--shard', '2/2'], labsIn('short'))
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/This is part 2 of 2 of the labs\.[^]*Nothing was checked\.$/)
  })
})

describe('a check that does not always give the same answer', () => {
  test('is unsteady, with its counts, and a failure among them fails the run', async () => {
    const { exitCode, stdout } = await verify(['--repeat', '3', '--jobs', '1'], labsIn('unsteady'))
    expect(exitCode).toBe(1)
    expect(stdout).toMatch(/client-reaches-the-listener:\s+connected\s+2\s+times,\s+ECONNREFUSED\s+once\./)
    expect(stdout).toContain('In 1 of 3 runs.')
    expect(stdout).toMatch(/But was: The client was refused\.[^]*(Probably because|Nothing known explains it)/)
  })
})

test('every format of lab can be had, and a file of each', async () => {
  const formats = ['text', 'narrated', 'brief', 'json', 'ndjson', 'junit', 'tap']
  const reports = formats.flatMap((name) => ['--report', `${name}=${file(name)}`])
  const { exitCode, stdout } = await verify(reports, labsIn('short'))
  expect(exitCode).toBe(0)
  expect(stdout).toMatch(/^lab +pass/)
  const lines = readFileSync(file('ndjson'), 'utf8').trimEnd().split('\n')
  const types = lines.map((line) => (JSON.parse(line) as { type: string }).type)
  expect(types.slice(-3)).toEqual(['machine', 'verified', 'run-end'])
  expect(formats.filter((name) => readFileSync(file(name), 'utf8').length < 100)).toEqual([])
})

test('random sequences are tried when the labs are done', async () => {
  const { exitCode, stdout } = await verify(['--random', '5', '--seed', '7', '--report', 'json'], labsIn('short'))
  expect(exitCode).toBe(0)
  expect(reported(stdout).verification.random).toMatchObject({ seed: 7, sequences: 5, disagreement: null })
})

/** The usual report in a file, and on standard output what happens, as it happens. */
const followed = (name: string) => ['--report', 'ndjson', '--report', `text=${file(name)}`]

test('random sequences that are told to end say how many were tried', async () => {
  const args = ['--random', '1000000', ...followed('random.txt')]
  const running = startLab(args, { command: COMMAND, env: labsIn('short') })
  // It comes when the labs are done: what follows is sequences alone.
  running.stdout.on('data', (line: Buffer) => {
    if (line.toString().includes('"machine"')) setTimeout(() => running.kill('SIGINT'), 1500)
  })
  const { exitCode } = await running
  expect(exitCode).toBe(130)
  expect(readFileSync(file('random.txt'), 'utf8').replaceAll(/\s+/g, ' ')).toMatch(
    /Random sequences came to no result: interrupted by SIGINT; \d+ of 1000000 had been tried\./,
  )
})

test.skipIf(!existsSync('/dev/full'))('a run that finds no room to be kept says so before its verdict', async () => {
  const running = startLab(['--save', '/dev/full'], { command: COMMAND, env: labsIn('short') })
  let told = ''
  running.stderr.on('data', (text: Buffer) => (told += text.toString()))
  running.stdout.on('data', (text: Buffer) => (told += text.toString()))
  expect((await running).exitCode).toBe(2)
  expect(told.indexOf('verify: the run is not kept: cannot write /dev/full: ENOSPC')).toBeGreaterThanOrEqual(0)
  expect(told.indexOf('the run is not kept')).toBeLessThan(told.indexOf('No surprise'))
})

describe('wrong usage is answered with one line that says what is allowed', () => {
  test.concurrent.for([
    [['04'], /it takes no words; --only 04 verifies these labs alone/],
    [['--only', '99'], /there is no lab '99'/],
    [['--only', '04,'], /--only takes labs by name or number, separated by commas/],
    [['--skip', 'nothing-like-it'], /there is no lab 'nothing-like-it'/],
    [['--only', '04', '--skip', '04'], /--skip leaves no lab to run/],
    [['--shard', '0/2'], /--shard takes a part of all labs from 1\/1/],
    [['--shard', '3/2'], /not '3\/2'/],
    [['--shard', 'half'], /not 'half'/],
    [['--repeat', '0'], /--repeat takes a whole number from 1/],
    [['--random', '0'], /--random takes a whole number from 1/],
    [['--seed', '1'], /--seed goes with --random N/],
    [['--baseline', ''], /--baseline needs the name of a file/],
    [['--baseline', '/nonexistent/x.json'], /cannot read \/nonexistent\/x.json: ENOENT/],
    [['--predict'], /there is no option --predict; there are --only, /],
    [['--replay', 'x', '--random', '5'], /--random needs a run/],
    [['--replay', 'x', '--save', 'y'], /--save needs a run/],
    [['--report', 'txt'], /there is no report format 'txt'; there are text, narrated, /],
    [['--report', 'json=/nonexistent/x.json'], /cannot write \/nonexistent\/x.json: ENOENT/],
  ] as const)('%j', async ([args, message]) => {
    const { exitCode, stdout, stderr } = await verify([...args])
    expect({ exitCode, stdout, lines: stderr.split('\n').length }).toEqual({ exitCode: 2, stdout: '', lines: 1 })
    expect(stderr).toMatch(message)
  })

  test('an option that npm kept for itself is named, with the line to type instead', async () => {
    const { exitCode, stderr } = await verify(['04'], { npm_lifecycle_event: 'verify', npm_config_shard: '1/2' })
    expect(exitCode).toBe(2)
    expect(stderr).toContain('npm run verify 04 -- --shard 1/2')
  })
})

test('a signal ends it in order, and nothing stays behind', async () => {
  const mark = newMark()
  const args = ['--only', '04', ...followed('interrupted.txt'), '--save', file('interrupted.json')]
  const running = startLab(args, { ...mark, command: COMMAND })
  let isBegun = false
  running.stdout.on('data', (line: Buffer) => {
    if (!isBegun && line.toString().includes('"step"')) running.kill('SIGINT')
    isBegun ||= line.toString().includes('"step"')
  })
  const { exitCode } = await running
  expect(exitCode).toBe(130)
  const text = readFileSync(file('interrupted.txt'), 'utf8')
  expect(text).toContain('Interrupted by SIGINT')
  expect(text).not.toMatch(/Surprises|No surprise|^lab +pass/)
  expect(await leftoversAfter(mark)).toEqual([])
  expect(existsSync(file('interrupted.json'))).toBe(true)
})

test('a reader that goes away ends it quietly', async () => {
  const running = startLab(['--only', '03,04', '--jobs', '1'], { command: COMMAND })
  running.stdout.once('data', () => running.stdout.destroy())
  const { exitCode, stderr } = await running
  expect({ exitCode, stderr }).toEqual({ exitCode: 141, stderr: '' })
})

describe.skipIf(noNamespace)(`a bare network${noNamespace ? ` (skipped: ${noNamespace})` : ''}`, () => {
  test('without tools on the path skips by name, and fails nothing', async () => {
    const prefix = ['unshare', '-rn', 'env', '-i', 'PATH=/nonexistent']
    const { exitCode, stdout } = await verify(['--only', '03'], {}, prefix)
    expect(stdout).toMatch(/\nSkipped\n/)
    expect(stdout).not.toMatch(/\nSurprises\n/)
    expect(exitCode).toBe(0)
  })

  test('with a setting that changes an answer fails, and names the setting and what to do', async () => {
    const setup = 'sysctl -qw net.ipv4.ip_local_port_range="40000 40001"'
    const { exitCode, stdout } = await verify([], labsIn('diagnosed'), namespaced(setup))
    const text = stdout.replaceAll(/\s+/g, ' ')
    expect(text).toContain('FAIL 01-clients: last-client-is-connected')
    expect(text).toMatch(/Probably because: net\.ipv4\.ip_local_port_range is 40000 40001/)
    expect(text).toContain('What to do: ')
    expect(text).toMatch(/Not as expected: 1 check failed\.$/)
    expect(exitCode).toBe(1)
  })
})
