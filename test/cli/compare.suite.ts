import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { execa } from 'execa'
import { afterAll, describe, expect, test } from 'vitest'

import type { Comparison } from '../../harness/domain/comparison.ts'
import { lab, PROJECT } from '../lab-command.ts'
import { namespaced, noNamespace } from '../namespace.ts'
import { machine, saved } from '../verify/saved-runs.ts'

const folder = mkdtempSync(join(tmpdir(), 'compare-'))
afterAll(() => rmSync(folder, { recursive: true }))
const file = (name: string) => join(folder, name)

const COMMAND = 'harness/cli/compare.ts'
const compare = (...args: string[]) => lab(args, { command: COMMAND })

const write = (name: string, value: unknown) => {
  writeFileSync(file(name), JSON.stringify(value))
  return file(name)
}
const HERE = write(
  'here.json',
  saved({ '04-x/reached': 'connected', '05-y/alike': 'connected' }, { machine: machine() }),
)
const THERE = write('there.json', saved({ '04-x/reached': 'ECONNREFUSED', '05-y/alike': 'connected' }))

describe('two runs', () => {
  test('that differ: exit code 1, and the rows', async () => {
    const { exitCode, stdout, stderr } = await compare(HERE, THERE)
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: '' })
    expect(stdout).toContain('04   reached  connected  ECONNREFUSED\n')
    expect(stdout).not.toContain('alike')
  })

  test('that do not: exit code 0', async () => {
    const { exitCode, stdout } = await compare(HERE, `again=${HERE}`)
    expect(exitCode).toBe(0)
    expect(stdout).toContain('No answer differs between here and again, of 2 that both observed.')
  })

  test('of which nothing can be compared: exit code 3', async () => {
    const other = write('other.json', saved({ '09-z/other': 'connected' }))
    expect((await compare(HERE, other)).exitCode).toBe(3)
  })

  test('are told in every format that is asked for, each in its file', async () => {
    const asked = [
      '--report=json',
      `--report=markdown=${file('page.md')}`,
      `--report=text=${file('page.txt')}`,
      `--report=html=${file('page.html')}`,
    ]
    const { exitCode, stdout } = await compare(HERE, THERE, '--all', ...asked)
    expect(exitCode).toBe(1)
    expect((JSON.parse(stdout) as Comparison).checks).toHaveLength(2)
    expect(readFileSync(file('page.md'), 'utf8')).toContain('| 05-y | alike | connected | connected |')
    expect(readFileSync(file('page.html'), 'utf8')).toMatch(/^<!doctype html>[^]*ECONNREFUSED[^]*<\/html>\n$/i)
    expect(readFileSync(file('page.txt'), 'utf8')).toContain('05   alike  connected  connected')
  })
})

describe('wrong usage: one line, exit code 2', () => {
  const old = write('old.json', { ...saved({}), version: 1, answers: undefined, machine: undefined })
  mkdirSync(file('folder'))

  test.each([
    ['no run', [], 'two saved runs at least are compared, and none was named'],
    ['one run', [HERE], `two saved runs at least are compared, and only ${HERE} was named`],
    ['a file that is not there', [HERE, file('none.json')], `cannot read ${file('none.json')}: ENOENT`],
    ['a file without answers', [HERE, old], `${old} has no answers to compare with`],
    ['something else', [HERE, join(PROJECT, 'package.json')], 'is no evidence saved by these labs'],
    [
      'an unknown format',
      [HERE, THERE, '--report=junit'],
      "there is no report format 'junit'; there are text, markdown,",
    ],
    ['an unknown option', [HERE, THERE, '--save=x'], 'there is no option --save; there are --all, --report,'],
    ['a report over a run', [HERE, THERE, `--report=json=${THERE}`], `${THERE} is one of the runs`],
    [
      'two reports into one file',
      [HERE, THERE, `--report=json=${file('one')}`, `--report=text=${file('one')}`],
      'two outputs cannot go to one file',
    ],
    [
      'two reports on standard output',
      [HERE, THERE, '--report=json', '--report=markdown'],
      'only one report can go to',
    ],
    ['a report into a folder', [HERE, THERE, `--report=json=${file('folder')}`], 'it is a folder'],
    ['a report nowhere', [HERE, THERE, `--report=json=${file('no/where.json')}`], 'where.json: ENOENT'],
  ])('%s', async (_, args, why) => {
    const { exitCode, stdout, stderr } = await compare(...args)
    expect(stderr).toContain(why)
    expect({ exitCode, stdout, lines: stderr.split('\n').length }).toEqual({ exitCode: 2, stdout: '', lines: 1 })
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([])
  })

  test('options that npm kept for itself', async () => {
    const env = { npm_lifecycle_event: 'compare', npm_config_report: 'json' }
    const { exitCode, stderr } = await lab([HERE, THERE], { command: COMMAND, env })
    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr: expect.stringContaining(
        'npm kept --report for itself; options come after a --: npm run compare',
      ) as string,
    })
  })
})

describe('standard output', () => {
  const inShell = (script: string) =>
    execa(
      'bash',
      ['-c', `set -o pipefail; ${script}`, 'bash', process.execPath, COMMAND, HERE, THERE, file('kept.json')],
      {
        cwd: PROJECT,
        reject: false,
      },
    )

  test('whose reader has gone ends it quietly, as a shell expects', async () => {
    const { stdout, stderr } = await inShell('"$1" "$2" "$3" "$4" | true; echo "${PIPESTATUS[0]}"')
    expect(stderr).toBe('')
    // The reader may go before the text is written, or after.
    expect(['1', '141']).toContain(stdout)
  })

  test('whose reader has gone takes no file with it', async () => {
    const { stderr } = await inShell('"$1" "$2" "$3" "$4" --report "json=$5" | true')
    expect(stderr).toBe('')
    expect((JSON.parse(readFileSync(file('kept.json'), 'utf8')) as Comparison).runs).toHaveLength(2)
  })

  test.skipIf(!existsSync('/dev/full'))('that is full is told, and is no success', async () => {
    const { exitCode, stderr } = await inShell('"$1" "$2" "$3" "$4" > /dev/full')
    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr: 'compare: cannot write to standard output: ENOSPC',
    })
  })
})

test('--help says all options, and needs no run', async () => {
  const { exitCode, stdout } = await compare('--help')
  expect(exitCode).toBe(0)
  for (const word of ['--all', '--report', '--color', 'LABEL', 'Exit codes']) expect(stdout).toContain(word)
})

describe.skipIf(noNamespace !== null)(
  `two networks that differ in a setting${noNamespace === null ? '' : `: ${noNamespace}`}`,
  () => {
    test('differ in the answers that depend on it, and the setting is told beside them', async () => {
      const start = (value: number) => namespaced(`sysctl -qw net.ipv4.ip_unprivileged_port_start=${value}`)
      const [usual, open] = await Promise.all(
        [1024, 0].map(async (value) => {
          const name = file(`start-${value}.json`)
          const { exitCode } = await lab(['04', '15', '--save', name, '--report=brief'], { prefix: start(value) })
          expect(exitCode).toBe(0)
          return name
        }),
      )
      const { exitCode, stdout } = await compare(usual!, open!, '--report=json')
      expect(exitCode).toBe(1)
      const told = JSON.parse(stdout) as Comparison
      const differing = told.checks.filter(({ likeness }) => likeness === 'differs')
      expect(differing.map(({ check }) => check)).toEqual(['program-of-ours-listens-on-a-privileged-port'])
      expect(
        told.checks.filter(({ lab: one }) => one === '04-dual-stack').every(({ likeness }) => likeness === 'same'),
      ).toBe(true)
      expect(told.facts.filter(({ differs }) => differs)).toContainEqual({
        name: 'net.ipv4.ip_unprivileged_port_start',
        differs: true,
        values: ['1024', '0'],
      })
    })
  },
)
